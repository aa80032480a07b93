// Builds DOM nodes. Nothing on this page is ever parsed as HTML: text only becomes text nodes.

let counter = 0;

/** A new id, unique on this page. */
export const freshId = (prefix) => `${prefix}-${++counter}`;

/** h("p", {class: "note", on: {click}}, "text", node, null): null, undefined and false are left out. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") Object.entries(value).forEach(([event, heard]) => node.addEventListener(event, heard));
  else if (name === "data") Object.assign(node.dataset, value);
  else if (name === "value" || name === "checked" || name === "selected") node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}

/** The address if it is one that a click may safely follow, else null (javascript: and its like). */
export function safeAddress(address) {
  try {
    const url = new URL(address, location.href);
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export function safeImage(address) {
  return /^data:image\/(png|jpeg|gif|webp);/i.test(address ?? "") ? address : safeAddress(address ?? "");
}

/** A link if its address is safe, else its label as text. */
export function link(address, ...label) {
  const href = safeAddress(address);
  if (!href) return h("span", {}, ...label);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...label);
}

/** Runs `draw`, then puts the focus back on the same control (by data-focus), or on `fallback()` if it went away. */
export function keepingFocus(container, draw, fallback = () => null) {
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const caret = focused && "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
  draw();
  if (!focused || focused.isConnected) return;
  const again = sameControl(container, focused.dataset.focus);
  (again ?? fallback())?.focus({ preventScroll: true });
  if (again && caret?.[0] !== null && caret && again.setSelectionRange) again.setSelectionRange(...caret);
}

/** The control of that name; else, since an updated message may have new block ids, one of the same action. */
function sameControl(container, key) {
  if (!key) return null;
  const action = key.includes("/") && key.slice(key.indexOf("/"));
  return container.querySelector(`[data-focus="${CSS.escape(key)}"]`)
    ?? (action ? container.querySelector(`[data-focus$="${CSS.escape(action)}"]`) : null);
}

/** The name by which focus finds the same control after a new drawing. */
export const focusKey = ({ block, element }, part = "") => [block.block_id, element.action_id, part].join("/");

export const byId = (id) => document.getElementById(id);

/** Shows a sentence in the corner for a while; screen readers hear it at once. */
export function toast(sentence) {
  const note = h("p", { class: "toast" }, `⚠ ${sentence}`,
    h("button", { type: "button", class: "close", "aria-label": "Dismiss", on: { click: () => note.remove() } }, "×"));
  byId("toasts").append(note);
  setTimeout(() => note.remove(), 12000);
}
