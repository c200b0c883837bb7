// @ts-check
/** Search over everything the guides hold: results while typing, arrows and Enter to open. */

import { ask, query } from "./api.js";
import { el, morph } from "./dom.js";
import { T } from "./texts.js";

const PAUSE_MS = 150;

/** @typedef {{kind: string, title: string, excerpt: string, item: string | null, jurisdiction: string, link: string | null}} Result */

/**
 * @param {(item: string) => void} [useItem] what choosing a result of an item does; otherwise its page opens
 * @returns {HTMLElement}
 */
export function searchBox(useItem) {
  const input = /** @type {HTMLInputElement} */ (
    el("input", {
      type: "search",
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": "search-list",
      "aria-label": T.search.label,
      placeholder: T.search.short,
      autocomplete: "off",
      maxlength: 100,
    })
  );
  const list = el("ul.options", { role: "listbox", id: "search-list", "aria-label": T.search.label });
  const box = el("div.search", {}, input, el("kbd", { "aria-hidden": "true" }, "/"), list);
  /** @type {Result[]} */
  let results = [];
  let active = 0;
  let asked = 0;
  /** @type {number | undefined} */
  let timer;

  async function find() {
    const mine = ++asked;
    const q = input.value.trim();
    const answer = q ? await ask("GET", `/search${query({ q })}`).catch(() => null) : null;
    if (mine !== asked) return;
    results = answer?.results ?? [];
    active = 0;
    draw(q !== "");
  }

  /** @param {boolean} open */
  function draw(open) {
    const rows = results.map((result, n) => resultRow(result, n, n === active));
    const none = el("li.none", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, T.search.none);
    const shown = open ? (rows.length ? rows : [none]) : [];
    morph(list, el("ul.options", { role: "listbox", id: "search-list", "aria-label": T.search.label }, shown));
    list.classList.toggle("open", open);
    input.setAttribute("aria-expanded", String(open));
    input.setAttribute("aria-activedescendant", open && rows.length ? `result-${active}` : "");
    list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} n */
  function choose(n) {
    const result = results[n];
    if (!result) return;
    draw(false);
    input.value = "";
    input.blur();
    if (result.item && useItem) useItem(result.item);
    else if (result.link) open(result.link, "_blank", "noopener");
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") choose(active);
    else if (event.key === "ArrowDown") active = Math.min(active + 1, results.length - 1);
    else if (event.key === "ArrowUp") active = Math.max(active - 1, 0);
    else if (event.key === "Escape") {
      draw(false);
      input.value = "";
      input.blur();
      return;
    } else return;
    event.preventDefault();
    if (event.key !== "Enter") draw(true);
  });
  list.addEventListener("mousedown", (event) => {
    const row = event.target instanceof Element ? event.target.closest("[data-n]") : null;
    event.preventDefault();
    if (row instanceof HTMLElement) choose(Number(row.dataset.n));
  });
  input.addEventListener("blur", () => draw(false));
  input.addEventListener("focus", () => draw(input.value.trim() !== ""));
  return box;
}

/**
 * @param {Result} result
 * @param {number} n
 * @param {boolean} active
 */
function resultRow(result, n, active) {
  const kinds = /** @type {Record<string, string>} */ (T.search.kinds);
  return el(
    "li",
    { role: "option", id: `result-${n}`, "data-n": n, "aria-selected": String(active) },
    el("span.kind", {}, kinds[result.kind] ?? result.kind),
    el("span.title", {}, result.title),
    el("span.note", {}, result.excerpt),
  );
}
