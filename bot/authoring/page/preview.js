// The preview: asks what there is, shows what is picked, and asks again after each save.

import { drawBlocks } from "/page/blocks.js";
import { byId, h, toast } from "/page/dom.js";
import { heldBy, isStateful, Picks } from "/page/picks.js";

const PEOPLE = [{ id: "U0MAYA", name: "Maya" }, { id: "U0ANA", name: "Ana" }];
const given = new Map(); // by lesson: what was answered in it
const picks = new Picks();
let seen = null;

const place = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const address = (what) => `#${new URLSearchParams(what)}`;

async function ask(path, body) {
  const how = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, how);
  return answer.ok ? answer.json() : null;
}

async function refresh() {
  seen = await ask("/overview");
  if (!seen) return;
  document.title = `Preview: ${seen.title}`;
  byId("title").textContent = seen.title;
  const errors = seen.problems.filter(({ severity }) => severity === "error").length;
  byId("state").textContent = errors ? `${errors} to mend: nothing of it is live yet`
    : ["all sound", said(count("draft"), "to mend in drafts"), said(count("warning"), "pieces of advice")].filter(Boolean).join(", ");
  drawLanguages();
  drawList();
  await drawShown();
}

const said = (number, what) => number ? `${number} ${what}` : "";

function drawLanguages() {
  const select = byId("language");
  const now = select.value || seen.languages[0];
  select.replaceChildren(...seen.languages.map((code) => h("option", { value: code }, code)));
  select.value = seen.languages.includes(now) ? now : seen.languages[0] ?? "";
  select.parentElement.hidden = seen.languages.length < 2;
}

function drawList() {
  const groups = seen.areas.map((area) => [
    h("h2", {}, area.title),
    entry({ area: area.id }, "The area and its levels"),
    area.lessons.map((lesson) => entry({ lesson: lesson.path }, lesson.title, lesson)),
  ]);
  const list = byId("list");
  const at = list.contains(document.activeElement) && document.activeElement.getAttribute("href");
  list.replaceChildren(
    entry({ problems: "all" }, "All problems", { slips: count("error"), advice: count("warning") }),
    ...groups.flat(2),
    h("h2", {}, "What the bot says around them"), ...seen.words.map((kind) => entry({ words: kind }, kind)));
  if (at) linkTo(at)?.focus();
}

const linkTo = (href) => [...byId("list").querySelectorAll("a")].find((one) => one.getAttribute("href") === href);

const count = (severity) => seen.problems.filter((one) => one.severity === severity).length;

function entry(what, title, marks = {}) {
  const here = address(what);
  return h("a", { href: here, "aria-current": location.hash === here ? "page" : null },
    h("span", {}, title),
    marks.draft && h("span", { class: "mark" }, "draft"),
    marks.slips > 0 && h("span", { class: "mark slips", "aria-label": `${marks.slips} to mend` }, marks.slips),
    marks.advice > 0 && h("span", { class: "mark advice", "aria-label": `${marks.advice} pieces of advice` }, marks.advice));
}

async function drawShown() {
  const wanted = place();
  const language = byId("language").value;
  if (wanted.lesson) return drawLesson(wanted.lesson, language);
  if (wanted.area) return drawPlain(wanted.area, await ask(`/area?${new URLSearchParams({ id: wanted.area, language })}`));
  if (wanted.words) return drawPlain(wanted.words, await ask(`/words?${new URLSearchParams({ kind: wanted.words, language })}`));
  return show(h("h2", {}, seen.problems.length ? "Problems" : "Nothing to mend"), slips(seen.problems));
}

async function drawLesson(path, language) {
  const answers = given.get(path) ?? {};
  const drawn = await ask("/lesson", { path, language, given: answers })
    ?? await ask("/lesson", { path, language, given: {} }); // an answer that the question no longer has
  if (!drawn) return show(h("p", {}, "This file is not there any more."));
  const again = h("button", { type: "button", class: "quiet", on: { click: () => { given.delete(path); drawShown(); } } }, "Answer again");
  return show(
    h("div", { class: "sheet-head" },
      h("p", { class: "small" }, path),
      drawn.size > 0 && h("span", { class: "small" }, `${drawn.size} of ${drawn.limit} characters`),
      Object.keys(answers).length > 0 && again),
    slips(drawn.problems),
    drawn.blocks.length > 0 && h("div", { class: "as-message" }, drawBlocks(drawn.blocks, scene(path, drawn.blocks))));
}

function drawPlain(name, drawn) {
  show(h("div", { class: "sheet-head" }, h("p", { class: "small" }, name)),
    h("div", { class: "as-message" }, drawBlocks(drawn?.blocks ?? [], scene(name, []))));
}

function show(...nodes) {
  const shown = byId("shown");
  const top = shown.scrollTop;
  const wasInside = shown.contains(document.activeElement);
  shown.replaceChildren(h("div", { class: "desk-sheet" }, ...nodes));
  shown.scrollTop = top;
  if (wasInside) shown.focus({ preventScroll: true }); // who came by the keyboard goes on from here
}

function slips(problems) {
  if (!problems.length) return null;
  return h("ul", { class: "slips-list" }, problems.map((one) => h("li", { class: one.severity }, one.said)));
}

/** What the blocks ask of where they stand: picks are kept here, and a press answers a check. */
function scene(path, blocks) {
  const key = path;
  return {
    nameOf: (id) => PEOPLE.find((one) => one.id === id)?.name,
    people: () => PEOPLE,
    held: ({ block, element }) => (isStateful(element) ? heldBy(picks, key, block, element) : null),
    keep: ({ block, element }, selected) => picks.set(key, block.block_id, element.action_id, selected),
    pick({ block, element }, _node, selected) { picks.set(key, block.block_id, element.action_id, selected); },
    press: (where, _node, { value }) => answer(path, blocks, where.element.action_id, value ?? "", key),
  };
}

function answer(path, blocks, action, value, key) {
  const [message, check, last] = value.split(":");
  const made = {
    check_confidence: () => ({ options: picked(blocks, `pick:${message}:${check}`, key), confidence: last }),
    check_scale: () => ({ value: Number(last) }),
    check_write: () => ({ text: "What a manager writes here stays with them." }),
  }[action.split(":")[0]]?.();
  if (!made) return toast("Here only the questions can be answered.");
  if (made.options && !made.options.length) return toast("Pick an answer first.");
  given.set(path, { ...given.get(path), [check]: made });
  return drawShown();
}

function picked(blocks, id, key) {
  const block = blocks.find((one) => one.block_id === id);
  const element = block?.elements[0];
  return element ? heldBy(picks, key, block, element) ?? [] : [];
}

function moved({ oldURL } = {}) {
  document.body.dataset.pane = location.hash ? "shown" : "list";
  if (!seen) return;
  drawList();
  drawShown();
  byId("shown").scrollTop = 0;
  if (location.hash) byId("shown").focus();
  else if (oldURL) linkTo(new URL(oldURL).hash)?.focus();
}

addEventListener("hashchange", moved);
byId("back").addEventListener("click", () => { location.hash = ""; });
byId("language").addEventListener("change", drawShown);
const events = new EventSource("/events");
events.addEventListener("message", refresh);
events.addEventListener("error", () => { byId("state").textContent = "the preview has ended; start it again"; });
moved();
