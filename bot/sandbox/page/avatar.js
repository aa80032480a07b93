// A round sign with someone's initials, in their own hue.

import { h } from "./dom.js";

export function avatar(world, id) {
  if (world.isApp(id)) return h("img", { class: "avatar", src: "/page/icon.svg", alt: "" });
  const person = world.person(id);
  const initials = (person?.name ?? "?").split(/\s+/).map((word) => [...word][0] ?? "").slice(0, 2).join("");
  const node = h("span", { class: "avatar", "aria-hidden": "true" }, initials.toUpperCase());
  node.style.setProperty("--hue", person?.avatar_hue ?? 200);
  return node;
}
