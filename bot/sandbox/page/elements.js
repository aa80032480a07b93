// Draws the interactive elements of Block Kit. Choices tell the scene what is held now; buttons press.

import { secondsAt, wallAt } from "./clock.js";
import { focusKey, freshId, h, safeAddress } from "./dom.js";
import { inRichText, wordsOf } from "./richtext.js";
import { overflow } from "./overflow.js";
import { plainWords, textNodes } from "./text.js";

const typed = (type, attributes = {}) => (place) => field(place, h("input", { type, ...attributes }));

const CONTROLS = {
  button,
  overflow,
  radio_buttons: (place) => choices(place, "radio", place.element.options),
  checkboxes: (place) => choices(place, "checkbox", place.element.options),
  static_select: (place) => select(place, optionsOf(place.element), true),
  users_select: (place) => select(place, named(place.scene.people()), false),
  conversations_select: (place) => select(place, named(place.scene.conversations()), false),
  multi_static_select: (place) => choices(place, "checkbox", allOptions(place.element)),
  multi_users_select: (place) => choices(place, "checkbox", people(place.scene.people())),
  multi_conversations_select: (place) => choices(place, "checkbox", people(place.scene.conversations())),
  datepicker: typed("date"),
  timepicker: typed("time"),
  datetimepicker: moment,
  plain_text_input: textInput,
  rich_text_input: richInput,
  email_text_input: typed("email"),
  url_text_input: typed("url"),
  number_input: typed("text", { inputmode: "decimal" }),
};

/** The control for place = {block, element, scene, labelledBy, describedBy?, inInput?}. */
export function control(place) {
  const { type } = place.element;
  if (Object.hasOwn(CONTROLS, type)) return CONTROLS[type](place);
  return h("span", { class: "unknown" }, `(This stand-in can't show a “${type}”.)`);
}

function button(place) {
  const { element, scene } = place;
  const href = element.url && safeAddress(element.url);
  return h(href ? "a" : "button", {
    type: href ? null : "button", href, target: href ? "_blank" : null, rel: href ? "noopener noreferrer" : null,
    class: `button ${["primary", "danger"].includes(element.style) ? element.style : ""}`,
    "aria-label": element.accessibility_label,
    data: { focus: focusKey(place), action: element.action_id ?? "" },
    on: { click: (event) => scene.press(place, event.currentTarget, { value: element.value }) },
  }, plainWords(element.text));
}

/** Choices one below the other; of many to select from, in a box that scrolls, and no more than may be selected. */
function choices(place, type, options) {
  const { element, scene } = place;
  const [name, most] = [freshId("choice"), element.max_selected_items ?? Infinity];
  const group = h("div", {
    class: element.type.startsWith("multi_") ? "choices many" : "choices", role: type === "radio" ? "radiogroup" : "group",
    "aria-labelledby": place.labelledBy, "aria-describedby": place.describedBy, data: { action: element.action_id ?? "" },
  });
  const held = () => [...group.querySelectorAll("input:checked")].map((input) => input.value);
  const inputs = () => [...group.querySelectorAll("input")];
  const limit = () => inputs().forEach((input) => { input.disabled = !input.checked && held().length >= most; });
  const show = (values) => {
    inputs().forEach((input) => { input.checked = (values ?? []).includes(input.value); });
    if (type === "checkbox") limit();
  };
  const changed = () => {
    if (type === "checkbox") limit();
    return scene.pick(place, group, held(), show);
  };
  group.append(...(options ?? []).map((option) => choice(place, option, { type, name, changed })));
  show(scene.held(place));
  return group;
}

function choice(place, option, { type, name, changed }) {
  const nameOf = place.scene.nameOf;
  const described = option.description && freshId("about");
  return h("label", { class: "choice" },
    h("input", {
      type, name, value: option.value, "aria-describedby": described,
      data: { focus: focusKey(place, option.value) }, on: { change: changed },
    }),
    h("span", {},
      h("span", { class: "words" }, textNodes(option.text, nameOf)),
      option.description && h("span", { class: "small about", id: described }, textNodes(option.description, nameOf))));
}

/** A native menu. `inList`: what is held is a list of one option's value, as for static selects. */
function select(place, options, inList) {
  const node = h("select", {}, h("option", { value: "" }, plainWords(place.element.placeholder) || "Choose…"), options);
  const wrap = (value) => (inList ? (value ? [value] : []) : value || null);
  const show = (held) => { node.value = (inList ? held?.[0] : held) ?? ""; };
  return outfit(place, node, () => wrap(node.value), show);
}

const named = (things) => things.map(({ id, name }) => h("option", { value: id }, name));

const people = (things) => things.map(({ id, name }) => ({ value: id, text: { type: "plain_text", text: name } }));

const allOptions = (element) => element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);

function optionsOf(element) {
  const words = ({ text, description }) => [plainWords(text), description && plainWords(description)].filter(Boolean).join(" · ");
  const option = (one) => h("option", { value: one.value }, words(one));
  if (!element.option_groups) return (element.options ?? []).map(option);
  return element.option_groups.map((group) =>
    h("optgroup", { label: plainWords(group.label) }, group.options.map(option)));
}

/** A moment, picked as the time on the reader's own wall and held in Unix seconds. */
function moment(place) {
  const node = h("input", { type: "datetime-local" });
  return outfit(place, node, () => secondsAt(node.value), (held) => { node.value = wallAt(held); });
}

function richInput(place) {
  const node = h("textarea", { rows: 4 });
  if (place.element.placeholder) node.placeholder = plainWords(place.element.placeholder);
  return outfit(place, node, () => inRichText(node.value), (held) => { node.value = wordsOf(held); });
}

function textInput(place) {
  const { element } = place;
  return field(place, element.multiline ? h("textarea", { rows: 4 }) : h("input", { type: "text", autocomplete: "off" }));
}

function field(place, node) {
  const { element } = place;
  if (element.placeholder) node.placeholder = plainWords(element.placeholder);
  if (element.max_length) node.maxLength = element.max_length;
  return outfit(place, node, () => node.value || null, (held) => { node.value = held ?? ""; });
}

/** Gives a native control its names and lets it tell the scene: on each key what is held, on change that it was picked. */
function outfit(place, node, held, show) {
  const { block, element, scene } = place;
  node.id = freshId("control");
  Object.assign(node.dataset, { focus: focusKey(place), action: element.action_id ?? "" });
  if (!place.inInput && place.labelledBy) node.setAttribute("aria-labelledby", place.labelledBy);
  else if (!place.inInput) node.setAttribute("aria-label", plainWords(element.placeholder) || element.type);
  if (place.describedBy) node.setAttribute("aria-describedby", place.describedBy);
  if (place.inInput && !block.optional) node.setAttribute("aria-required", "true");
  if (element.focus_on_load) node.setAttribute("autofocus", "");
  if (node.tagName !== "SELECT") node.addEventListener("input", () => scene.keep(place, held()));
  node.addEventListener("change", () => scene.pick(place, node, held(), show));
  show(scene.held(place));
  return node;
}
