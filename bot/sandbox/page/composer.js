// Where a person types: a message, or a command if it begins with a slash.

import { api } from "./api.js";
import { byId } from "./dom.js";
import { complaint } from "./scene.js";

const drafts = new Map();
let place = { person: null, channel: null };

const key = () => `${place.person}/${place.channel}`;

export function drawComposer(person, conversation) {
  if (place.person === person && place.channel === (conversation?.id ?? null)) return;
  drafts.set(key(), byId("say").value);
  place = { person, channel: conversation?.id ?? null };
  byId("say").value = drafts.get(key()) ?? "";
  byId("say").placeholder = conversation ? `Message ${firstNames(conversation.title)}` : "Type a command, such as /coach help";
  slip(null);
  grow();
}

/** Of a group, only its people: the app is in every conversation. */
function firstNames(title) {
  const names = title.split(", ").map((name) => name.split(" ")[0]);
  return (names.length > 1 ? names.slice(0, -1) : names).join(" and ");
}

export function startComposer(world) {
  const [form, box] = [byId("composer"), byId("say")];
  form.addEventListener("submit", (event) => { event.preventDefault(); send(world, form, box); });
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send(world, form, box);
  });
}

async function send(world, form, box) {
  const text = box.value.trim();
  if (!text || form.hasAttribute("data-busy")) return;
  const sent = place;
  form.setAttribute("data-busy", "");
  const sentence = await deliver(sent, mentioning(text, world.people())).then(complaint, (error) => error.message);
  form.removeAttribute("data-busy");
  if (sentence) slip(sentence);
  else if (sent === place) empty();
  world.refresh();
}

/** «@Tom Baker», or «@Tom» where there is one Tom only, becomes what Slack makes of it. */
function mentioning(text, people) {
  const first = ({ name }) => name.split(" ")[0];
  const only = (person) => people.filter((other) => first(other) === first(person)).length === 1;
  const names = people.flatMap((person) =>
    [[person.name, person], ...(only(person) ? [[first(person), person]] : [])]);
  names.sort(([one], [other]) => other.length - one.length); // the whole name before the first
  return names.reduce((words, [name, person]) =>
    words.replace(named(name), `<@${person.id}|${first(person).toLowerCase()}>`), text);
}

const named = (name) => new RegExp(`(?<![\\p{L}\\p{N}<])@${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\p{L}\\p{N}])`, "giu");

function deliver({ person, channel }, text) {
  if (text.startsWith("/")) return api.command(person, channel, text);
  if (!channel) return Promise.reject(new Error("There is no conversation yet. You can type a command, such as /coach help."));
  return api.say(person, channel, text);
}

function empty() {
  byId("say").value = "";
  slip(null);
  grow();
}

function slip(sentence) {
  byId("say-slip").hidden = !sentence;
  byId("say-slip").textContent = sentence ? `⚠ ${sentence}` : "";
}

function grow() {
  const box = byId("say");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 180)}px`;
}
