// The messages of one conversation. A message that did not change keeps its node, and with it focus and picks.

import { avatar } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { dayOf, timeOf } from "./clock.js";
import { byId, h, keepingFocus } from "./dom.js";
import { fileNode } from "./files.js";
import { mrkdwn } from "./mrkdwn.js";
import { Scene, picksKey } from "./scene.js";

const NEAR = 48; // pixels from the bottom that still count as «at the bottom»

export class Thread {
  #drawn = new Map();
  #place = null;
  #stuck = true;

  constructor(world) {
    this.world = world;
    this.scroll = byId("scroll");
    this.list = byId("messages");
    this.scroll.addEventListener("scroll", () => this.#scrolled());
    const resized = new ResizeObserver(() => this.#stuck && this.toBottom());
    [this.list, this.scroll].forEach((node) => resized.observe(node));
    byId("newer").addEventListener("click", () => { this.toBottom(); this.scroll.focus(); });
  }

  toBottom() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  #scrolled() {
    this.#stuck = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR;
    if (this.#stuck) byId("newer").hidden = true;
  }

  /** Shows `messages` (oldest first) as `person` sees them in `channel`. */
  show(person, channel, messages) {
    const place = `${person.id}/${channel}`;
    const entered = place !== this.#place;
    if (entered) this.#enter(place);
    const before = new Set(this.#drawn.keys());
    keepingFocus(this.list, () => this.#reconcile(this.#nodesOf(person, channel, messages)), () => this.#focusTarget);
    const fresh = entered ? [] : messages.filter((message) => !before.has(keyOf(message)) && message.user !== person.id);
    this.#tellOf(fresh);
    byId("no-messages").hidden = messages.length > 0;
    if (this.#stuck) this.toBottom();
  }

  #enter(place) {
    this.#place = place;
    this.#drawn.clear();
    this.list.replaceChildren();
    this.#stuck = true;
    byId("newer").hidden = true;
  }

  get #focusTarget() {
    return this.replaced?.isConnected ? this.replaced : this.scroll;
  }

  #nodesOf(person, channel, messages) {
    const drawn = new Map();
    const nodes = [];
    let day = null;
    for (const message of messages) {
      const today = dayOf(message.at, person.tz);
      if (today !== day) nodes.push(this.#dayNode(today, drawn));
      day = today;
      const key = keyOf(message);
      drawn.set(key, this.#nodeOf(person, channel, message, key));
      nodes.push(drawn.get(key).node);
    }
    this.#drawn = drawn;
    return nodes;
  }

  #dayNode(day, drawn) {
    const key = `day ${day}`;
    drawn.set(key, this.#drawn.get(key) ?? { node: h("li", { class: "day" }, h("span", {}, day)) });
    return drawn.get(key).node;
  }

  #nodeOf(person, channel, message, key) {
    const sign = JSON.stringify(message);
    const old = this.#drawn.get(key);
    if (old?.sign === sign) return old;
    const container = { container: "message", channel, ts: message.ts };
    if (old) this.world.picks.forget(picksKey(person.id, container));
    const root = () => this.#drawn.get(key)?.node;
    const scene = new Scene(this.world, person.id, container, message.blocks, root);
    const node = drawMessage(message, person, scene);
    if (old?.node.contains(document.activeElement)) this.replaced = node;
    return { sign, node };
  }

  /** Puts the nodes in order while moving as few as it can: a moved node would lose its focus. */
  #reconcile(nodes) {
    const wanted = new Set(nodes);
    [...this.list.children].filter((node) => !wanted.has(node)).forEach((node) => node.remove());
    nodes.forEach((node, at) => {
      if (this.list.children[at] !== node) this.list.insertBefore(node, this.list.children[at] ?? null);
    });
  }

  #tellOf(fresh) {
    if (!fresh.length) return;
    if (!this.#stuck) byId("newer").hidden = false;
    const words = h("p", {}, mrkdwn(fresh.at(-1).text, this.world.nameOf.bind(this.world))).textContent;
    byId("announce").textContent = `New message from ${this.world.nameOf(fresh.at(-1).user) ?? "someone"}: ${words.slice(0, 300)}`;
  }
}

const keyOf = (message) => `${message.ts}${message.ephemeral ? " ephemeral" : ""}`;

function drawMessage(message, person, scene) {
  const { world } = scene;
  const name = world.nameOf(message.user) ?? message.user;
  return h("li", { class: message.ephemeral ? "message ephemeral" : "message", tabindex: "-1", data: { ts: message.ts } },
    avatar(world, message.user),
    h("div", { class: "message-body" },
      message.ephemeral && h("p", { class: "small only-you" }, "Only visible to you"),
      h("p", { class: "message-head" },
        h("strong", {}, name), world.isApp(message.user) && h("span", { class: "tag" }, "App"),
        message.user === person.id && h("span", { class: "small" }, "you"),
        h("time", { datetime: message.at, class: "small" }, timeOf(message.at, person.tz))),
      contentOf(message, scene),
      message.edited && !message.deleted && h("p", { class: "small" }, "(edited)")));
}

function contentOf(message, scene) {
  if (message.deleted) return h("p", { class: "small" }, "This message was deleted.");
  const words = message.text ? [h("div", { class: "words" }, mrkdwn(message.text, scene.nameOf))] : []; // a file may come alone
  const blocks = message.blocks?.length ? drawBlocks(message.blocks, scene) : words;
  return [...blocks, ...(message.files ?? []).map(fileNode)];
}
