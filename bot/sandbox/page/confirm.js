// «Are you sure?»: Block Kit's confirm object as a native dialog.

import { freshId, h } from "./dom.js";
import { plainWords, textNodes } from "./text.js";

/** True if nothing needs confirming or the person said yes. */
export function confirmed(confirm, nameOf, element) {
  if (!confirm) return Promise.resolve(true);
  const [title, words] = [freshId("title"), freshId("words")];
  const danger = (confirm.style ?? element?.style) === "danger";
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "confirm", "aria-labelledby": title, "aria-describedby": words });
    const answer = (yes) => {
      dialog.close();
      dialog.remove();
      resolve(yes);
    };
    dialog.append(
      h("h2", { id: title }, plainWords(confirm.title)),
      h("div", { id: words, class: "words" }, textNodes(confirm.text, nameOf)),
      h("div", { class: "dialog-foot" },
        h("button", { type: "button", class: "button", on: { click: () => answer(false) } }, plainWords(confirm.deny) || "No"),
        h("button", { type: "button", class: `button ${danger ? "danger" : "primary"}`, on: { click: () => answer(true) } },
          plainWords(confirm.confirm) || "Yes")));
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); answer(false); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
