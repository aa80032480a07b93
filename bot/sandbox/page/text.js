// Text objects: {type: "mrkdwn" | "plain_text", text}.

import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";

/** Nodes for a text object; plain text is shown exactly as it is, so that an escape too many is seen. */
export function textNodes(object, nameOf) {
  if (!object) return [];
  if (typeof object === "string") return [object];
  return object.type === "mrkdwn" ? mrkdwn(object.text, nameOf) : [plainWords(object)];
}

/** The words of a plain_text object. */
export function plainWords(object) {
  if (!object) return "";
  return object.emoji === false ? object.text : withEmoji(object.text ?? "");
}
