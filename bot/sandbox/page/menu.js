// A «⋯» menu, after the menu-button pattern: arrows move, Escape closes, focus returns.

import { freshId, h, link } from "./dom.js";

/** `entries`: [{words, url?, chosen}]; `chosen(opener)` is called when one is picked. */
export function menu({ label, data }, entries) {
  const id = freshId("menu");
  const opener = h("button", {
    type: "button", class: "button dots", "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": id,
    "aria-label": label, data,
  }, "⋯");
  const list = h("div", { class: "menu", role: "menu", id, hidden: true });
  const show = (wanted) => {
    list.hidden = !wanted;
    opener.setAttribute("aria-expanded", String(wanted));
    if (wanted) keepInside(list);
  };
  const open = (wanted) => {
    show(wanted);
    (wanted ? list.firstElementChild : opener)?.focus();
  };
  list.append(...entries.map((entry) => item(entry, () => { open(false); entry.chosen(opener); })));
  opener.addEventListener("click", () => open(list.hidden));
  list.addEventListener("keydown", (event) => steer(event, list, open));
  const wrap = h("div", { class: "overflow" }, opener, list);
  wrap.addEventListener("focusout", (event) => wrap.contains(event.relatedTarget) || show(false));
  return wrap;
}

function item({ words, url }, choose) {
  const node = url ? link(url, words) : h("button", { type: "button" }, words);
  node.setAttribute("role", "menuitem");
  node.tabIndex = -1;
  node.addEventListener("click", choose);
  return node;
}

/** A menu hangs below its dots, to the left of them, unless there it would leave the screen. */
function keepInside(list) {
  list.classList.remove("to-right", "upwards");
  const { left, bottom, height } = list.getBoundingClientRect();
  const around = list.closest(".dialog-body, .stage, .people")?.getBoundingClientRect();
  list.classList.toggle("to-right", left < (around?.left ?? 0));
  const pane = list.closest(".dialog-body, .scroll, .home, .people")?.getBoundingClientRect();
  const dots = list.parentElement.getBoundingClientRect();
  list.classList.toggle("upwards", pane !== undefined && bottom > pane.bottom && dots.top - height > pane.top);
}

function steer(event, list, open) {
  const entries = [...list.children];
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
