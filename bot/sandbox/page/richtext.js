// The rich_text block as DOM nodes; whatever a person typed there is inert text.

import { dateIn } from "./clock.js";
import { h, link } from "./dom.js";
import { emojiNamed } from "./emoji.js";
import { broadcast, mention } from "./mrkdwn.js";

const TAGS = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

export const richText = (block, nameOf) =>
  h("div", { class: "rich" }, (block.elements ?? []).map((part) => partOf(part, nameOf)));

function partOf(part, nameOf) {
  const words = () => (part.elements ?? []).map((element) => spanOf(element, nameOf));
  if (part.type === "rich_text_list") return listOf(part, nameOf);
  if (part.type === "rich_text_preformatted") return h("pre", {}, words());
  if (part.type === "rich_text_quote") return h("blockquote", {}, words());
  return h("div", { class: "rich-section" }, words());
}

function listOf(part, nameOf) {
  const ordered = part.style === "ordered";
  const list = h(ordered ? "ol" : "ul", { start: ordered && part.offset ? part.offset + 1 : null });
  list.style.setProperty("--indent", part.indent ?? 0);
  list.append(...(part.elements ?? []).map((item) => h("li", {}, partOf(item, nameOf))));
  return list;
}

const SPANS = {
  text: (element) => document.createTextNode(element.text ?? ""),
  link: (element) => link(element.url, element.text || element.url),
  emoji: (element) => document.createTextNode(emojiNamed(element.name) ?? `:${element.name}:`),
  user: (element, nameOf) => mention(`@${nameOf(element.user_id) ?? element.user_id}`),
  usergroup: () => mention("@a user group"),
  channel: (element) => mention(`#${element.channel_id}`),
  broadcast: (element) => broadcast(element.range),
  date: (element) => h("time", {}, dateIn(element.format, element.timestamp) || element.fallback || ""),
  color: (element) => h("code", {}, element.value ?? ""),
};

function spanOf(element, nameOf) {
  const build = Object.hasOwn(SPANS, element.type) ? SPANS[element.type] : SPANS.text;
  const wanted = Object.entries(TAGS).filter(([style]) => element.style?.[style]);
  return wanted.reduce((node, [, tag]) => h(tag, {}, node), build(element, nameOf));
}

/** What someone typed, as rich_text_input tells of it; null for nothing. */
export const inRichText = (text) => text
  ? { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] }
  : null;

/** The words alone of rich text, to be edited. */
export const wordsOf = (rich) => (rich?.elements ?? []).map((part) =>
  (part.elements ?? []).map((element) => element.text ?? wordsOf(element)).join("")).join("\n");
