// Program time in words, in a person's own zone.

const formats = new Map();

function format(tz, options) {
  const key = tz + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, build(tz, options));
  return formats.get(key);
}

function build(tz, options) {
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: tz });
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }); // an unknown zone
  }
}

const shown = (iso, tz, options) => {
  const moment = new Date(iso);
  return Number.isNaN(moment.valueOf()) ? "" : format(tz || "UTC", options).format(moment);
};

export const timeOf = (iso, tz) => shown(iso, tz, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const dayOf = (iso, tz) => shown(iso, tz, { weekday: "long", day: "numeric", month: "long" });

export const momentOf = (iso, tz) => shown(iso, tz, {
  weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

export const yearOf = (iso, tz) => shown(iso, tz, { year: "numeric" });

let zone = "UTC";

/** From now on, moments in messages and fields are on the wall of someone in this zone. */
export const readIn = (tz) => { zone = tz || "UTC"; };

/** Unix seconds as «2026-11-24T09:30» on the reader's wall; "" for none. */
export const wallAt = (seconds) => (seconds === null || seconds === undefined ? "" : wall(seconds * 1000).slice(0, 16));

/** Unix seconds of «2026-11-24T09:30» on the reader's wall; null for none. */
export function secondsAt(written) {
  const asUtc = Date.parse(`${written}Z`);
  if (Number.isNaN(asUtc)) return null;
  const off = (moment) => Date.parse(`${wall(moment)}Z`) - moment;
  const guess = asUtc - off(asUtc);
  return (asUtc - off(guess)) / 1000; // once more: the offset may differ there, at a change of clocks
}

const wall = (moment) => new Date(moment).toLocaleString("sv-SE", { timeZone: zone }).replace(" ", "T");

const DATES = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
};

/** Slack's date format («{date_short} at {time}») on the reader's wall; "" where there is none, or no moment. */
export function dateIn(pattern, seconds) {
  const moment = new Date(Number(seconds) * 1000);
  if (!pattern || !seconds || Number.isNaN(moment.valueOf())) return "";
  return pattern.replace(/\{(\w+?)(?:_pretty)?\}/g, (whole, name) =>
    (Object.hasOwn(DATES, name) ? format(zone, DATES[name]).format(moment) : whole));
}
