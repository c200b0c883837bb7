/** The materials as a list to tick, which changes with the circumstances that are switched on. Both are kept on this device. */

import { button, h } from "./dom.js";
import { lasting } from "./store.js";
import { T } from "./texts.js";

/** @import {Circumstance, Fact, Line} from "./types.js" */

const LISTS_KEPT = 30;

/** Which materials a person needs: the rules of the list, apart from its looks. */
export class Needs {
  /**
   * @param {Fact[]} facts
   * @param {string[]} on  circumstances that hold
   * @param {Map<string, Circumstance>} catalogue
   */
  constructor(facts, on, catalogue) {
    this.facts = facts;
    this.catalogue = catalogue;
    this.on = new Set(on);
    for (const id of on) this.#imply(id);
  }

  /** @param {string} id */
  #imply(id) {
    this.on.add(id);
    for (const implied of this.catalogue.get(id)?.implies ?? []) this.#imply(implied);
  }

  /** @param {Fact} fact */
  applies(fact) {
    return (fact.circumstances ?? []).every((id) => this.on.has(id) || !this.catalogue.has(id));
  }

  /** @param {Fact} fact */
  waived(fact) {
    return !!fact.waived_when?.length && fact.waived_when.every((id) => this.on.has(id));
  }

  get wanted() {
    return this.facts.filter((fact) => this.applies(fact) && !this.waived(fact));
  }

  /** Circumstances worth asking for: those that would change the list now, and those switched on. @returns {Circumstance[]} */
  get switches() {
    const ids = this.facts.flatMap((fact) => [...(fact.circumstances ?? []), ...(fact.waived_when ?? [])]);
    return [...new Set(ids)]
      .map((id) => this.catalogue.get(id))
      .filter((one) => one !== undefined)
      .filter((one) => this.on.has(one.id) || this.#matters(one));
  }

  /** @param {Circumstance} one */
  #matters(one) {
    const met = (/** @type {string} */ id) => id === one.id || one.implies.includes(id) || this.on.has(id);
    return this.facts.some((fact) =>
      [fact.circumstances ?? [], fact.waived_when ?? []].some((ids) => ids.includes(one.id) && ids.every(met)),
    );
  }

  /** Switch a circumstance; those it excludes and those that stood on it go. @param {Circumstance} one */
  toggle(one) {
    if (this.on.delete(one.id)) {
      for (const id of [...this.on]) if (this.catalogue.get(id)?.implies.includes(one.id)) this.on.delete(id);
      return;
    }
    for (const id of [...this.on]) if (this.catalogue.get(id)?.group === one.group) this.on.delete(id);
    this.#imply(one.id);
  }
}

/**
 * @param {Fact[]} facts
 * @param {string[]} circumstances  those the talk has brought up
 * @param {string} key  under which ticks are kept: the item in its jurisdiction
 * @param {Map<string, Circumstance>} catalogue
 * @returns {{element: HTMLElement, lines: () => Line[]}}
 */
