// Times on an axis: where ticks stand and what they are called, in the zone that the reader chose. Times are
// milliseconds since 1970 in UTC; a zone is a name of the IANA data base, as the browser has it.

/** @typedef {"year" | "month" | "day" | "hour" | "minute" | "second"} Unit */
/** @typedef {{ unit: Unit, every: number, about: number }} Step */
/** @typedef {{ at: number, label: string, major: boolean }} Tick */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365.2425 * DAY;
const MONTH = YEAR / 12;

/** What a date that says no more than this may mean, in milliseconds: by how exact it is. */
export const GRAINS = [0, MINUTE, HOUR, DAY, MONTH, YEAR];
const GRAIN_UNITS = /** @type {Unit[]} */ (["second", "minute", "hour", "day", "month", "year"]);

/** @type {[Unit, number, number[]][]} */
const UNITS = [
  ["second", SECOND, [1, 2, 5, 10, 15, 30]],
  ["minute", MINUTE, [1, 2, 5, 10, 15, 30]],
  ["hour", HOUR, [1, 2, 3, 6, 12]],
  ["day", DAY, [1, 2, 7, 14]],
  ["month", MONTH, [1, 2, 3, 6]],
  ["year", YEAR, [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]],
];

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @param {string} zone
 * @param {Intl.DateTimeFormatOptions} options
 * @param {string} [language]
 */
function getFormat(zone, options, language = "en") {
  const locale = language === "en" ? "en-GB" : language;
  const name = JSON.stringify([zone, options, locale]);
  let made = formats.get(name);
  if (!made) formats.set(name, (made = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options })));
  return made;
}

/**
 * Whether the browser knows a zone.
 * @param {string} zone
 */
export function isZone(zone) {
  try {
    return Boolean(getFormat(zone, { year: "numeric" }));
  } catch {
    return false;
  }
}

/**
 * How far the clocks of a zone are ahead of UTC at a time, in milliseconds.
 * @param {number} at
 * @param {string} zone
 */
export function computeOffset(at, zone) {
  if (zone === "UTC") return 0;
  /** @type {Record<string, number>} */
  const part = {};
  const options = /** @type {const} */ ({
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
    era: "short",
  });
  let before = false;
  for (const { type, value } of getFormat(zone, options, "en-US-u-ca-gregory").formatToParts(at)) {
    if (type === "era") before = value.startsWith("B");
    else part[type] = Number(value);
  }
  const year = before ? 1 - part.year : part.year;
  return (
    computeCivilTime(year, part.month - 1, part.day, part.hour, part.minute, part.second) -
    Math.floor(at / SECOND) * SECOND
  );
}

/**
 * Milliseconds of a civil time as if it were in UTC; years below 100 are meant as they stand.
 * @param {number} year
 * @param {number} month
 * @param {number} day
 * @param {number} hour
 * @param {number} minute
 * @param {number} second
 */
function computeCivilTime(year, month, day = 1, hour = 0, minute = 0, second = 0) {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  date.setUTCHours(hour, minute, second, 0);
  return date.getTime();
}

/**
 * The time at which a zone's clocks show a civil time. Where they skip it, the moment at which they do; where they show
 * it twice, the first.
 * @param {number} local milliseconds as if in UTC
 * @param {string} zone
 */
function findInstant(local, zone) {
  const guess = local - computeOffset(local, zone);
  const [early, late] = [
    local - computeOffset(guess - DAY / 2, zone),
    local - computeOffset(guess + DAY / 2, zone),
  ].sort((a, b) => a - b);
  for (const at of [early, late]) if (at + computeOffset(at, zone) === local) return at;
  return late;
}

/**
 * The step between ticks that leaves them at least `apart` pixels.
 * @param {number} perPixel milliseconds a pixel
 * @param {number} apart pixels
 * @returns {Step}
 */
export function computeStep(perPixel, apart = 90) {
  const least = perPixel * apart;
  for (const [unit, length, counts] of UNITS)
    for (const every of counts) if (every * length >= least) return { unit, every, about: every * length };
  return { unit: "year", every: 1000, about: 1000 * YEAR };
}

/**
 * The last start of a unit at or before a time: of a year, month, day, hour, minute or second, as clocks of the zone
 * show it.
 * @param {number} at
 * @param {Step} step
 * @param {string} zone
 */
