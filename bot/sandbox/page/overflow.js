// The overflow element of Block Kit.

import { focusKey } from "./dom.js";
import { menu } from "./menu.js";
import { plainWords } from "./text.js";

export function overflow(place) {
  const { element, scene } = place;
  const name = { label: element.accessibility_label || "More actions", data: { focus: focusKey(place), action: element.action_id ?? "" } };
  return menu(name, (element.options ?? []).map((option) => ({
    words: plainWords(option.text),
    url: option.url,
    chosen: (opener) => scene.press(place, opener, { selected: [option.value] }),
  })));
}
