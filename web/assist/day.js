// @ts-check
/** A day as the supervisor sees it. */

import { ask, query } from "./api.js";
import { columnsChart, rowsChart } from "./charts.js";
import { today } from "./clock.js";
import { toastError } from "./dialogs.js";
import { el, morph, onClicks, one } from "./dom.js";
import { addShortcuts } from "./keys.js";
import { openPage } from "./shell.js";
import { T } from "./texts.js";

/** @typedef {import("./types.js").Day} Day */
/** @typedef {import("./types.js").Question} Question */

const EVERY_MS = 60000;
const DAY_MS = 86400000;
const MOST_QUESTIONS = 7;

let shown = today();

async function load() {
  /** @type {Day | null} */
  const day = (await ask("GET", `/day${query({ date: shown })}`).catch(toastError)) ?? null;
  if (!day) return;
  const open = await ask("GET", `/learning${query({ state: "open" })}`).catch(() => null);
  const drawn = [head(day), figures(day), charts(day, open?.questions ?? [])];
  morph(one("#main"), el("main.day", { id: "main", tabindex: "-1" }, drawn));
  /** @type {HTMLInputElement} */ (one("#date")).value = shown;
}

/** @param {Day} day */
function head(day) {
  return el(
    "header",
    { "data-key": "head" },
    el("h1", {}, day.date === today() ? T.day.title : day.date),
    el("button", { type: "button", "data-do": "move", "data-value": -1 }, T.day.before, el("kbd", {}, "K")),
    el("label", { for: "date" }, T.day.date),
    el("input", { type: "date", id: "date", max: today() }),
    el(
      "button",
      { type: "button", "data-do": "move", "data-value": 1, disabled: shown >= today() },
      T.day.after,
      el("kbd", {}, "J"),
    ),
  );
}

/** @param {Day} day */
function figures(day) {
  const useful = total(day.hours.map((hour) => hour.useful));
  const useless = total(day.hours.map((hour) => hour.useless));
  return el(
    "dl.figures",
    { "data-key": "figures" },
    figure(T.day.calls, String(day.calls), ""),
    figure(T.day.hitRate, percent(day.hit_rate), T.day.judged(day.judged)),
    figure(T.day.unanswered, String(day.unanswered), T.day.gapUnit),
    figure(T.day.ratings, percent(useful + useless ? useful / (useful + useless) : null), T.day.of(useful + useless)),
    figure(T.day.desk, String(day.desk), ""),
  );
}

/**
 * @param {string} label
 * @param {string} value
 * @param {string} note
 */
function figure(label, value, note) {
  return el("div.sheet", {}, el("dt", {}, label), el("dd", {}, value, note && el("small", {}, ` ${note}`)));
}

/**
 * @param {Day} day
 * @param {Question[]} questions still in the learning queue
 */
function charts(day, questions) {
  const outcomes = /** @type {Record<string, string>} */ (T.closing.outcomes);
  const hours = day.hours.filter(({ hour, calls, useful, useless }) => (hour >= 8 && hour < 18) || calls + useful + useless);
  return el(
    "div.charts",
    { "data-key": "charts" },
    columnsChart(
      T.day.byHour,
      T.day.hour,
      [T.day.calls],
      hours.map(({ hour, calls }) => ({ label: `${hour}`, values: [calls] })),
    ),
    rowsChart(
      T.day.items,
      T.day.item,
      day.top_items.map(({ name, count }) => ({ label: name, values: [count] })),
    ),
    rowsChart(
      T.day.places,
      T.day.place,
      day.places.map(({ path, count }) => ({ label: path.replaceAll("/", ""), values: [count] })),
    ),
    columnsChart(
      T.day.ratingsByHour,
      T.day.hour,
      [T.day.useful, T.day.useless],
      hours.map(({ hour, useful, useless }) => ({ label: `${hour}`, values: [useful, useless] })),
    ),
    rowsChart(
      T.day.outcomes,
      T.closing.outcome,
      Object.entries(day.outcomes).map(([name, count]) => ({ label: outcomes[name] ?? name, values: [count] })),
    ),
    unanswered(questions),
  );
}

/** @param {Question[]} questions */
function unanswered(questions) {
  const texts = questions.filter(({ kind }) => kind === "unanswered").slice(-MOST_QUESTIONS);
  return el(
    "figure.sheet",
    { "data-key": "unanswered" },
    el("figcaption", {}, el("h2", {}, T.day.openQuestions), el("a", { href: "/assist/learning" }, T.day.toLearning)),
    texts.length
      ? el(
          "ul",
          {},
          texts.map(({ text }) => el("li", {}, text)),
        )
      : el("p.empty", {}, T.learning.empty),
  );
}

/** @param {number[]} values */
function total(values) {
  return values.reduce((sum, value) => sum + value, 0);
}

/** @param {number | null} share */
function percent(share) {
  return share === null ? "–" : `${(share * 100).toFixed(1)}%`;
}

/** @param {number} days */
function move(days) {
  const next = new Date(Date.parse(`${shown}T12:00:00`) + days * DAY_MS).toLocaleDateString("sv-SE");
  if (next > today()) return;
  shown = next;
  void load();
}

addShortcuts([
  { key: "k", label: T.day.before, run: () => move(-1) },
  { key: "j", label: T.day.after, run: () => move(1) },
]);

async function start() {
  if (!(await openPage("day"))) return;
  onClicks(one("#main"), { move: (value) => move(Number(value)) });
  one("#main").addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.id === "date" && event.target.value) {
      shown = event.target.value;
      void load();
    }
  });
  await load();
  setInterval(() => shown === today() && document.visibilityState === "visible" && void load(), EVERY_MS);
}

void start();
