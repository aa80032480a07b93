// The Home tab of the acting person.

import { drawBlocks } from "./blocks.js";
import { byId, h, keepingFocus } from "./dom.js";
import { Scene } from "./scene.js";

let drawn = "";

export function drawHome(world, person, view) {
  const sign = JSON.stringify([person.id, view?.blocks ?? null, view?.id]);
  if (sign === drawn) return;
  drawn = sign;
  const panel = byId("panel-home");
  const container = { container: "home", view_id: view?.id ?? null };
  const scene = new Scene(world, person.id, container, view?.blocks ?? [], () => panel);
  world.picks.keepOnly(scene.key, scene.blocks);
  keepingFocus(panel, () => panel.replaceChildren(sheet(world, view, scene)), () => panel);
}

function sheet(world, view, scene) {
  if (view?.blocks?.length) return h("div", { class: "sheet" }, drawBlocks(view.blocks, scene));
  return h("p", { class: "empty" }, `${world.state.app?.name ?? "The app"} has put nothing on this person's Home yet.`);
}
