// The stack of modals, as native dialogs: they hold the focus, and Escape closes the top one.

import { api } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { byId, freshId, h, keepingFocus, toast } from "./dom.js";
import { missingIn } from "./picks.js";
import { Scene, complaint } from "./scene.js";
import { plainWords } from "./text.js";

export class Modals {
  #open = new Map();

  constructor(world) {
    this.world = world;
  }

  /** Shows the person's stack of views, the top one last; what is no longer in it closes. */
  show(person, views) {
    const wanted = new Set(views.map((view) => view.id));
    for (const [id, modal] of [...this.#open].reverse()) {
      if (wanted.has(id) && modal.person === person) continue;
      this.#open.delete(id);
      modal.leave();
    }
    for (const view of views) {
      if (!this.#open.has(view.id)) this.#open.set(view.id, new Modal(this.world, person, view));
      this.#open.get(view.id).draw(view);
    }
  }
}

class Modal {
  #sign = null;
  #sent = false;
  #leaving = false;

  constructor(world, person, view) {
    Object.assign(this, { world, person, id: view.id });
    this.dialog = h("dialog", { class: "modal" });
    this.dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.close(); });
    this.dialog.addEventListener("close", () => this.#leaving || this.close()); // a browser may close it unasked
    byId("modals").append(this.dialog);
  }

  draw(view) {
    const { blocks, title, submit, close } = view;
    const sign = JSON.stringify([blocks, title, submit, close]);
    if (sign !== this.#sign) this.#redraw(view, sign);
    if (view.errors) this.#complain(view.errors);
  }

  #redraw(view, sign) {
    const first = this.#sign === null;
    const turned = first || this.#sent; // what follows a submission is another page, and begins at its top
    [this.#sign, this.#sent] = [sign, false];
    this.scene = new Scene(this.world, this.person, { container: "modal", view_id: this.id }, view.blocks, () => this.dialog);
    this.world.picks.seed(this.scene.key, view.values);
    this.world.picks.keepOnly(this.scene.key, view.blocks);
    const height = this.dialog.querySelector(".dialog-body")?.scrollTop ?? 0;
    keepingFocus(this.dialog, () => this.#fill(view), () => this.#firstField);
    if (first) this.dialog.showModal();
    this.dialog.querySelector(".dialog-body").scrollTop = turned ? 0 : height;
    if (turned) this.#begin();
  }

  /** In the first field if it is seen at once; else in the heading, so that what stands above it is read first. */
  #begin() {
    const [field, body] = [this.#firstField, this.dialog.querySelector(".dialog-body")];
    const seen = field.getBoundingClientRect().bottom <= body.getBoundingClientRect().bottom;
    (seen ? field : this.dialog.querySelector("h2")).focus({ preventScroll: true });
  }

  get #firstField() {
    return this.dialog.querySelector("[autofocus]")
      ?? this.dialog.querySelector(".dialog-body :is(input:not(:disabled), textarea, select)") ?? this.dialog.querySelector("h2");
  }

  #fill({ blocks, title, submit, close }) {
    const id = freshId("modal");
    this.dialog.setAttribute("aria-labelledby", id);
    const leave = () => this.close();
    this.form = h("form", { novalidate: true, on: { submit: (event) => { event.preventDefault(); this.submit(); } } },
      h("div", { class: "dialog-head" },
        h("h2", { id, tabindex: "-1" }, plainWords(title)),
        h("button", { type: "button", class: "close", "aria-label": "Close", data: { focus: "×" }, on: { click: leave } }, "×")),
      h("div", { class: "dialog-body" }, drawBlocks(blocks, this.scene), h("p", { class: "slip", role: "alert", hidden: true, data: { slip: "" } })),
      h("div", { class: "dialog-foot" },
        h("button", { type: "button", class: "button", data: { focus: "close" }, on: { click: leave } },
          plainWords(close) || (submit ? "Cancel" : "Close")),
        submit && h("button", { type: "submit", class: "button primary", data: { focus: "submit" } }, plainWords(submit))));
    this.dialog.replaceChildren(this.form);
  }

  async submit() {
    const button = this.form.querySelector("[type=submit]");
    if (!button || button.getAttribute("aria-busy")) return;
    const { blocks, key } = this.scene;
    const missing = missingIn(blocks, this.world.picks, key);
    this.#complain(missing);
    if (Object.keys(missing).length) return this.#focusSlip();
    button.setAttribute("aria-busy", "true");
    this.#sent = true;
    const state = this.scene.state();
    const submitted = this.world.inTurn(key, () => api.submit(this.person, this.id, state));
    const reply = await submitted.catch((error) => ({ error: error.message }));
    button.removeAttribute("aria-busy");
    this.#complain(reply.errors ?? (complaint(reply) ? { "": complaint(reply) } : {}));
    if (reply.errors) this.#focusSlip();
    await this.world.refresh();
    this.#sent = false;
  }

  /** Shows {block_id: sentence} at the fields; under "" what belongs to no field. */
  #complain(errors) {
    for (const slip of this.form.querySelectorAll("[data-slip]")) {
      const sentence = errors[slip.dataset.slip];
      slip.hidden = !sentence;
      slip.textContent = sentence ? `⚠ ${sentence}` : "";
      const control = slip.parentElement.querySelector("[data-action]");
      if (slip.dataset.slip && sentence) control?.setAttribute("aria-invalid", "true");
      else if (slip.dataset.slip) control?.removeAttribute("aria-invalid");
    }
  }

  #focusSlip() {
    const bad = this.form.querySelector("[aria-invalid=true]");
    (bad?.matches("[role]") ? bad.querySelector("input") : bad)?.focus();
  }

  async close() {
    if (this.#leaving) return;
    this.#leaving = true;
    await api.close(this.person, this.id).catch((error) => toast(error.message));
    this.#leaving = false;
    this.world.refresh();
  }

  leave() {
    this.#leaving = true;
    this.dialog.close();
    this.dialog.remove();
    this.world.picks.forget(this.scene.key);
    if (document.activeElement === document.body) byId("scroll").focus({ preventScroll: true });
  }
}
