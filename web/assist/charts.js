// @ts-check
/** Charts as drawings, each with its figures as a table for those who do not see it. */

import { el, svg } from "./dom.js";
import { T } from "./texts.js";

/** @typedef {{label: string, values: number[]}} Bar */

const WIDTH = 400;
const ROW = 22;
const LABEL = 150;
const HEIGHT = 150;
const FOOT = 18;

/**
 * Bars lying down, one a row.
 * @param {string} title
 * @param {string} what the bars are of
 * @param {Bar[]} bars
 * @returns {HTMLElement}
 */
export function rowsChart(title, what, bars) {
  const most = Math.max(1, ...bars.map(({ values }) => values[0]));
  const rows = bars.map(({ label, values: [value] }, n) => [
    svg("text", { x: LABEL - 8, y: n * ROW + 15, "text-anchor": "end" }, short(label)),
    svg("rect", {
      x: LABEL,
      y: n * ROW + 4,
      width: ((WIDTH - LABEL - 40) * value) / most,
      height: ROW - 8,
      rx: 2,
      class: "bar-0",
    }),
    svg("text", { x: LABEL + 6 + ((WIDTH - LABEL - 40) * value) / most, y: n * ROW + 15 }, value),
  ]);
  return figure(title, what, [T.day.count], bars, Math.max(1, bars.length) * ROW, rows.flat());
}

/**
 * Bars standing up, several values of one bar on top of each other.
 * @param {string} title
 * @param {string} what the bars are of
 * @param {string[]} series names of the values
 * @param {Bar[]} bars
 * @returns {HTMLElement}
 */
export function columnsChart(title, what, series, bars) {
  const most = Math.max(1, ...bars.map(({ values }) => sum(values)));
  const step = WIDTH / Math.max(1, bars.length);
  const top = HEIGHT - FOOT - 14;
  const columns = bars.flatMap(({ label, values }, n) => {
    let y = HEIGHT - FOOT;
    const parts = values.map((value, kind) => {
      const height = (top * value) / most;
      y -= height;
      return svg("rect", { x: n * step + step * 0.15, y, width: step * 0.7, height, class: `bar-${kind}` });
    });
    const middle = { x: n * step + step / 2, "text-anchor": "middle" };
    return [
      ...parts,
      sum(values) > 0 && svg("text", { ...middle, y: y - 3 }, sum(values)),
      svg("text", { ...middle, y: HEIGHT - 4 }, label),
    ];
  });
  return figure(title, what, series, bars, HEIGHT, columns);
}

/**
 * @param {string} title
 * @param {string} what
 * @param {string[]} series
 * @param {Bar[]} bars
 * @param {number} height
 * @param {(SVGElement | false)[]} drawing
 */
function figure(title, what, series, bars, height, drawing) {
  const legend = series.map((name, n) => el("span.legend", {}, svg("svg", { viewBox: "0 0 10 10" }, swatch(n)), name));
  return el(
    "figure.sheet",
    { "data-key": title },
    el("figcaption", {}, el("h2", {}, title), series.length > 1 && legend),
    bars.length
      ? svg(
          "svg",
          { viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: "xMidYMin", role: "img", "aria-label": title },
          ...drawing,
        )
      : el("p.empty", {}, T.day.none),
    el("details", {}, el("summary", {}, T.day.table), table(title, what, series, bars)),
  );
}

/** @param {number} n */
function swatch(n) {
  return svg("rect", { width: 10, height: 10, rx: 2, class: `bar-${n}` });
}

/**
 * @param {string} title
 * @param {string} what
 * @param {string[]} series
 * @param {Bar[]} bars
 */
function table(title, what, series, bars) {
  return el(
    "table",
    {},
    el("caption", {}, title),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        [what, ...series].map((name) => el("th", { scope: "col" }, name)),
      ),
    ),
    el(
      "tbody",
      {},
      bars.map(({ label, values }) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, label),
          values.map((value) => el("td", {}, value)),
        ),
      ),
    ),
  );
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** @param {string} label */
function short(label) {
  return label.length > 11 ? `${label.slice(0, 10)}…` : label;
}
