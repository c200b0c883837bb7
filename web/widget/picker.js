/** The place of insurance: searched by name or pinyin, or found level by level; the last few are remembered. */

import * as api from "./api.js";
import { button, h, iconButton } from "./dom.js";
import { CROSS } from "./icons.js";
import { lasting } from "./store.js";
import { T } from "./texts.js";

/** @import {Region} from "./types.js" */

const RECENT = 3;
const SETTLED = 150;

export class Picker {
  /** @param {(path: string | null) => void} pick */
  constructor(pick) {
    this.pick = pick;
    this.timer = 0;
    /** The levels gone down; the last is shown, "" is the whole country. */
    this.way = [""];
    this.asking = new AbortController();
    this.search = h("input", {
      type: "search",
      class: "ask",
      "aria-label": T.pickSearch,
      placeholder: T.pickSearch,
      autocomplete: "off",
      oninput: () => this.#find(),
    });
    this.list = h("div", { class: "places", "aria-live": "polite" });
    const close = iconButton(CROSS, T.close, () => this.element.close());
    this.element = h(
      "dialog",
      {
        class: "picker",
        "aria-label": T.pickTitle,
        onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && event.stopPropagation(),
      },
      h("div", { class: "title" }, h("h2", {}, T.pickTitle), close),
      h("p", { class: "hint" }, T.pickHelp),
      this.search,
      this.list,
      button("option", T.pickNone, () => this.#choose(null)),
    );
  }

  /** @param {string | null} region */
  open(region) {
    this.search.value = "";
    this.element.showModal();
    // a district is shown among its neighbours, a city with its districts
    const near = region?.replace(/\/[^/]*$/, "");
    this.way = near ? ["", near] : [""];
    void this.#level();
  }

  /** @param {string | null} path */
  #choose(path) {
    const recent = lasting.read("recent", /** @type {string[]} */ ([]));
    if (path) lasting.write("recent", [path, ...recent.filter((one) => one !== path)].slice(0, RECENT));
    this.element.close();
    this.pick(path);
  }

  #find() {
    clearTimeout(this.timer);
    this.way = [""];
    const typed = this.search.value.trim();
    this.timer = setTimeout(() => void (typed ? this.#named(typed) : this.#level()), SETTLED);
  }

  /** @param {string} typed */
  #named(typed) {
    return this.#load(
      (signal) => api.regionsNamed(typed, signal),
      (found) => [
        found.length ? null : h("p", { class: "hint" }, T.pickNothing),
        ...found.map((one) => this.#place(one, one.path.replaceAll("/", " "), mixed(found), () => this.#choose(one.path))),
      ],
    );
  }

  /** The places below the one reached; a place with none below is itself the choice. */
  #level() {
    const path = this.way.at(-1) ?? "";
    return this.#load(
      (signal) => api.regionsUnder(path, signal),
      (found) => {
        if (!found.length && path) return void this.#choose(path);
        return [
          ...this.#head(path),
          ...found.map((one) => this.#place(one, one.name, mixed(found), () => void this.#go(one.path))),
        ];
      },
    );
  }

  /** One level down, or up again. @param {string} [path] */
  #go(path) {
    if (path) this.way.push(path);
    else this.way.pop();
    return this.#level();
  }

  /** The way back and the place itself as a choice; at the top, the places picked before. @param {string} path */
  #head(path) {
    if (path) {
      return [
        button("place back", `← ${T.back}`, () => void this.#go()),
        button("place this", `${T.pickThis}${path.replaceAll("/", "")}`, () => this.#choose(path)),
      ];
    }
    const recent = lasting.read("recent", /** @type {string[]} */ ([]));
    return recent.map((one) => button("place recent", `${T.pickRecent}：${one.replaceAll("/", " ")}`, () => this.#choose(one)));
  }

  /**
   * @param {Region} region
   * @param {string} label
   * @param {boolean} marked  whether a guide of its own sets it apart from the others shown
   * @param {() => void} press
   */
  #place(region, label, marked, press) {
    const element = button("place", label, press);
    if (marked && region.has_guide) element.append(h("small", { class: "mark" }, T.ownGuide));
    return element;
  }

  /**
   * @param {(signal: AbortSignal) => Promise<Region[]>} ask
   * @param {(found: Region[]) => (Node | null)[] | void} draw
   */
  async #load(ask, draw) {
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    const held = this.list.contains(/** @type {ShadowRoot} */ (this.element.getRootNode()).activeElement);
    try {
      const drawn = draw(await ask(signal));
      if (drawn && !signal.aborted) this.list.replaceChildren(...drawn.filter((one) => one !== null));
    } catch {
      if (!signal.aborted) this.list.replaceChildren(h("p", { class: "notice" }, T.pickFailed));
    }
    if (held) this.list.querySelector("button")?.focus();
  }
}

/** @param {Region[]} found */
const mixed = (found) => found.some((one) => !one.has_guide);
