// What a person has picked or typed, per message or view, until that message changes.

export class Picks {
  #kept = new Map();

  of(key) {
    if (!this.#kept.has(key)) this.#kept.set(key, {});
    return this.#kept.get(key);
  }

  set(key, block, action, selected) {
    (this.of(key)[block] ??= {})[action] = selected;
  }

  get(key, block, action) {
    return this.of(key)[block]?.[action];
  }

  /** What the stand-in already knows of a view ({block_id: {action_id: held}}), unless the person has gone on since. */
  seed(key, values) {
    if (!this.#kept.has(key)) this.#kept.set(key, structuredClone(values ?? {}));
  }

  forget(key) {
    this.#kept.delete(key);
  }

  /** Keeps only what the new blocks still ask for: Slack's rule for a view that was updated. */
  keepOnly(key, blocks) {
    const kept = {};
    for (const { block, element } of statefulIn(blocks)) {
      const selected = this.get(key, block.block_id, element.action_id);
      if (selected !== undefined) (kept[block.block_id] ??= {})[element.action_id] = selected;
    }
    this.#kept.set(key, kept);
  }
}

const valueOf = (option) => option?.value ?? null;
const one = (option) => (option ? [valueOf(option)] : []);

// What each kind of element holds before anyone touched it.
const INITIAL = {
  radio_buttons: (element) => one(element.initial_option),
  static_select: (element) => one(element.initial_option),
  checkboxes: (element) => (element.initial_options ?? []).map(valueOf),
  datepicker: (element) => element.initial_date ?? null,
  timepicker: (element) => element.initial_time ?? null,
  datetimepicker: (element) => element.initial_date_time ?? null,
  users_select: (element) => element.initial_user ?? null,
  conversations_select: (element) => element.initial_conversation ?? null,
  multi_static_select: (element) => (element.initial_options ?? []).map(valueOf),
  multi_users_select: (element) => element.initial_users ?? [],
  multi_conversations_select: (element) => element.initial_conversations ?? [],
  rich_text_input: (element) => element.initial_value ?? null,
  plain_text_input: (element) => element.initial_value ?? null,
  email_text_input: (element) => element.initial_value ?? null,
  url_text_input: (element) => element.initial_value ?? null,
  number_input: (element) => element.initial_value ?? null,
};

export const isStateful = (element) => Object.hasOwn(INITIAL, element?.type);

/** What the element holds now: a list where there can be options or several; else a string, Unix seconds, rich text or null. */
export const heldBy = (picks, key, block, element) =>
  picks.get(key, block.block_id, element.action_id) ?? INITIAL[element.type](element);

export function* elementsIn(blocks) {
  for (const block of blocks ?? []) {
    const elements = block.type === "actions" ? block.elements ?? [] : [block.accessory, block.element];
    for (const element of elements) if (element) yield { block, element };
  }
}

function* statefulIn(blocks) {
  for (const found of elementsIn(blocks)) if (isStateful(found.element)) yield found;
}

/** {block_id: {action_id: held}} for all that can hold something. */
export function stateOf(blocks, picks, key) {
  const state = {};
  for (const { block, element } of statefulIn(blocks)) {
    (state[block.block_id] ??= {})[element.action_id] = heldBy(picks, key, block, element);
  }
  return state;
}

/** {block_id: sentence} for what is required and empty, or too short. */
export function missingIn(blocks, picks, key) {
  const missing = {};
  for (const { block, element } of statefulIn(blocks)) {
    const complaint = block.type === "input" && complaintOf(block, element, heldBy(picks, key, block, element));
    if (complaint) missing[block.block_id] = complaint;
  }
  return missing;
}

function complaintOf(block, element, held) {
  if (held === null || held.length === 0) return block.optional ? null : "Please fill this in.";
  return held.length < (element.min_length ?? 0) ? `Please write at least ${element.min_length} characters.` : null;
}
