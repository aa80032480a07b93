// The «⋯» menu of Block Kit, after the menu-button pattern: arrows move, Escape closes, focus returns.

import { focusKey, freshId, h, link } from "./dom.js";
import { plainWords } from "./text.js";

export function overflow(place) {
  const { element, scene } = place;
  const id = freshId("menu");
  const opener = h("button", {
    type: "button", class: "button dots", "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": id,
    "aria-label": element.accessibility_label || "More actions", data: { focus: focusKey(place), action: element.action_id ?? "" },
  }, "⋯");
  const menu = h("div", { class: "menu", role: "menu", id, hidden: true });
  const open = (wanted) => {
    menu.hidden = !wanted;
    opener.setAttribute("aria-expanded", String(wanted));
    (wanted ? menu.firstElementChild : opener)?.focus();
  };
  const choose = (option) => {
    open(false);
    scene.press(place, opener, { selected: [option.value] });
  };
  menu.append(...(element.options ?? []).map((option) => entry(option, choose)));
  opener.addEventListener("click", () => open(menu.hidden));
  menu.addEventListener("keydown", (event) => steer(event, menu, open));
  const wrap = h("div", { class: "overflow" }, opener, menu);
  wrap.addEventListener("focusout", (event) => {
    if (wrap.contains(event.relatedTarget) || menu.hidden) return;
    menu.hidden = true;
    opener.setAttribute("aria-expanded", "false");
  });
  return wrap;
}

function entry(option, choose) {
  const node = option.url ? link(option.url, plainWords(option.text)) : h("button", { type: "button" }, plainWords(option.text));
  node.setAttribute("role", "menuitem");
  node.tabIndex = -1;
  node.addEventListener("click", () => choose(option));
  return node;
}

function steer(event, menu, open) {
  const entries = [...menu.children];
  const at = entries.indexOf(document.activeElement);
  const to = {
    ArrowDown: (at + 1) % entries.length, ArrowUp: (at - 1 + entries.length) % entries.length, Home: 0, End: entries.length - 1,
  }[event.key];
  if (to !== undefined) entries[to].focus();
  else if (event.key === "Escape") open(false);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
