// The `markdown` block: the part of Markdown that a lesson uses, as DOM nodes.

import { h, link } from "./dom.js";
import { withEmoji } from "./emoji.js";

const SPAN = new RegExp([
  /\\([\\`*_{}[\]()#+.!>~|-])/, /`([^`\n]+)`/, /\*\*(?=\S)([^*\n]*[^\s*])\*\*/, /__(?=\S)([^_\n]*[^\s_])__/,
  /~~(?=\S)([^~\n]*[^\s~])~~/, /\*(?=\S)([^*\n]*[^\s*])\*/, /\b_(?=\S)([^_\n]*[^\s_])_\b/, /\[([^\]\n]+)\]\(([^)\s]+)\)/,
].map((pattern) => pattern.source).join("|"), "g");

/** Nodes for inline Markdown. */
function spans(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(SPAN)) {
    nodes.push(withEmoji(text.slice(at, match.index)), spanOf(match));
    at = match.index + match[0].length;
  }
  return [...nodes, withEmoji(text.slice(at))];
}

function spanOf([, escaped, code, strong, strong2, strike, em, em2, label, address]) {
  if (escaped !== undefined) return escaped;
  if (code !== undefined) return h("code", {}, code);
  if (strong ?? strong2) return h("strong", {}, spans(strong ?? strong2));
  if (strike) return h("s", {}, spans(strike));
  if (em ?? em2) return h("em", {}, spans(em ?? em2));
  return link(address, ...spans(label));
}

const KINDS = [
  ["pre", /^```/],
  ["heading", /^(#{1,6})\s+(.*)$/],
  ["rule", /^\s*([-*_])(?:\s*\1){2,}\s*$/],
  ["quote", /^>\s?(.*)$/],
  ["bullet", /^\s*[-*+]\s+(.*)$/],
  ["number", /^\s*\d+[.)]\s+(.*)$/],
  ["blank", /^\s*$/],
];

function kindOf(line) {
  for (const [kind, pattern] of KINDS) {
    const match = line.match(pattern);
    if (match) return { kind, words: kind === "heading" ? match[2] : match[1] ?? "" };
  }
  return { kind: "words", words: line };
}

/** Nodes for a Markdown text: neighbouring lines of one kind belong together. */
export function markdown(text) {
  const runs = [];
  let fenced = false;
  for (const line of String(text ?? "").split("\n")) {
    const found = fenced && !line.startsWith("```") ? { kind: "code", words: line } : kindOf(line);
    if (found.kind === "pre") {
      fenced = !fenced;
      if (fenced) runs.push({ kind: "code", lines: [] });
    } else if (runs.at(-1)?.kind === found.kind && !["heading", "rule"].includes(found.kind)) runs.at(-1).lines.push(found.words);
    else runs.push({ kind: found.kind, lines: [found.words] });
  }
  return h("div", { class: "rich" }, runs.map(runOf));
}

const items = (lines) => lines.map((line) => h("li", {}, spans(line)));

function runOf({ kind, lines }) {
  switch (kind) {
    case "code": return h("pre", {}, lines.join("\n"));
    case "heading": return h("h3", {}, spans(lines[0]));
    case "rule": return h("hr");
    case "quote": return h("blockquote", {}, spans(lines.join("\n")));
    case "bullet": return h("ul", {}, items(lines));
    case "number": return h("ol", {}, items(lines));
    case "blank": return null;
    default: return h("p", {}, spans(lines.join("\n")));
  }
}
