import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatContext,
  findUnitStart,
  isZone,
  computeTimeRange,
  computeOffset,
  computeStep,
  listTicks,
  formatTime,
} from "./time.js";

const parseTime = (/** @type {string} */ text) => Date.parse(text);
const HOUR = 3_600_000;
const formatTimes = (/** @type {{at: number}[]} */ found) => found.map(({ at }) => new Date(at).toISOString());

test("zones of the world are known, and what is none is not", () => {
  assert.ok(isZone("Asia/Kolkata"));
  assert.ok(!isZone("Nowhere/Such"));
  assert.equal(computeOffset(parseTime("2025-07-01T12:00:00Z"), "Asia/Kolkata"), 5.5 * HOUR);
  assert.equal(computeOffset(parseTime("2025-07-01T12:00:00.750Z"), "Europe/Paris"), 2 * HOUR);
  assert.equal(computeOffset(parseTime("2025-01-01T12:00:00Z"), "America/New_York"), -5 * HOUR);
  assert.equal(computeOffset(parseTime("0050-01-01T12:00:00Z"), "UTC"), 0);
});

test("the step leaves room for labels", () => {
  assert.deepEqual(computeStep(1000, 90).unit, "minute");
  for (const perPixel of [20, 500, 6e4, 3.6e6, 8.64e7, 3e9]) {
    const { about } = computeStep(perPixel, 90);
    assert.ok(about / perPixel >= 90 && about / perPixel < 90 * 8, `${perPixel}: ${about / perPixel}`);
  }
});

test("days begin at midnight of the zone, also on the day on which its clocks change", () => {
  const day = { unit: /** @type {const} */ ("day"), every: 1, about: 24 * HOUR };
  const found = listTicks(parseTime("2025-03-28T23:00Z"), parseTime("2025-04-01T00:00Z"), day, "Europe/Paris");
  assert.deepEqual(formatTimes(found), [
    "2025-03-28T23:00:00.000Z",
    "2025-03-29T23:00:00.000Z",
    "2025-03-30T22:00:00.000Z",
    "2025-03-31T22:00:00.000Z",
  ]);
  assert.deepEqual(
    found.map((tick) => tick.label),
    ["29 Mar", "30 Mar", "31 Mar", "1 Apr"],
  );
  assert.ok(found[3].major);
});

test("where clocks are set back an hour is not counted twice, and where they skip one it is left out", () => {
  const hour = { unit: /** @type {const} */ ("hour"), every: 1, about: HOUR };
  const skipped = listTicks(parseTime("2025-03-30T00:00Z"), parseTime("2025-03-30T03:00Z"), hour, "Europe/Paris");
  assert.deepEqual(
    skipped.map((tick) => tick.label),
    ["01:00", "03:00", "04:00", "05:00"],
  );
  const twice = listTicks(parseTime("2025-10-25T23:00Z"), parseTime("2025-10-26T03:00Z"), hour, "Europe/Paris");
  for (let row = 1; row < twice.length; row++) assert.ok(twice[row].at > twice[row - 1].at);
});

test("months and years stand at their first day", () => {
  const month = computeStep((3 * 365 * 24 * HOUR) / 1000, 90);
  const found = listTicks(parseTime("2023-02-10T00:00Z"), parseTime("2024-09-01T00:00Z"), month, "UTC");
  for (const { at } of found) assert.equal(new Date(at).getUTCDate(), 1);
  assert.ok(found.some((tick) => tick.label === "2024" && tick.major));
  const years = listTicks(
    parseTime("0090-01-01T00:00Z"),
    parseTime("0130-01-01T00:00Z"),
    { unit: "year", every: 10, about: 10 * 365.2425 * 24 * HOUR },
    "UTC",
  );
  assert.deepEqual(
    years.map((tick) => tick.label),
    ["90", "100", "110", "120", "130"],
  );
});

test("weeks begin on Monday", () => {
  const week = { unit: /** @type {const} */ ("day"), every: 7, about: 7 * 24 * HOUR };
  for (const { at } of listTicks(parseTime("2025-01-01T00:00Z"), parseTime("2025-04-01T00:00Z"), week, "UTC"))
    assert.equal(new Date(at).getUTCDay(), 1);
});

test("ticks never stand on each other, wherever and however near one looks", () => {
  for (const zone of [
    "UTC",
    "Europe/Paris",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
  ])
    for (const perPixel of [5, 700, 1e4, 4e5, 3e6, 6e7, 9e8])
      for (const start of ["2025-03-29T20:17:05Z", "2011-12-28T03:00:00Z", "1969-12-30T00:00:00Z"]) {
        const chosen = computeStep(perPixel, 90);
        const from = parseTime(start);
        const found = listTicks(from, from + perPixel * 900, chosen, zone);
        assert.ok(found.length >= 1 && found.length <= 12, `${zone} ${perPixel} ${start}: ${found.length}`);
        for (let row = 1; row < found.length; row++)
          assert.ok((found[row].at - found[row - 1].at) / perPixel > 29, `${zone} ${perPixel} ${start}`);
      }
});

test("a date says no more than was stated", () => {
  const at = parseTime("2025-03-30T01:05:09Z");
  assert.equal(formatTime(at, 5, "Europe/Paris"), "2025");
  assert.equal(formatTime(at, 4, "Europe/Paris"), "Mar 2025");
  assert.equal(formatTime(at, 3, "America/New_York"), "30 Mar 2025");
  assert.match(formatTime(at, 0, "UTC"), /30 Mar 2025.* 01:05:09 UTC/);
  assert.match(formatTime(parseTime("2025-03-30T01:05:00Z"), 0, "Europe/Paris"), /03:05/);
});

test("what the ticks leave unsaid is told", () => {
  const at = parseTime("2025-03-30T23:05:09Z");
  assert.equal(formatContext(at, { unit: "month", every: 1, about: 1 }, "UTC"), "2025");
  assert.equal(formatContext(at, { unit: "hour", every: 1, about: 1 }, "Europe/Paris"), "31 Mar 2025");
  assert.equal(formatContext(at, { unit: "year", every: 1, about: 1 }, "UTC"), "");
});

test("what a date may mean", () => {
  const at = parseTime("2024-02-10T12:30:00Z");
  assert.deepEqual(computeTimeRange(at, 0), [at, at]);
  assert.deepEqual(
    computeTimeRange(at, 3).map((one) => new Date(one).toISOString()),
    ["2024-02-10T00:00:00.000Z", "2024-02-11T00:00:00.000Z"],
  );
  assert.deepEqual(
    computeTimeRange(at, 4).map((one) => new Date(one).toISOString()),
    ["2024-02-01T00:00:00.000Z", "2024-03-01T00:00:00.000Z"],
  );
  assert.deepEqual(
    computeTimeRange(at, 5).map((one) => new Date(one).toISOString()),
    ["2024-01-01T00:00:00.000Z", "2025-01-01T00:00:00.000Z"],
  );
});

test("a start is never after the time it is the start of", () => {
  for (const unit of /** @type {const} */ (["year", "month", "day", "hour", "minute", "second"]))
    for (let at = parseTime("2024-02-28T22:41:17Z"); at < parseTime("2025-04-01T00:00Z"); at += 13.37 * 24 * HOUR)
      for (const zone of ["UTC", "Europe/Paris", "Asia/Kathmandu"])
        assert.ok(findUnitStart(at, { unit, every: 1, about: 1 }, zone) <= at);
});
