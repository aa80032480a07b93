// The conversations of the acting person, and the tabs Messages and Home.

import { go } from "./address.js";
import { byId, h, keepingFocus } from "./dom.js";
import { unread } from "./people.js";

let drawn = "";

export function drawConversations(person, conversations, chosen) {
  const sign = JSON.stringify([person, conversations, chosen]);
  if (sign === drawn) return;
  drawn = sign;
  const list = byId("conversations");
  keepingFocus(list, () => list.replaceChildren(...conversations.map((one) => row(person, one, chosen))));
  list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function row(person, { id, kind, title, unread: count }, chosen) {
  return h("li", {}, h("a", {
    href: `#/${[person, "messages", id].map(encodeURIComponent).join("/")}`, class: "row", data: { focus: id },
    "aria-current": id === chosen ? "page" : null,
  },
  h("span", { class: "sign", "aria-hidden": "true" }, kind === "mpim" ? "●●" : "●"),
  h("span", { class: "row-words row-name" }, title),
  unread(count)));
}

/** The conversation to show: the one asked for, else one with something unread, else the first. */
export const conversationFor = (conversations, asked) =>
  conversations.find((one) => one.id === asked) ?? conversations.find((one) => one.unread) ?? conversations[0] ?? null;

export function drawTabs(tab) {
  for (const button of byId("tabs").children) {
    const chosen = button.dataset.tab === tab;
    button.setAttribute("aria-selected", String(chosen));
    button.tabIndex = chosen ? 0 : -1;
    byId(button.getAttribute("aria-controls")).hidden = !chosen;
  }
}

export function startTabs() {
  const tabs = byId("tabs");
  tabs.addEventListener("click", ({ target }) => target.dataset.tab && go({ tab: target.dataset.tab }));
  tabs.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const other = [...tabs.children].find((button) => button.tabIndex === -1);
    other.focus();
    go({ tab: other.dataset.tab });
  });
}
