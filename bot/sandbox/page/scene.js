// A scene is where blocks stand (a message, the Home tab, a modal) and carries out what a person does to them.

import { api } from "./api.js";
import { confirmed } from "./confirm.js";
import { h, toast } from "./dom.js";
import { heldBy, isStateful, stateOf } from "./picks.js";

export const picksKey = (person, container) =>
  [person, container.container, container.channel, container.ts, container.view_id].join("/");

export class Scene {
  /** `container`: {container: "message", channel, ts} or {container: "home" | "modal", view_id}; `world`: see world.js. */
  constructor(world, person, container, blocks, root) {
    Object.assign(this, { world, person, container, blocks, root });
    this.key = container.container === "home" ? `${person}/home` : picksKey(person, container);
    this.nameOf = (id) => world.nameOf(id);
  }

  people() {
    return this.world.people();
  }

  conversations() {
    return this.world.conversations;
  }

  held({ block, element }) {
    return isStateful(element) ? heldBy(this.world.picks, this.key, block, element) : null;
  }

  keep({ block, element }, selected) {
    this.world.picks.set(this.key, block.block_id, element.action_id, selected);
  }

  state() {
    return stateOf(this.blocks, this.world.picks, this.key);
  }

  /** Someone picked: kept at once; told to the app unless it is an input that waits for its form. */
  async pick(place, node, selected, show) {
    const before = this.held(place);
    if (place.inInput && !place.block.dispatch_action) return this.keep(place, selected);
    if (!(await confirmed(place.element.confirm, this.nameOf, place.element))) return show(before);
    this.keep(place, selected);
    return this.#tell(place, node, { selected });
  }

  /** Someone pressed a button; a second press while the first is under way does nothing. */
  async press(place, node, what) {
    if (node.getAttribute("aria-busy") === "true") return;
    if (await confirmed(place.element.confirm, this.nameOf, place.element)) await this.#tell(place, node, what);
  }

  async #tell({ block, element }, node, what) {
    busy(node, true);
    const told = { ...this.container, block_id: block.block_id, action_id: element.action_id, ...what, state: this.state() };
    const act = () => api.act(this.person, told);
    const sentence = await this.world.inTurn(this.key, act).then(complaint, (error) => error.message);
    busy(node, false);
    this.#complain(block.block_id, sentence);
    this.world.refresh();
  }

  #complain(block, sentence) {
    const root = this.root();
    const near = root?.querySelector(`[data-block="${CSS.escape(block)}"]`);
    near?.querySelector(":scope > .outcome")?.remove();
    if (!sentence) return;
    if (near) near.append(h("p", { class: "slip outcome", role: "alert" }, `⚠ ${sentence}`));
    else toast(sentence);
  }
}

function busy(node, is) {
  if (is) node.setAttribute("aria-busy", "true");
  else node.removeAttribute("aria-busy");
}

/** What a person should hear of an answer that isn't simply «ok»; null if all is well. */
export function complaint({ ok, acked, error, status }) {
  if (error) return error;
  if (acked === false) return "The app didn't answer within 3 seconds.";
  if (ok === false) return `The app could not take that${status ? ` (it answered ${status})` : ""}.`;
  return null;
}
