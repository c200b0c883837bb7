/** The input with type-ahead: a combobox with a list, as the ARIA Authoring Practices describe it. */

import * as api from "./api.js";
import { h, iconButton } from "./dom.js";
import { ARROW } from "./icons.js";
import { T } from "./texts.js";
import { microphone } from "./voice.js";

/** @import {Suggestion} from "./types.js" */

const LONGEST = 500;
const SETTLED = 120;

export class Composer {
  /**
   * @param {(text: string) => void} say
   * @param {() => string | null} region
   * @param {(sentence: string) => void} tell
   */
  constructor(say, region, tell) {
    this.say = say;
    this.region = region;
    /** @type {Suggestion[]} */
    this.found = [];
    this.active = -1;
    this.timer = 0;
    this.asking = new AbortController();
    this.input = h("input", {
      class: "ask",
      type: "text",
      role: "combobox",
      "aria-label": T.ask,
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": "suggestions",
      placeholder: T.askPlaceholder,
      autocomplete: "off",
      enterkeyhint: "send",
      maxlength: LONGEST,
      oninput: () => this.#look(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      onblur: () => this.#close(),
    });
    this.list = h("ul", {
      id: "suggestions",
      class: "suggestions",
      role: "listbox",
      "aria-label": T.suggestions,
      hidden: true,
    });
    this.count = h("span", { class: "unseen", role: "status" });
    const heard = (/** @type {string} */ text) => ((this.input.value = text), this.#look());
    const send = iconButton(ARROW, T.send, () => this.#send(this.input.value), { class: "icon send" });
    const row = h("div", { class: "row" }, this.input, microphone(heard, tell), send);
    this.element = h("form", { class: "composer" }, this.list, row, h("p", { class: "privacy" }, T.privacy), this.count);
    this.element.addEventListener("submit", (event) => (event.preventDefault(), this.#send(this.input.value)));
  }

  /** @param {string} text */
  fill(text) {
    this.input.value = text;
    this.input.focus();
  }

  focus() {
    this.input.focus();
  }

  /** @param {string} text */
  #send(text) {
    this.#close();
    if (!text.trim()) return this.input.focus();
    this.input.value = "";
    this.say(text.trim());
  }

  #look() {
    clearTimeout(this.timer);
    this.asking.abort();
    const typed = this.input.value.trim();
    if (!typed) return this.#close();
    this.asking = new AbortController();
    this.timer = setTimeout(() => void this.#ask(typed, this.asking.signal), SETTLED);
  }

  /** @param {string} typed @param {AbortSignal} signal */
  async #ask(typed, signal) {
    try {
      const found = await api.suggest(typed, this.region(), signal);
      if (!signal.aborted) this.#open(found);
    } catch {
      if (!signal.aborted) this.#close(); // a question can be asked without suggestions
    }
  }

  /** @param {Suggestion[]} found */
  #open(found) {
    this.found = found;
    this.active = -1;
    this.list.replaceChildren(...found.map((one, index) => this.#option(one, index)));
    this.count.textContent = found.length ? T.suggested(found.length) : "";
    this.#show(found.length > 0);
  }

  /** @param {Suggestion} one @param {number} index */
  #option(one, index) {
    // a press must not take the focus, or the list would close before the click
    const hold = (/** @type {Event} */ event) => event.preventDefault();
    return h(
      "li",
      {
        id: `suggestion-${index}`,
        role: "option",
        "aria-selected": "false",
        onpointerdown: hold,
        onclick: () => this.#send(one.text),
      },
      h("span", {}, one.label, one.hint && h("small", {}, one.hint)),
      h("em", {}, T.kinds[one.kind] ?? ""),
    );
  }

  #close() {
    clearTimeout(this.timer);
    this.asking.abort();
    this.count.textContent = "";
    this.#show(false);
  }

  /** @param {boolean} open */
  #show(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (!open) this.#activate(-1);
  }

  /** @param {number} index */
  #activate(index) {
    this.active = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", `suggestion-${index}`);
    this.list.children[index].scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return; // Enter and arrows belong to the input method
    const open = !this.list.hidden;
    const count = this.found.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !open) this.#look();
    else if (step) this.#activate(this.active < 0 ? (step > 0 ? 0 : count - 1) : (this.active + step + count) % count);
    else if (event.key === "Enter" && open && this.active >= 0) this.#send(this.found[this.active].text);
    else if (event.key === "Escape" && open) {
      this.#close();
      event.stopPropagation();
    } else return;
    event.preventDefault();
  }
}