export function checklist(facts, circumstances, key, catalogue) {
  const kept = lasting.read("lists", /** @type {Record<string, {ticked: string[], on: string[]}>} */ ({}))[key];
  const group = (/** @type {string} */ id) => catalogue.get(id)?.group;
  // what the talk has brought up since goes before what was switched on an earlier time
  const earlier = (kept?.on ?? []).filter((id) => !circumstances.some((said) => group(said) === group(id)));
  const needs = new Needs(facts, [...circumstances, ...earlier], catalogue);
  const ticked = new Set(kept?.ticked ?? []);
  const switches = h("div", { class: "switches", role: "group", "aria-label": T.situations });
  const list = h("div", { class: "papers" });
  const progress = h("p", { class: "tally", role: "status" });
  const element = h("div", { class: "checklist" }, list, progress, switches);

  const keep = () => {
    const others = Object.entries(lasting.read("lists", {})).filter(([name]) => name !== key);
    const chosen = [...needs.on].filter((id) => !circumstances.includes(id));
    const mine = [key, { ticked: [...ticked], on: chosen }];
    lasting.write("lists", Object.fromEntries([mine, ...others].slice(0, LISTS_KEPT)));
  };
  const tick = (/** @type {Fact} */ fact, /** @type {boolean} */ is) => {
    if (is) ticked.add(fact.text);
    else ticked.delete(fact.text);
    keep();
    count();
  };
  const count = () => {
    const wanted = needs.wanted;
    const done = wanted.filter((fact) => ticked.has(fact.text)).length;
    progress.textContent = done && done === wanted.length ? T.allReady : T.ready(done, wanted.length);
    progress.hidden = !wanted.length;
    progress.classList.toggle("done", done === wanted.length);
  };
  const draw = () => {
    list.replaceChildren(...groups(needs, (fact) => paper(fact, ticked.has(fact.text), tick)));
    const shown = needs.switches;
    const focused = /** @type {ShadowRoot | Document} */ (element.getRootNode()).activeElement?.getAttribute("data-id");
    switches.replaceChildren(
      h("p", { class: "hint" }, T.situations),
      ...shown.map((one) =>
        button("switch", one.label, () => (needs.toggle(one), keep(), draw()), {
          "aria-pressed": String(needs.on.has(one.id)),
          "data-id": one.id,
        }),
      ),
    );
    switches.hidden = !shown.length;
    /** @type {HTMLElement | null} */ (switches.querySelector(`[data-id="${focused}"]`))?.focus();
    count();
  };
  draw();
  return { element, lines: () => lines(needs, ticked) };
}

/**
 * The papers as they are, then those of each case under the guide's own words for it.
 *
 * @param {Needs} needs
 * @param {(fact: Fact) => HTMLElement} draw
 */
function groups(needs, draw) {
  const drawn = [];
  for (const [when, facts] of byCase(needs.wanted)) {
    if (when) drawn.push(h("p", { class: "case" }, when));
    drawn.push(h("ul", { class: "list" }, ...facts.map(draw)));
  }
  for (const fact of needs.facts) {
    if (needs.waived(fact))
      drawn.push(h("p", { class: "case" }, `${T.waived}${fact.text}${fact.waived ? `（${fact.waived}）` : ""}`));
  }
  return drawn;
}

/** @param {Fact[]} facts @returns {Map<string, Fact[]>} */
export function byCase(facts) {
  const cases = new Map([["", /** @type {Fact[]} */ ([])]]);
  for (const fact of facts) {
    const found = cases.get(fact.when ?? "");
    if (found) found.push(fact);
    else cases.set(fact.when ?? "", [fact]);
  }
  if (!cases.get("")?.length) cases.delete("");
  return cases;
}

/** @param {Fact} fact @param {boolean} is @param {(fact: Fact, is: boolean) => void} tick */
function paper(fact, is, tick) {
  const box = h("input", { type: "checkbox", checked: is, onchange: () => tick(fact, box.checked) });
  return h(
    "li",
    {},
    h(
      "label",
      { class: "paper" },
      box,
      h("span", {}, fact.text, ...marks(fact).map((mark) => h("small", { class: "mark" }, mark))),
    ),
  );
}

/** What a material asks for beside itself, where its text does not say so. @param {Fact} fact */
function marks(fact) {
  const found = [];
  if (fact.optional) found.push(T.sometimes);
  if (fact.form) found.push(T.form);
  if (fact.seal && !fact.text.includes(fact.seal)) found.push(T.seal(fact.seal));
  if (fact.waived) found.push(fact.waived);
  return found;
}

/** @param {Needs} needs @param {Set<string>} ticked @returns {Line[]} */
function lines(needs, ticked) {
  /** @type {Line[]} */
  const found = [];
  for (const [when, facts] of byCase(needs.wanted)) {
    if (when) found.push({ kind: "text", text: `${when}：` });
    for (const fact of facts) {
      const extra = marks(fact).filter((mark) => mark !== T.form);
      found.push({
        kind: "item",
        text: `${ticked.has(fact.text) ? "☑" : "☐"} ${fact.text}${extra.length ? `（${extra.join("，")}）` : ""}`,
      });
    }
  }
  const off = needs.switches.filter((one) => !needs.on.has(one.id));
  if (off.length) found.push({ kind: "note", text: T.notCounted + off.map((one) => one.label).join("、") });
  return found;
}
