// @ts-check
/** The answer: what to say, what to bring, how long, where, whom to call, what to ask next, what to send. */

import { el } from "../dom.js";
import { T } from "../texts.js";
import { button, rivals, whichItem } from "./suggestions.js";

/** @typedef {import("../types.js").Card} Card */
/** @typedef {import("../types.js").Line} Line */

export const CHOICE_KEYS = ["A", "S", "D", "F"];

/**
 * @param {Card} card
 * @param {import("../types.js").CallState} state
 * @param {ReadonlySet<string>} done sentences read and materials told already
 * @param {boolean | undefined} verdict what the agent said of this item: right, wrong, nothing yet
 * @returns {HTMLElement}
 */
export function cardView(card, state, done, verdict) {
  const { payload } = card;
  return el(
    "section.card",
    { "data-key": "card", "aria-label": T.card.title },
    head(card, verdict),
    payload.notices.length > 0 && el("p.notices", {}, payload.notices.join(" ")),
    el(
      "div.columns",
      {},
      script(card, rivals(state), done),
      checklist(card.checklist, done),
      facts(card, new Set(state.aspects)),
    ),
  );
}

/**
 * @param {Card} card
 * @param {boolean | undefined} verdict
 */
function head({ payload, link }, verdict) {
  const place = payload.region.path?.replaceAll("/", "") ?? "";
  return el(
    "header",
    {},
    el("h2", {}, payload.item?.name ?? T.card.title, place && el("span.where", {}, place)),
    el("p.source", {}, payload.sources.map(({ title }) => `《${title.replace(/^《|》$/g, "")}》`).join("")),
    link && el("a.small", { href: link, target: "_blank", rel: "noopener" }, T.card.guide, el("kbd", {}, "G")),
    button("compare", "", T.card.compare, "C"),
    el(
      "span.verdict",
      {},
      verdictButton("right", T.card.right, "R", verdict === true),
      verdictButton("wrong", T.card.wrong, "W", verdict === false),
    ),
  );
}

/**
 * @param {string} action
 * @param {string} label
 * @param {string} key
 * @param {boolean} pressed
 */
function verdictButton(action, label, key, pressed) {
  return el(
    `button.small.${action}`,
    { type: "button", "data-key": action, "data-do": action, "aria-pressed": String(pressed) },
    label,
    el("kbd", {}, key),
  );
}

/**
 * @param {Card} card
 * @param {import("../types.js").Candidate[]} close items of which the caller has to say which is meant
 * @param {ReadonlySet<string>} done
 */
function script(card, close, done) {
  const ask = card.ask_next;
  const sentences = spoken(card);
  const next = sentences.find((sentence) => !done.has(sentence));
  return el(
    "section.script",
    { "aria-label": T.card.script },
    el("h3", {}, T.card.script, el("span.hint", {}, T.card.scriptHint)),
    el(
      "ol",
      { tabindex: "0", "aria-label": T.card.script },
      sentences.map((sentence) =>
        el(
          "li",
          {
            "data-do": "said",
            "data-value": sentence,
            "data-done": done.has(sentence),
            "aria-current": sentence === next && "step",
          },
          sentence,
        ),
      ),
    ),
    close.length ? whichItem(close) : ask && askNext(ask),
  );
}

/**
 * @param {Card | null | undefined} card
 * @returns {string[]} the script without its last question, which has a box of its own
 */
export function spoken(card) {
  const question = card?.ask_next?.question;
  return card?.script.filter((sentence) => sentence !== question) ?? [];
}

/** @param {NonNullable<Card["ask_next"]>} ask */
function askNext({ question, choices }) {
  return el(
    "div.ask",
    { "data-key": "ask", role: "group", "aria-label": T.card.ask },
    el("p", {}, el("b", {}, T.card.ask), question),
    el(
      "div.choices",
      {},
      choices.map(({ id, label }, n) => button("choose", id, label, CHOICE_KEYS[n] ?? "", "choice")),
    ),
  );
}

/**
 * @param {Line[]} lines
 * @param {ReadonlySet<string>} done
 */
function checklist(lines, done) {
  const told = lines.filter(({ text }) => done.has(text)).length;
  return el(
    "section.checklist",
    { "aria-label": T.card.checklist },
    el("h3", {}, T.card.checklist, el("span.hint", {}, T.card.told(told, lines.length), el("kbd", {}, "U"))),
    el(
      "ul",
      { tabindex: "0", "aria-label": T.card.checklist },
      lines.map(({ text, when }) =>
        el(
          "li",
          { "data-do": "told", "data-value": text, "data-done": done.has(text), "data-conditional": Boolean(when) },
          when && el("span.when", {}, when),
          el("span", {}, text),
        ),
      ),
      lines.length === 0 && el("li.none", {}, T.card.none),
    ),
  );
}

/**
 * @param {Card} card
 * @param {ReadonlySet<string>} asked
 */
function facts(card, asked) {
  const { payload, phones } = card;
  return el(
    "section.facts",
    { "aria-label": T.card.phones },
    block(T.card.phones, asked.has("phone"), phones.map(phone)),
    block(T.card.limit, asked.has("time_limit"), card.time_limit.map(line)),
    block(T.card.channels, asked.has("channels"), card.channels.map(line)),
    block(
      T.card.hours,
      asked.has("office_hours"),
      (payload.facts.office_hours ?? []).map(({ text }) => line(text)),
      true,
    ),
    el(
      "div.sms",
      {},
      el("h3", {}, T.card.sms, button("copy-sms", "", T.card.smsCopy, "M")),
      el("p", { tabindex: "0" }, card.sms),
    ),
  );
}

/**
 * @param {string} title
 * @param {boolean} asked whether the caller asked just this
 * @param {HTMLElement[]} lines
 * @param {boolean} [optional] left out when the guide has none
 */
function block(title, asked, lines, optional = false) {
  if (optional && !lines.length) return null;
  return el(
    asked ? "div.block.asked" : "div.block",
    {},
    el("h3", {}, title, asked && el("span.badge", {}, T.card.asked)),
    lines.length ? lines : el("p.none", {}, T.card.none),
  );
}

/** @param {string} text */
function line(text) {
  return el("p", {}, text);
}

/** @param {import("../types.js").Phone} entry */
function phone({ kind, place, number }) {
  const kinds = /** @type {Record<string, string>} */ (T.card.kinds);
  const label = [place, kind === "inquiry" ? "" : (kinds[kind] ?? kind)].filter(Boolean).join(" ");
  return el("p.phone", {}, el("b", {}, number), label && el("span", {}, label));
}
