// The list of people to act as. Each is a link: two people can stand open side by side in two browser tabs.

import { avatar } from "./avatar.js";
import { byId, h, keepingFocus } from "./dom.js";

let drawn = "";

export function drawPeople(world, chosen) {
  const sign = JSON.stringify([world.state.people, chosen]);
  if (sign === drawn) return;
  drawn = sign;
  const list = byId("people-list");
  keepingFocus(list, () => list.replaceChildren(...world.state.people.map((person) => row(world, person, chosen))));
}

function row(world, person, chosen) {
  return h("li", {}, h("a", {
    href: `#/${encodeURIComponent(person.id)}/messages/`, class: person.deleted ? "row deleted" : "row",
    "aria-current": person.id === chosen ? "true" : null, data: { focus: person.id },
  },
  avatar(world, person.id),
  h("span", { class: "row-words" },
    h("span", { class: "row-name" }, person.name),
    person.deleted ? h("span", { class: "small" }, "Deactivated") : person.title && h("span", { class: "small" }, person.title),
    h("span", { class: "small local" }, person.local_time)),
  unread(person.unread)));
}

/** A dot that says how many are unread; nothing if none is. */
export const unread = (count) => Boolean(count) &&
  h("span", { class: "unread" }, String(count), h("span", { class: "hidden" }, " unread"));

export function drawCard(world, person) {
  byId("person-card").replaceChildren(avatar(world, person.id), h("div", {},
    h("h2", {}, person.name),
    h("p", { class: "small" }, person.title, h("span", { class: "wide" }, person.title && " · ", person.local_time))));
}
