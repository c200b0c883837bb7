// @ts-check
/** Two guides side by side on one item, what differs marked. */

import { ask, query } from "../api.js";
import { openDialog, toastError } from "../dialogs.js";
import { el, morph } from "../dom.js";
import { T } from "../texts.js";

/** @typedef {{id: string, title: string, year: number | null}} Guide */
/** @typedef {{text: string, same: boolean}} Line */
/** @typedef {{aspect: string, name: string, left: Line[], right: Line[], same: boolean}} Row */

/**
 * @param {import("../types.js").Item[]} items
 * @param {string | null} item shown first
 * @param {string | null} guide the guide on the card, shown on the left
 */
export async function openCompare(items, item, guide) {
  /** @type {Guide[]} */
  const guides = (await ask("GET", "/guides").catch(toastError))?.guides ?? [];
  if (guides.length < 2) return;
  const left = guides.find(({ id }) => id === guide) ?? guides[0];
  const right = guides.find(({ id }) => id !== left.id) ?? left;
  const controls = {
    item: choose(
      "compare-item",
      items.map(({ id, name }) => [id, name]),
      item ?? items[0].id,
    ),
    left: choose(
      "compare-left",
      guides.map(({ id, title }) => [id, title]),
      left.id,
    ),
    right: choose(
      "compare-right",
      guides.map(({ id, title }) => [id, title]),
      right.id,
    ),
  };
  /** @param {(Node|string)[]} content */
  const shown = (...content) =>
    el("div.compared", { tabindex: "0", role: "region", "aria-label": T.compare.title }, ...content);
  const table = shown();
  const form = el(
    "div.controls",
    {},
    labelled(T.compare.item, controls.item),
    labelled(T.compare.left, controls.left),
    labelled(T.compare.right, controls.right),
  );
  const dialog = openDialog(T.compare.title, form, table);
  dialog.classList.add("wide");
  let asked = 0;
  async function show() {
    const mine = ++asked;
    const chosen = { item: controls.item.value, left: controls.left.value, right: controls.right.value };
    const answer = await ask("GET", `/compare${query(chosen)}`).catch(toastError);
    if (answer && mine === asked) morph(table, shown(comparison(answer)));
  }
  form.addEventListener("change", show);
  await show();
}

/**
 * @param {string} id
 * @param {[string, string][]} options
 * @param {string} chosen
 */
function choose(id, options, chosen) {
  return /** @type {HTMLSelectElement} */ (
    el(
      "select",
      { id },
      options.map(([value, label]) => el("option", { value, selected: value === chosen }, label)),
    )
  );
}

/**
 * @param {string} label
 * @param {HTMLElement} control
 */
function labelled(label, control) {
  return el("label", { for: control.id }, label, control);
}

/** @param {{left: Guide, right: Guide, rows: Row[]}} answer */
function comparison({ left, right, rows }) {
  return el(
    "table",
    {},
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        [T.compare.aspect, left.title, right.title].map((title) => el("th", { scope: "col" }, title)),
      ),
    ),
    el("tbody", {}, rows.map(comparedRow)),
  );
}

/** @param {Row} row */
function comparedRow({ name, left, right, same }) {
  return el(
    "tr",
    { "data-same": String(same) },
    el("th", { scope: "row" }, name, el("span.badge", {}, same ? T.compare.same : T.compare.differs)),
    side(left),
    side(right),
  );
}

/** @param {Line[]} lines */
function side(lines) {
  if (!lines.length) return el("td", {}, el("p.none", {}, T.compare.lacks));
  return el(
    "td",
    {},
    lines.map(({ text, same }) => el("p", {}, same ? text : el("mark", {}, text))),
  );
}
