// Where the tester is: #/<person>/<messages|home>/<conversation>, so that reload, back and links work.

/** {person, tab, channel}; person and channel may be null. */
export function here() {
  const [person, tab, channel] = location.hash.replace(/^#\/?/, "").split("/").map(decode);
  return { person: person || null, tab: tab === "home" ? "home" : "messages", channel: channel || null };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

const written = ({ person, tab, channel }) =>
  person ? `#/${[person, tab, channel ?? ""].map(encodeURIComponent).join("/")}` : "#/";

/** Goes there, as a new step in the browser's history. */
export function go(change) {
  location.hash = written({ ...here(), ...change });
}

/** Corrects the address without a new step. */
export function settle(change) {
  history.replaceState(null, "", written({ ...here(), ...change }));
}

export const samePlace = (one, other) => written(one) === written(other);
