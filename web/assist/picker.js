// @ts-check
/** Choosing one of many by typing a few characters: places, circumstances, items, calls. */

import { el, morph } from "./dom.js";
import { openDialog } from "./dialogs.js";
import { T } from "./texts.js";

/** @typedef {{value: string, label: string, note?: string, on?: boolean}} Option */

/**
 * Let the person choose.
 * @param {string} title
 * @param {string} prompt what to type
 * @param {(typed: string) => Option[] | Promise<Option[]>} find the options that fit what is typed
 * @returns {Promise<string | undefined>} the value chosen; nothing when the person goes back
 */
export function pick(title, prompt, find) {
  const input = /** @type {HTMLInputElement} */ (
    el("input", {
      type: "text",
      role: "combobox",
      "aria-expanded": "true",
      "aria-controls": "picker-list",
      "aria-autocomplete": "list",
      "aria-label": prompt,
      placeholder: prompt,
      autocomplete: "off",
    })
  );
  const list = el("ul.options", { role: "listbox", id: "picker-list", "aria-label": title });
  const dialog = openDialog(title, input, list, el("p.hint", {}, T.help.list));
  dialog.classList.add("picker");
  /** @type {Option[]} */
  let options = [];
  let active = 0;
  let asked = 0;

  async function refresh() {
    const mine = ++asked;
    const found = await Promise.resolve(find(input.value.trim())).catch(() => []);
    if (mine !== asked) return;
    options = found;
    active = 0;
    draw();
  }

  function draw() {
    const rows = options.map((option, n) => optionRow(option, n, n === active));
    morph(list, el("ul.options", { role: "listbox", id: "picker-list", "aria-label": title }, rows));
    if (options.length) input.setAttribute("aria-activedescendant", `picker-${active}`);
    else input.removeAttribute("aria-activedescendant");
    list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  return new Promise((resolve) => {
    /** @param {number} n */
    function choose(n) {
      if (!options[n]) return;
      resolve(options[n].value);
      dialog.close();
    }
    input.addEventListener("input", refresh);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") choose(active);
      else if (event.key === "ArrowDown") active = Math.min(active + 1, options.length - 1);
      else if (event.key === "ArrowUp") active = Math.max(active - 1, 0);
      else return;
      event.preventDefault();
      draw();
    });
    list.addEventListener("click", (event) => {
      const row = event.target instanceof Element ? event.target.closest("[data-n]") : null;
      if (row instanceof HTMLElement) choose(Number(row.dataset.n));
    });
    dialog.addEventListener("close", () => resolve(undefined));
    void refresh();
    input.focus();
  });
}

/**
 * @param {Option} option
 * @param {number} n
 * @param {boolean} active
 */
function optionRow(option, n, active) {
  return el(
    "li",
    { role: "option", id: `picker-${n}`, "data-n": n, "aria-selected": String(active) },
    el("span", {}, option.label),
    option.on && el("span.on", {}, T.found.on),
    option.note && el("span.note", {}, option.note),
  );
}
