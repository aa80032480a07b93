// Draws Block Kit blocks as DOM nodes. A scene says where they stand: see scene.js.

import { freshId, h, safeImage } from "./dom.js";
import { control } from "./elements.js";
import { isStateful } from "./picks.js";
import { markdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { plainWords, textNodes } from "./text.js";

const DRAW = {
  section, header, context, actions, image, input, table,
  divider: () => h("hr"),
  rich_text: (block, scene) => richText(block, scene.nameOf),
  markdown: (block) => markdown(block.text),
};
const NAMING = ["section", "header", "rich_text", "markdown"];

/** Nodes for a list of blocks; a group of choices is named after the text above it. */
export function drawBlocks(blocks, scene) {
  let named = null;
  return (blocks ?? []).map((block) => {
    const draw = Object.hasOwn(DRAW, block.type) ? DRAW[block.type] : unknown;
    const node = h("div", { class: `block block-${block.type}`, data: { block: block.block_id ?? "" } },
      draw(block, scene, named));
    if (NAMING.includes(block.type)) named = node.querySelector("[id]")?.id ?? (node.id = freshId("text"));
    return node;
  });
}

function unknown(block) {
  return h("p", { class: "unknown" }, `(This stand-in can't show a “${block.type}” block.)`);
}

function section(block, scene) {
  const id = freshId("text");
  const words = h("div", { class: "section-words", id });
  if (block.text) words.append(h("div", { class: "words" }, textNodes(block.text, scene.nameOf)));
  if (block.fields) {
    words.append(h("div", { class: "fields" },
      block.fields.map((field) => h("div", { class: "words" }, textNodes(field, scene.nameOf)))));
  }
  if (!block.accessory) return words;
  const wide = ["radio_buttons", "checkboxes"].includes(block.accessory.type);
  return h("div", { class: wide ? "section stacked" : "section" }, words, elementOf(block, block.accessory, scene, id));
}

function header(block) {
  return h("h3", { id: freshId("text") }, plainWords(block.text));
}

function context(block, scene) {
  return h("div", { class: "context" }, (block.elements ?? []).map((element) =>
    element.type === "image"
      ? picture(element, "tiny")
      : h("span", { class: "words" }, textNodes(element, scene.nameOf))));
}

function actions(block, scene, named) {
  return h("div", { class: "actions", role: "group", "aria-labelledby": named },
    (block.elements ?? []).map((element) => elementOf(block, element, scene, named)));
}

function elementOf(block, element, scene, labelledBy) {
  if (element.type === "image") return picture(element, "thumb");
  return control({ block, element, scene, labelledBy });
}

function image(block) {
  const title = block.title && h("figcaption", {}, plainWords(block.title));
  return h("figure", {}, title, picture(block, "wide"));
}

function picture({ image_url: address, slack_file: file, alt_text: alt }, size) {
  const src = safeImage(file ? file.url ?? `/files/${encodeURIComponent(file.id)}` : address);
  const instead = (words) => h("span", { class: "no-image", role: "img", "aria-label": words }, words);
  if (file?.not_found) return instead("File not found"); // as Slack says it of what an update may not show
  if (!src) return instead(alt || "image");
  const node = h("img", { src, alt: alt ?? "", class: `picture ${size}`, loading: "lazy" });
  node.addEventListener("error", () => node.replaceWith(instead(alt || "image")));
  return node;
}

function input(block, scene) {
  const [label, hint, slip] = [freshId("label"), freshId("hint"), freshId("slip")];
  const element = block.element ?? {};
  const described = [block.hint && hint, slip].filter(Boolean).join(" ");
  const drawn = control({ block, element, scene, labelledBy: label, describedBy: described, inInput: true });
  const grouped = ["radio_buttons", "checkboxes"].includes(element.type) || !isStateful(element);
  return h("div", { class: "field" },
    h(grouped ? "span" : "label", { class: "label", id: label, for: grouped ? null : drawn.id || null },
      plainWords(block.label), block.optional && h("span", { class: "small" }, " (optional)")),
    drawn,
    block.hint && h("p", { class: "small", id: hint }, plainWords(block.hint)),
    h("p", { class: "slip", id: slip, hidden: true, data: { slip: block.block_id } }));
}

function table(block, scene) {
  const cell = (content) => (content?.type === "rich_text" ? richText(content, scene.nameOf) : String(content?.text ?? ""));
  const row = (cells, tag) => h("tr", {}, cells.map((content, column) => h(tag, {
    class: `align-${block.column_settings?.[column]?.align ?? "left"}`, scope: tag === "th" ? "col" : null,
  }, cell(content))));
  const [first = [], ...rest] = block.rows ?? [];
  return h("div", { class: "table", tabindex: "0", role: "region", "aria-label": "Table" },
    h("table", {}, h("thead", {}, row(first, "th")), h("tbody", {}, rest.map((cells) => row(cells, "td")))));
}
