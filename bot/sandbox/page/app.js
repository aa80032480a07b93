// Puts the page together: reads where the tester is, fetches what is visible there, and draws it.

import { go, here, samePlace, settle } from "./address.js";
import { api } from "./api.js";
import { readIn } from "./clock.js";
import { drawComposer, startComposer } from "./composer.js";
import { conversationFor, drawConversations, drawTabs, startTabs } from "./conversations.js";
import { byId, toast } from "./dom.js";
import { drawHome } from "./home.js";
import { listen } from "./live.js";
import { Thread } from "./messages.js";
import { Modals } from "./modals.js";
import { drawCard, drawPeople } from "./people.js";
import { drawGuide, drawTime, drawTop, startGuide, startMoves } from "./top.js";
import { World } from "./world.js";

const WIDE = matchMedia("(min-width: 760px)");
const world = new World(refresh);
const thread = new Thread(world);
const modals = new Modals(world);
let running = null;
let again = false;
let homeOf = null; // whose Home was last opened, so that it is opened once per visit

/** Fetches and draws what is visible. Calls that come meanwhile make one more round, not many. */
function refresh() {
  again = true;
  running ??= rounds().finally(() => { running = null; });
  return running;
}

async function rounds() {
  while (again) {
    again = false;
    await round().then(() => offline(null), (error) => offline(error.message));
  }
}

async function round() {
  world.state = await api.state();
  startSomewhere();
  const place = here();
  const person = world.person(place.person);
  drawFrame(place, person);
  if (person && document.visibilityState === "visible") await drawPerson(place, person);
  else if (!person) modals.show(null, []);
}

let started = false;

/** On a wide screen someone is chosen at once: there is room for both the list and a person. */
function startSomewhere() {
  if (started) return;
  started = true;
  const first = world.people().find((person) => person.unread) ?? world.people()[0];
  if (first && !here().person && WIDE.matches) settle({ person: first.id });
}

function drawFrame(place, person) {
  drawTop(world, person);
  drawGuide(world);
  drawPeople(world, person?.id ?? null);
  showPane(person ? "stage" : "people");
  byId("nobody").hidden = Boolean(person);
  byId("person").hidden = !person;
  if (!person) return;
  drawCard(world, person);
  drawTabs(place.tab);
}

async function drawPerson(place, person) {
  await openHome(place);
  const seen = await api.seenBy(person.id);
  const conversation = conversationFor(seen.conversations, place.channel);
  const reading = place.tab === "messages" && conversation;
  const messages = reading ? await api.messages(person.id, conversation.id) : [];
  if (!samePlace(here(), place)) return; // gone elsewhere meanwhile: another round is on its way
  readIn(person.tz);
  world.conversations = seen.conversations.map(({ id, title }) => ({ id, name: title }));
  modals.show(person.id, seen.modals ?? []);
  drawConversations(person.id, read(seen.conversations, reading), conversation?.id ?? null);
  drawComposer(person.id, conversation);
  if (place.tab === "home") return drawHome(world, person, seen.home);
  if (conversation && conversation.id !== place.channel) settle({ channel: conversation.id });
  byId("scroll").setAttribute("aria-label", `Messages: ${conversation?.title ?? "none yet"}`);
  byId("no-messages").textContent = "Nothing has been said here yet. Move time on and see what falls due.";
  thread.show(person, conversation?.id ?? null, messages);
}

const read = (conversations, open) =>
  conversations.map((one) => (open && one.id === open.id ? { ...one, unread: 0 } : one));

async function openHome({ person, tab }) {
  const wanted = tab === "home" ? person : null;
  if (wanted && wanted !== homeOf) await api.openHome(wanted).catch((error) => toast(error.message));
  homeOf = wanted;
}

function showPane(pane) {
  const before = document.body.dataset.pane;
  document.body.dataset.pane = pane;
  if (before === pane || WIDE.matches) return;
  if (pane === "stage") byId("stage").focus({ preventScroll: true });
  else byId("people-list").querySelector("a")?.focus({ preventScroll: true });
}

function offline(sentence) {
  byId("offline").hidden = !sentence;
  if (sentence && byId("offline").textContent !== sentence) byId("offline").textContent = sentence;
}

function start() {
  startTabs();
  startComposer(world);
  startMoves(world);
  startGuide(world);
  byId("back").addEventListener("click", () => go({ person: null }));
  addEventListener("hashchange", refresh);
  document.addEventListener("visibilitychange", refresh);
  setInterval(refresh, 30_000); // program time goes on by itself too
  listen({
    onChange: refresh,
    onTime: (iso) => { world.state.now = iso; drawTime(world, world.person(here().person)); },
    onLost: () => offline("The stand-in doesn't answer. Is Playercoach still running? This page comes back by itself."),
  });
  refresh();
}

start();
