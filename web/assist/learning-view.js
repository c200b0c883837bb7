// @ts-check
/** The learning queue as nodes: the questions on the left, one of them with what to do on the right. */

import { dateAndTime } from "./clock.js";
import { el } from "./dom.js";
import { T } from "./texts.js";

/** @typedef {import("./types.js").Question} Question */

const MOST = 3;

/**
 * @param {Question} question
 * @returns {string[]} the items it may belong to, the likeliest first
 */
export function proposals({ item, right_item: right, suggested }) {
  const all = [item, right, ...suggested].filter((id) => id !== null && id !== "out_of_scope");
  return [...new Set(/** @type {string[]} */ (all))].slice(0, MOST);
}

/**
 * @param {{state: string, questions: Question[] | null, chosen: number | null, items: import("./types.js").Item[]}} screen
 * @returns {HTMLElement[]}
 */
export function learningView({ state, questions, chosen, items }) {
  if (!questions) return [el("p.empty", { "data-key": "loading" }, T.shell.loading)];
  const names = new Map(items.map(({ id, name }) => [id, name]));
  const current = questions.find(({ id }) => id === chosen);
  return [
    el(
      "section.sheet.queue",
      { "data-key": "queue", "aria-label": T.learning.title },
      el("header", {}, el("h1", {}, T.learning.title), el("span.hint", {}, T.learning.left(questions.length))),
      tabs(state),
      el(
        "ul",
        { "data-key": "rows" },
        questions.map((question) => row(question, question.id === chosen)),
      ),
    ),
    current ? detail(current, names) : el("section.sheet.chat", { "data-key": "none" }, el("p.empty", {}, T.learning.empty)),
  ];
}

/** @param {string} state */
function tabs(state) {
  return el(
    "div.tabs",
    { "data-key": "tabs", role: "group", "aria-label": T.learning.title },
    Object.entries(T.learning.states).map(([name, label]) =>
      el(
        "button.small",
        { type: "button", "data-do": "state", "data-value": name, "aria-pressed": String(name === state) },
        label,
      ),
    ),
  );
}

/**
 * @param {Question} question
 * @param {boolean} chosen
 */
function row(question, chosen) {
  return el(
    "li",
    { "data-key": question.id },
    el(
      "button.row",
      { type: "button", "data-do": "choose", "data-value": question.id, "aria-current": chosen && "true" },
      el("b", {}, T.learning.kinds[question.kind]),
      el("small", {}, source(question)),
      el("span", {}, question.text),
    ),
  );
}

/** @param {Question} question */
function source({ source }) {
  return /** @type {Record<string, string>} */ (T.learning.sources)[source] ?? source;
}

/**
 * @param {Question} question
 * @param {Map<string, string>} names
 */
function detail(question, names) {
  const items = proposals(question);
  return el(
    "section.sheet.chat",
    { "data-key": `question-${question.id}`, "aria-label": T.learning.suggested },
    el(
      "header",
      {},
      el("h1", {}, T.learning.kinds[question.kind]),
      el("span.hint", {}, `${source(question)} · ${dateAndTime(question.at)}`),
      question.right_item && el("span.hint", {}, `${T.learning.rightItem}：${names.get(question.right_item)}`),
    ),
    el("blockquote", {}, question.text),
    question.state !== "open" &&
      el("p.hint", {}, `${T.learning.decided}：${[names.get(question.item ?? ""), question.note].filter(Boolean).join(" · ")}`),
    el("label", { for: "example" }, T.learning.text, el("kbd", {}, "E")),
    el("textarea", { id: "example", rows: 2, maxlength: 200 }, question.text),
    el("h2", {}, T.learning.suggested),
    el(
      "div.decisions",
      {},
      items.map((item, n) => act("example", item, names.get(item) ?? item, String(n + 1), n ? "" : ".primary")),
      act("other", "", T.learning.other, "O", ""),
      act("example", "out_of_scope", T.learning.outOfScope, "9", ""),
    ),
    el("label", { for: "note" }, T.learning.note),
    el("input", { id: "note", type: "text", maxlength: 500, value: question.note ?? "" }),
    el("div.decisions", {}, act("gap", "", T.learning.gap, "G", ""), act("drop", "", T.learning.drop, "X", ".end")),
  );
}

/**
 * @param {string} action
 * @param {string} value
 * @param {string} label
 * @param {string} key
 * @param {string} style
 */
function act(action, value, label, key, style) {
  return el(`button${style}`, { type: "button", "data-do": action, "data-value": value }, label, el("kbd", {}, key));
}