export function findUnitStart(at, { unit, every }, zone) {
  const local = new Date(at + computeOffset(at, zone));
  const roundDown = (/** @type {number} */ value, least = 0) => Math.floor((value - least) / every) * every + least;
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  if (unit === "year") return findInstant(computeCivilTime(roundDown(year), 0), zone);
  if (unit === "month") return findInstant(computeCivilTime(year, roundDown(month)), zone);
  if (unit === "day" && every % 7 === 0) {
    const monday = 4 * DAY; // 5 January 1970
    return findInstant(Math.floor((local.getTime() - monday) / (every * DAY)) * every * DAY + monday, zone);
  }
  if (unit === "day") return findInstant(computeCivilTime(year, month, roundDown(day, 1)), zone);
  const length = { hour: HOUR, minute: MINUTE, second: SECOND }[unit];
  const midnight = computeCivilTime(year, month, day);
  return findInstant(midnight + roundDown(Math.floor((local.getTime() - midnight) / length)) * length, zone);
}

/**
 * The ticks between two times: at round times of the zone, also where its clocks change.
 * @param {number} from
 * @param {number} to
 * @param {Step} step
 * @param {string} zone
 * @param {string} [language]
 * @returns {Tick[]}
 */
export function listTicks(from, to, step, zone, language) {
  /** @type {Tick[]} */
  const found = [];
  let at = findUnitStart(from, step, zone);
  for (let guard = 0; at <= to && guard < 2000; guard++) {
    if (at >= from) found.push({ at, ...formatTick(at, step, zone, language) });
    at = findNextStart(at, step, zone);
  }
  return found.filter((tick, index) => !index || tick.at - found[index - 1].at > step.about / 3);
}

/**
 * The next start of a unit; a day may have 25 hours, a month 28 days.
 * @param {number} at @param {Step} step @param {string} zone
 */
function findNextStart(at, step, zone) {
  const near = findUnitStart(at + step.about * 1.02 + SECOND / 2, step, zone);
  return near > at ? near : Math.max(at + SECOND, findUnitStart(at + step.about * 1.5, step, zone));
}

/** @param {number} at @param {Step} step @param {string} zone @param {string} [language] */
function formatTick(at, { unit }, zone, language) {
  const local = new Date(at + computeOffset(at, zone));
  const starts = {
    year: local.getUTCFullYear() % 10 === 0,
    month: local.getUTCMonth() === 0,
    day: local.getUTCDate() === 1,
  };
  const midnight = local.getTime() % DAY === 0;
  if (unit === "year") return { label: String(local.getUTCFullYear()), major: starts.year };
  if (unit === "month")
    return {
      label: getFormat(zone, starts.month ? { year: "numeric" } : { month: "short" }, language).format(at),
      major: starts.month,
    };
  if (unit === "day" || midnight) {
    const first = starts.day && starts.month;
    return {
      label: getFormat(
        zone,
        first ? { year: "numeric", month: "short", day: "numeric" } : { month: "short", day: "numeric" },
        language,
      ).format(at),
      major: starts.day || unit !== "day",
    };
  }
  return {
    label: getFormat(
      zone,
      { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(unit === "second" ? { second: "2-digit" } : {}) },
      language,
    ).format(at),
    major: false,
  };
}

/**
 * What the ticks leave unsaid: the year, or the day where they are hours.
 * @param {number} at
 * @param {Step} step
 * @param {string} zone
 * @param {string} [language]
 */
export function formatContext(at, { unit }, zone, language) {
  if (unit === "year") return "";
  const day = unit === "hour" || unit === "minute" || unit === "second";
  return getFormat(
    zone,
    day ? { year: "numeric", month: "short", day: "numeric" } : { year: "numeric" },
    language,
  ).format(at);
}

/**
 * A time in words, no more exact than it was stated.
 * @param {number} at
 * @param {number} grain index into GRAINS
 * @param {string} zone
 * @param {string} [language]
 */
export function formatTime(at, grain, zone, language) {
  const year = /** @type {const} */ ({ year: "numeric" });
  if (grain >= 5) return getFormat("UTC", year, language).format(at);
  if (grain === 4) return getFormat("UTC", { ...year, month: "short" }, language).format(at);
  const day = /** @type {const} */ ({ ...year, month: "short", day: "numeric" });
  if (grain === 3) return getFormat("UTC", day, language).format(at); // a day is a day wherever it is read
  const seconds = grain === 0 && Math.floor(at / SECOND) % 60 !== 0;
  const clock = {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
    ...(seconds ? { second: "2-digit" } : {}),
  };
  return getFormat(zone, /** @type {any} */ ({ ...day, ...clock }), language).format(at);
}

/**
 * What a date stands for: from when until when it may have been.
 * @param {number} at
 * @param {number} grain index into GRAINS
 * @returns {[number, number]}
 */
export function computeTimeRange(at, grain) {
  if (!grain) return [at, at];
  const about = GRAINS[grain];
  const unit = GRAIN_UNITS[grain];
  const start = findUnitStart(at, { unit, every: 1, about }, "UTC");
  return [start, findUnitStart(start + about * 1.2, { unit, every: 1, about }, "UTC")];
}
