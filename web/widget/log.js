/** What was said, drawn in order. A message is drawn once, so that ticks, switches and folds stay as they are. */

import { button, h, withNumbers } from "./dom.js";
import { card } from "./card.js";
import { rating } from "./rating.js";
import { T } from "./texts.js";

/** @import {Desk} from "./card.js" */
/** @import {Talk} from "./talk.js" */
/** @import {Message, Question} from "./types.js" */

export class Log {
  /** @param {Talk} talk @param {() => Desk} desk */
  constructor(talk, desk) {
    this.talk = talk;
    this.desk = desk;
    /** @type {WeakMap<object, HTMLElement>} */
    this.drawn = new WeakMap();
    this.element = h("div", { class: "log", role: "log", "aria-label": T.skip, "aria-live": "off", tabindex: "0" });
  }

  /** Draw what is new. @param {HTMLElement[]} empty  shown while nothing was said @param {HTMLElement[]} last */
  draw(empty, last) {
    const { messages, state } = this.talk;
    const said = messages.map((message) => this.#once(message, () => this.#message(message)));
    const waiting = state.outbox.map((question) => this.#once(question, () => bubble("citizen waiting", T.you, question.text)));
    const wanted = [...(said.length || waiting.length || last.length ? [] : empty), ...said, ...waiting, ...last];
    const have = [...this.element.children];
    if (have.length === wanted.length && have.every((element, index) => element === wanted[index])) return;
    for (const element of have) if (!wanted.includes(/** @type {HTMLElement} */ (element))) element.remove();
    wanted.forEach(
      (element, index) =>
        this.element.children[index] !== element && this.element.insertBefore(element, this.element.children[index] ?? null),
    );
  }

  /** The newest question comes to the top, its answer below it; calm readers get no gliding. */
  reveal() {
    const newest = [...this.element.querySelectorAll(".citizen")].at(-1);
    if (!newest) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    newest.scrollIntoView({ block: "start", behavior: still ? "instant" : "smooth" });
  }

  /** Draw everything anew: what the cards draw from has changed. */
  forget() {
    this.drawn = new WeakMap();
  }

  /** @param {object} key @param {() => HTMLElement} draw */
  #once(key, draw) {
    const found = this.drawn.get(key) ?? draw();
    this.drawn.set(key, found);
    return found;
  }

  /** @param {Message} message */
  #message(message) {
    if (message.from === "citizen") return bubble("citizen", T.you, message.text);
    if (message.from === "agent") return bubble("agent", T.agent, message.text);
    if (!message.payload) return bubble("bot", T.bot, message.text || T.personSent);
    const drawn = card(message, this.desk());
    if (message.payload.type !== "chitchat" && this.talk.ratable(message))
      drawn.append(rating((useful, reason) => this.talk.rate(message.seq, useful, reason)));
    return h("div", { class: "bot turn" }, h("span", { class: "unseen" }, T.bot), drawn);
  }
}

/** @param {string} kind @param {string} who @param {string} text */
function bubble(kind, who, text) {
  return h(
    "div",
    { class: `bubble ${kind}` },
    h("span", { class: kind.startsWith("agent") ? "who" : "unseen" }, who),
    ...text.split("\n").map((line) => h("p", {}, ...withNumbers(line))),
  );
}

/**
 * A question the server did not take, with a way to mend it.
 *
 * @param {string} sentence
 * @param {Question} question
 * @param {() => void} edit
 */
export function refusal(sentence, question, edit) {
  return h(
    "div",
    { class: "notice", role: "alert" },
    h("p", {}, ...withNumbers(sentence)),
    h("p", {}, T.notSent, question.text.slice(0, 80)),
    button("option", T.edit, edit),
  );
}
