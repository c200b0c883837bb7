// @ts-check
/** What the agent chooses from lists: a call, an item, a place, circumstances. */

import { ask, query } from "../api.js";
import { pick } from "../picker.js";
import { T } from "../texts.js";
import { callTitle } from "./calls.js";

/** @typedef {import("../types.js").CallState} CallState */
/** @typedef {import("../types.js").Item} Item */
/** @typedef {import("../picker.js").Option} Option */

const UNDO = "undo";

/**
 * @param {import("../types.js").CallRow[]} calls
 * @param {string | null} current
 */
export function chooseCall(calls, current) {
  const options = calls.map((call) => ({
    value: call.call,
    label: callTitle(call),
    note: call.last_words ?? "",
    on: call.call === current,
  }));
  return pick(T.talk.open, T.talk.open, (typed) => options.filter(({ label, note }) => (label + note).includes(typed)));
}

/** @param {Item[]} items */
export function chooseItem(items) {
  return pick(T.candidates.more, T.candidates.pickPrompt, (typed) => itemOptions(items, typed));
}

/**
 * @param {Item[]} items
 * @param {string} wrong the item that was not right
 * @returns {Promise<string | undefined>} the right item, `""` for none of them, nothing when the agent goes back
 */
export function chooseRightItem(items, wrong) {
  const neither = { value: "", label: T.card.neither };
  const others = items.filter(({ id }) => id !== wrong);
  return pick(T.card.rightIs, T.candidates.pickPrompt, (typed) => [
    ...(typed ? [] : [neither]),
    ...itemOptions(others, typed),
    ...(typed ? [neither] : []),
  ]);
}

/**
 * @param {Item[]} items
 * @param {string} typed
 * @returns {Option[]}
 */
export function itemOptions(items, typed) {
  return items
    .filter((item) => (item.name + item.means + item.family).includes(typed))
    .map((item) => ({ value: item.id, label: item.name, note: item.means }));
}

/**
 * @param {CallState | null} state
 * @returns {Promise<string | undefined>} a path, `""` to go by what is heard again
 */
export function choosePlace(state) {
  const undo = state?.region?.from === "chosen" ? [{ value: "", label: T.found.undo }] : [];
  return pick(T.found.pickPlace, T.found.placePrompt, async (typed) => {
    if (!typed) return undo;
    const { regions } = await ask("GET", `/regions${query({ q: typed })}`);
    return regions.map((/** @type {{path: string, has_guide: boolean}} */ { path, has_guide: guide }) => ({
      value: path,
      label: path.replaceAll("/", " "),
      note: guide ? T.found.hasGuide : "",
      on: path === state?.region?.path,
    }));
  });
}

/**
 * @param {import("../types.js").Choice[]} all
 * @param {CallState | null} state
 * @returns {Promise<Record<string, boolean> | null | undefined>} what changes
 */
export async function chooseCircumstance(all, state) {
  const known = new Set(state?.circumstances.map(({ id }) => id));
  const options = all.map(({ id, label }) => ({ value: id, label, on: known.has(id) }));
  options.sort((one, other) => Number(other.on) - Number(one.on));
  const chosen = await pick(T.found.pickCircumstances, T.found.circumstancePrompt, (typed) => [
    ...options.filter(({ label }) => label.includes(typed)),
    ...(typed ? [] : [{ value: UNDO, label: T.found.undoAll }]),
  ]);
  if (chosen === undefined) return undefined;
  return chosen === UNDO ? null : { [chosen]: !known.has(chosen) };
}
