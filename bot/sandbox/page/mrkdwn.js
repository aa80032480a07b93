// Slack's mrkdwn as DOM nodes: *bold* _italic_ ~strike~ `code` ```pre``` > quote, <links>, <@mentions>, :emoji:.

import { dateIn } from "./clock.js";
import { h, link } from "./dom.js";
import { withEmoji } from "./emoji.js";

const EDGE = "(?![\\p{L}\\p{N}_])";
const styled = (mark) => new RegExp(`${mark}(?=\\S)([^${mark}\\n]*[^\\s${mark}])${mark}${EDGE}`, "uy");
const STYLES = { "*": ["strong", styled("\\*")], _: ["em", styled("_")], "~": ["s", styled("~")] };
const CODE = /`([^`\n]+)`/y;
const ANGLE = /<([^<>\n]+)>/y;
const WORD = /[\p{L}\p{N}]/u;

/** The three entities that Slack escapes, back as text. */
export const unescaped = (text) =>
  text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);

/** Nodes for a whole mrkdwn text. `nameOf(id)` gives a person's name. */
export function mrkdwn(text, nameOf) {
  const parts = String(text ?? "").split(/```/);
  const closed = parts.length % 2 === 1;
  return parts.flatMap((part, index) => {
    if (index % 2 === 0) return lines(part, nameOf);
    if (!closed && index === parts.length - 1) return lines(`\`\`\`${part}`, nameOf);
    return [h("pre", {}, unescaped(part.replace(/^\n|\n$/g, "")))];
  });
}

function lines(text, nameOf) {
  const nodes = [];
  for (const run of runsOfQuotes(text)) {
    if (run.quoted) nodes.push(h("blockquote", {}, inline(run.text, nameOf)));
    else nodes.push(...inline(run.text, nameOf));
  }
  return nodes;
}

function runsOfQuotes(text) {
  const runs = [];
  for (const line of text.split("\n")) {
    const quote = line.match(/^(?:>|&gt;) ?(.*)$/s);
    const last = runs.at(-1);
    const words = quote ? quote[1] : line;
    if (last && last.quoted === Boolean(quote)) last.text += `\n${words}`;
    else if (!last?.quoted || words) runs.push({ quoted: Boolean(quote), text: words }); // a quote keeps its own distance
  }
  return runs;
}

/** Nodes for one run of text without quotes or preformatted parts. */
export function inline(text, nameOf) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(document.createTextNode(withEmoji(unescaped(plain))));
    plain = "";
  };
  for (let at = 0; at < text.length;) {
    const found = tokenAt(text, at, nameOf);
    if (found) {
      flush();
      nodes.push(found.node);
      at += found.length;
    } else {
      plain += text[at++];
    }
  }
  flush();
  return nodes;
}

function tokenAt(text, at, nameOf) {
  const sign = text[at];
  if (sign === "<") return matchAt(ANGLE, text, at, (inner) => angle(inner, nameOf));
  if (sign === "`") return matchAt(CODE, text, at, (inner) => h("code", {}, unescaped(inner)));
  if (!(sign in STYLES) || (at > 0 && WORD.test(text[at - 1]))) return null;
  const [tag, pattern] = STYLES[sign];
  return matchAt(pattern, text, at, (inner) => h(tag, {}, inline(inner, nameOf)));
}

function matchAt(pattern, text, at, build) {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match && { node: build(match[1]), length: match[0].length };
}

function angle(inner, nameOf) {
  const [target, ...rest] = inner.split("|");
  const label = rest.length ? unescaped(rest.join("|")) : null;
  if (target.startsWith("@")) return mention(`@${nameOf(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith("#")) return mention(`#${label ?? target.slice(1)}`);
  if (target.startsWith("!")) return special(target.slice(1), label);
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return link(unescaped(target), label ? withEmoji(label) : unescaped(target));
  return document.createTextNode(unescaped(`<${inner}>`));
}

function special(target, label) {
  if (target.startsWith("date^")) return dated(target.split("^"), label);
  if (target.startsWith("subteam^")) return mention(label ?? "@a user group");
  return broadcast(target);
}

const dated = ([, seconds, pattern], label) => h("time", {}, dateIn(unescaped(pattern ?? ""), seconds) || label || "");

export const mention = (words) => h("span", { class: "mention" }, words);

/** A mention that would ring for everyone: loud on purpose, since no message here should ever hold one. */
export const broadcast = (range) =>
  h("strong", { class: "broadcast", title: "This would notify everyone" }, `@${range}`);
