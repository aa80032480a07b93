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
