// Files that were shared: a picture is shown, anything else is a card that downloads it.

import { h, safeAddress, safeImage } from "./dom.js";

export function fileNode({ name, title, url, alt, size }) {
  const picture = /\.(png|jpe?g|gif|webp)$/i.test(name ?? "") && safeImage(url);
  return h("figure", { class: "block" },
    picture && h("img", { src: picture, alt: alt || title || name, class: "picture wide" }),
    h("a", { class: "file", href: safeAddress(url), download: name },
      h("span", { "aria-hidden": "true" }, picture ? "🖼️" : "📎"),
      h("span", {},
        h("strong", {}, title || name),
        h("span", { class: "small" }, [title !== name && name, sizeOf(size)].filter(Boolean).join(" · ")))));
}

function sizeOf(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
