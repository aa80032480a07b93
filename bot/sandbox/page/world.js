// What the page knows: the stand-in's state, and what people have picked and not yet sent.

import { Picks } from "./picks.js";

export class World {
  #lines = new Map(); // of each place: what is still on its way from there
  state = { people: [], guide: [], app: {} };
  picks = new Picks();
  conversations = []; // of the acting person: {id, name}

  /** `refresh()` fetches anew what is visible. */
  constructor(refresh) {
    this.refresh = refresh;
  }

  /** What a person does in one place reaches the app in the order in which it was done: each waits for the one before. */
  inTurn(place, act) {
    const turn = (this.#lines.get(place) ?? Promise.resolve()).then(act);
    const line = turn.catch(() => {}).finally(() => this.#lines.get(place) === line && this.#lines.delete(place));
    this.#lines.set(place, line);
    return turn;
  }

  people() {
    return this.state.people.filter((person) => !person.deleted);
  }

  person(id) {
    return this.state.people.find((person) => person.id === id) ?? null;
  }

  isApp(id) {
    return id === this.state.app?.id;
  }

  /** The name of a person or of the app, or null. */
  nameOf(id) {
    return this.isApp(id) ? this.state.app.name : this.person(id)?.name ?? null;
  }
}
