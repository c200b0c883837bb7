// @ts-check
/** What was understood: candidate items, the place, the circumstances; each one key or click to change. */

import { el } from "../dom.js";
import { T } from "../texts.js";

/** Nothing heard is certain. */
const SUREST = 99;
const CLOSE = 0.5;

/** @typedef {import("../types.js").CallState} CallState */
/** @typedef {import("../types.js").Candidate} Candidate */

/**
 * Items so close to the likeliest that the agent has to ask which is meant; none once one is chosen.
 * @param {CallState} state
 * @returns {Candidate[]}
 */
export function rivals({ candidates, chosen_item: chosen }) {
  const close = candidates.filter(({ confidence }) => confidence >= candidates[0].confidence * CLOSE);
  return chosen || close.length < 2 ? [] : close;
}

/**
 * Asking which of several items is meant.
 * @param {Candidate[]} candidates
 */
export function whichItem(candidates) {
  const means = candidates.map((candidate) => candidate.means);
  return el(
    "div.ask",
    { "data-key": "which", role: "group", "aria-label": T.card.ask },
    el("p", {}, el("b", {}, T.card.ask), T.card.which(means)),
    el(
      "div.choices",
      {},
      candidates.map(({ item, name }, n) => button("item", item, name, String(n + 1), "choice")),
    ),
  );
}

/**
 * @param {CallState} state
 * @param {(item: string) => string} nameOf the name of an item
 * @returns {HTMLElement}
 */
export function suggestionsView(state, nameOf) {
  return el(
    "section.suggestions",
    { "data-key": "suggestions", "aria-label": T.candidates.title },
    el("div.candidates", {}, tiles(state, nameOf), moreTile(state)),
    found(state),
  );
}

/**
 * @param {CallState} state
 * @param {(item: string) => string} nameOf
 */
function tiles(state, nameOf) {
  const shown = state.card?.payload.item?.id ?? null;
  const { chosen_item: chosen, candidates } = state;
  const elsewhere = chosen && !candidates.some(({ item }) => item === chosen);
  const rows = candidates.slice(0, elsewhere ? 2 : 3).map((candidate, n) => tile(candidate, n, shown, chosen));
  if (elsewhere)
    rows.unshift(
      el(
        "button.candidate.chosen",
        { type: "button", "data-key": chosen, "data-do": "auto", "aria-pressed": "true" },
        el("span.name", {}, nameOf(chosen)),
        el("span.means", {}, T.candidates.chosen),
      ),
    );
  if (rows.length) return rows;
  return [el("p.empty", { "data-key": "none" }, state.open_question ? T.candidates.open : T.candidates.none)];
}

/**
 * @param {Candidate} candidate
 * @param {number} n
 * @param {string | null} shown
 * @param {string | null} chosen
 */
function tile(candidate, n, shown, chosen) {
  const percent = Math.min(SUREST, Math.round(candidate.confidence * 100));
  const isChosen = candidate.item === chosen;
  return el(
    isChosen ? "button.candidate.chosen" : "button.candidate",
    {
      type: "button",
      "data-key": candidate.item,
      "data-do": "item",
      "data-value": candidate.item,
      "aria-pressed": String(candidate.item === shown),
    },
    el("span.name", {}, el("kbd", {}, n + 1), candidate.name),
    el("span.means", {}, isChosen ? `${T.candidates.chosen} · ${candidate.means}` : candidate.means),
    el(
      "span.bar",
      {},
      el("progress", { max: 100, value: percent, "aria-label": T.candidates.confidence }),
      el("b", {}, `${percent}%`),
    ),
  );
}

/** @param {CallState} state */
function moreTile(state) {
  return el(
    "span.others",
    { "data-key": "others" },
    button("pick-item", "", T.candidates.more, "I"),
    state.chosen_item && button("auto", "", T.candidates.auto, "0"),
  );
}

/** @param {CallState} state */
function found(state) {
  const { region, circumstances } = state;
  const from = /** @type {Record<string, string>} */ (T.found.placeFrom)[region?.from ?? "none"] ?? "";
  const place = el(
    region?.path ? "button.chip.place" : "button.chip.place.missing",
    { type: "button", "data-key": "place", "data-do": "pick-place" },
    el("span.label", {}, T.found.place),
    region?.path ? region.path.replaceAll("/", "") : T.found.noPlace,
    from && el("small", {}, from),
    el("kbd", {}, "P"),
  );
  const chips = circumstances.map(({ id, label, from: source }) =>
    el(
      `button.chip.${source}`,
      {
        type: "button",
        "data-key": id,
        "data-do": "drop-circumstance",
        "data-value": id,
        "aria-label": T.found.remove(label),
      },
      label,
      el("span", { "aria-hidden": "true" }, "✕"),
    ),
  );
  return el("div.found", {}, place, chips, button("pick-circumstance", "", `+ ${T.found.add}`, "Q", "chip.add"));
}

/**
 * @param {string} action
 * @param {string} value
 * @param {string} label
 * @param {string} key
 * @param {string} [style]
 */
export function button(action, value, label, key, style = "small") {
  return el(
    `button.${style}`,
    { type: "button", "data-key": `${action}-${value}`, "data-do": action, "data-value": value },
    label,
    key && el("kbd", {}, key),
  );
}
