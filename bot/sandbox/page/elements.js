// Draws the interactive elements of Block Kit. Choices tell the scene what is held now; buttons press.

import { focusKey, freshId, h, safeAddress } from "./dom.js";
import { overflow } from "./overflow.js";
import { plainWords, textNodes } from "./text.js";

const typed = (type, attributes = {}) => (place) => field(place, h("input", { type, ...attributes }));

const CONTROLS = {
  button,
  overflow,
  radio_buttons: (place) => choices(place, "radio"),
  checkboxes: (place) => choices(place, "checkbox"),
  static_select: select,
  users_select: select,
  datepicker: typed("date"),
  timepicker: typed("time"),
  plain_text_input: textInput,
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

function choices(place, type) {
  const { element, scene } = place;
  const name = freshId("choice");
  const group = h("div", {
    class: "choices", role: type === "radio" ? "radiogroup" : "group",
    "aria-labelledby": place.labelledBy, "aria-describedby": place.describedBy, data: { action: element.action_id ?? "" },
  });
  const held = () => [...group.querySelectorAll("input:checked")].map((input) => input.value);
  const show = (values) => group.querySelectorAll("input").forEach((input) => { input.checked = values.includes(input.value); });
  const changed = () => scene.pick(place, group, held(), show);
  group.append(...(element.options ?? []).map((option) => choice(place, option, { type, name, changed })));
  show(scene.held(place) ?? []);
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

function select(place) {
  const { element, scene } = place;
  const many = element.type === "static_select";
  const node = h("select", {}, h("option", { value: "" }, plainWords(element.placeholder) || "Choose…"),
    many ? optionsOf(element) : scene.people().map(({ id, name }) => h("option", { value: id }, name)));
  const wrap = (value) => (many ? (value ? [value] : []) : value || null);
  const show = (held) => { node.value = (many ? held?.[0] : held) ?? ""; };
  return outfit(place, node, () => wrap(node.value), show);
}

function optionsOf(element) {
  const option = (one) => h("option", { value: one.value }, plainWords(one.text));
  if (!element.option_groups) return (element.options ?? []).map(option);
  return element.option_groups.map((group) =>
    h("optgroup", { label: plainWords(group.label) }, group.options.map(option)));
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
