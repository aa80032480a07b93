// The list of people to act as. Each is a link: two people can stand open side by side in two browser tabs.

import { avatar } from "./avatar.js";
import { api } from "./api.js";
import { byId, h, keepingFocus, toast } from "./dom.js";
import { menu } from "./menu.js";
import { complaint } from "./scene.js";

let drawn = "";

export function drawPeople(world, chosen) {
  const sign = JSON.stringify([world.state.people, chosen]);
  if (sign === drawn) return;
  drawn = sign;
  const list = byId("people-list");
  keepingFocus(list, () => list.replaceChildren(...world.state.people.map((person) => row(world, person, chosen))));
}

function row(world, person, chosen) {
  return h("li", { class: "person-row" }, h("a", {
    href: `#/${encodeURIComponent(person.id)}/messages/`, class: person.deleted ? "row deleted" : "row",
    "aria-current": person.id === chosen ? "true" : null, data: { focus: person.id },
  },
  avatar(world, person.id),
  h("span", { class: "row-words" },
    h("span", { class: "row-name" }, person.name),
    about(person) && h("span", { class: "small" }, about(person)),
    h("span", { class: "small local" }, person.local_time)),
  unread(person.unread)), changes(world, person));
}

function about({ deleted, away, guest, title }) {
  if (deleted) return "Deactivated";
  return [title, guest && "guest", away && "🌴 away"].filter(Boolean).join(" · ");
}

/** What can happen to someone's account: the app hears of it as it would from Slack. */
function changes(world, { id, name, deleted, away }) {
  const gone = deleted || away;
  const become = (what) => async () => {
    const sentence = await api.become(id, what).then(complaint, (error) => error.message);
    if (sentence) toast(sentence);
    world.refresh();
  };
  return menu({ label: `Change ${name}`, data: { focus: `change ${id}` } }, [
    !gone && { words: "Away for a week", chosen: become("away") },
    !deleted && { words: "Deactivate", chosen: become("deactivated") },
    gone && { words: "Back again", chosen: become("here") },
  ].filter(Boolean));
}

/** A dot that says how many are unread; nothing if none is. */
export const unread = (count) => Boolean(count) &&
  h("span", { class: "unread" }, String(count), h("span", { class: "hidden" }, " unread"));

export function drawCard(world, person) {
  byId("person-card").replaceChildren(avatar(world, person.id), h("div", {},
    h("h2", {}, person.name),
    h("p", { class: "small" }, person.title, h("span", { class: "wide" }, person.title && " · ", person.local_time))));
}
