// The page's half of the stand-in's JSON interface. Every failure becomes an Error whose message is a sentence.

const as = (person, rest = "") => `/page/as/${encodeURIComponent(person)}${rest}`;

async function ask(path, options = {}) {
  let reply;
  try {
    reply = await fetch(path, { headers: { "Content-Type": "application/json" }, ...options });
  } catch {
    throw new Error("The stand-in doesn't answer. Is Playercoach still running?");
  }
  const body = await reply.json().catch(() => null);
  const refused = !options.method && body?.ok === false;
  if (!reply.ok || body === null || refused) {
    throw new Error(body?.error || `The stand-in could not do that (${reply.status}).`);
  }
  return body;
}

const send = (path, body) => ask(path, { method: "POST", body: JSON.stringify(body) });

export const api = {
  state: () => ask("/page/state"),
  seenBy: (person) => ask(as(person)),
  messages: (person, channel) => ask(as(person, `/messages/${encodeURIComponent(channel)}`)),
  act: (person, what) => send(as(person, "/act"), what),
  submit: (person, view_id, state) => send(as(person, "/submit"), { view_id, state }),
  close: (person, view_id) => send(as(person, "/close"), { view_id }),
  command: (person, channel, text) => send(as(person, "/command"), { channel, text }),
  say: (person, channel, text) => send(as(person, "/say"), { channel, text }),
  openHome: (person) => send(as(person, "/home"), {}),
  become: (person, what) => send(as(person, "/become"), { what }),
  moveTime: (by) => send("/page/time", { by }),
};
