// The top: whose workspace this is, the program's time, and moving it on; and the guide of what to do first.

import { api } from "./api.js";
import { momentOf, yearOf } from "./clock.js";
import { byId, h } from "./dom.js";

const HIDDEN = "guide-hidden";
let moving = false;

export function drawTop(world, person) {
  const { workspace, app, can_move_time: movable } = world.state;
  byId("workspace").textContent = workspace ?? "";
  document.title = `${person ? `${person.name} · ` : ""}${workspace} · stand-in for ${app?.name ?? "Slack"}`;
  drawTime(world, person);
  byId("moves").hidden = movable === false;
}

export function drawTime(world, person) {
  const tz = person?.tz ?? "UTC";
  byId("clock-now").textContent = momentOf(world.state.now, tz) || "–";
  byId("clock-now").dateTime = world.state.now ?? "";
  byId("clock-zone").textContent = `Program time in ${tz.replaceAll("_", " ")}, ${yearOf(world.state.now, tz)}`;
}

export function startMoves(world) {
  byId("moves").addEventListener("click", (event) => {
    const button = event.target.closest("button[data-by]");
    if (button && !moving) move(world, button);
  });
}

async function move(world, button) {
  busy(button, true);
  const said = await api.moveTime(button.dataset.by).then(outcome, (error) => `⚠ ${error.message}`);
  busy(button, false);
  say(said);
  world.refresh();
}

/** A short note under the clock; what went well is gone after a while. */
function say(words) {
  const note = byId("clock-note");
  note.textContent = words;
  if (!words.startsWith("⚠")) setTimeout(() => { if (!moving && note.textContent === words) note.textContent = ""; }, 8000);
}

function outcome({ ok, happened, error }) {
  if (ok === false) return `⚠ ${error || "Time could not be moved on."}`;
  if (!happened) return "Nothing fell due.";
  return happened === 1 ? "1 thing happened." : `${happened} things happened.`;
}

function busy(button, is) {
  moving = is;
  byId("clock").toggleAttribute("data-busy", is);
  if (is) byId("clock-note").textContent = "Moving on…";
  for (const other of byId("moves").querySelectorAll("button")) {
    other.setAttribute("aria-disabled", String(is));
    if (is && other === button) other.setAttribute("aria-busy", "true");
    else other.removeAttribute("aria-busy");
  }
}

export function drawGuide(world) {
  const steps = world.state.guide ?? [];
  const hidden = remembered();
  byId("guide").hidden = hidden || !steps.length;
  byId("guide-show").hidden = !hidden || !steps.length;
  if (byId("guide-steps").childElementCount !== steps.length) {
    byId("guide-steps").replaceChildren(...steps.map((step) => h("li", {}, step)));
  }
}

export function startGuide(world) {
  const turn = (hide, next) => {
    remember(hide);
    drawGuide(world);
    byId(next).focus();
  };
  byId("guide-hide").addEventListener("click", () => turn(true, "guide-show"));
  byId("guide-show").addEventListener("click", () => turn(false, "guide-hide"));
}

// A browser may refuse storage; then the guide just comes back with each load.
function remembered() {
  try {
    return localStorage.getItem(HIDDEN) === "yes";
  } catch {
    return false;
  }
}

function remember(hide) {
  try {
    localStorage.setItem(HIDDEN, hide ? "yes" : "no");
  } catch { /* see above */ }
}
