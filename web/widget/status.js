/** What goes on between question and answer: waiting, trouble, short notices; and what screen readers are told. */

import { button, h, withNumbers } from "./dom.js";
import { T } from "./texts.js";

/** @import {Talk} from "./talk.js" */

const SLOW = 4;
const VERY_SLOW = 15;
const NOTICE_SHOWN = 6000;

export class Status {
  /** @param {Talk} talk */
  constructor(talk) {
    this.talk = talk;
    this.shown = "";
    this.timer = 0;
    this.notice = h("p", { class: "toast", hidden: true });
    this.line = h("div", { class: "waiting", hidden: true });
    this.element = h("div", { class: "status" }, this.notice, this.line);
    /** Counting seconds are for the eyes; this is for the ears. */
    this.spoken = h("div", { class: "unseen", "aria-live": "polite" });
    setInterval(() => this.draw(), 1000);
  }

  /** Read a sentence out and show it for a while. @param {string} sentence */
  tell(sentence) {
    this.notice.replaceChildren(...withNumbers(sentence));
    this.notice.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.notice.hidden = true), NOTICE_SHOWN);
    this.say(sentence);
  }

  /** Read out by screen readers only. @param {string} text */
  say(text) {
    this.spoken.replaceChildren(h("p", {}, text));
  }

  draw() {
    const { trouble, asked } = this.talk;
    const kind = trouble ? "trouble" : asked ? "thinking" : "";
    const seconds = trouble
      ? Math.ceil((trouble.until - Date.now()) / 1000)
      : asked
        ? Math.floor((Date.now() - asked) / 1000)
        : 0;
    const sentence = trouble ? trouble.say(Math.max(1, seconds)) : thinking(seconds);
    this.line.hidden = !kind;
    if (kind !== this.shown) this.#begin(kind, sentence);
    this.line.querySelector("p")?.replaceChildren(...withNumbers(sentence));
  }

  /** @param {string} kind @param {string} sentence */
  #begin(kind, sentence) {
    this.shown = kind;
    this.line.className = `waiting ${kind}`;
    this.line.replaceChildren(
      h("p"),
      kind === "trouble" ? button("option", T.retry, () => this.talk.retry()) : h("i", { class: "bar" }),
    );
    if (kind) this.say(sentence);
  }
}

/** @param {number} seconds */
function thinking(seconds) {
  if (seconds < SLOW) return T.thinking;
  return seconds < VERY_SLOW ? T.slow(seconds) : T.verySlow(seconds);
}
