// The stand-in's stream of events: something changed, or time moved.

/** Calls onChange() for each change and after each (re)connection, onTime(iso) and onLost() as they come. */
export function listen({ onChange, onTime, onLost }) {
  const source = new EventSource("/page/events");
  source.addEventListener("open", onChange);
  source.addEventListener("error", onLost);
  source.addEventListener("message", ({ data }) => {
    const time = timeIn(data);
    if (time) onTime(time);
    else onChange();
  });
}

function timeIn(data) {
  try {
    return JSON.parse(data).time ?? null;
  } catch {
    return null;
  }
}
