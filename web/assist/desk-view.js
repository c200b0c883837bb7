// @ts-check
/** The desk as nodes: who waits on the left, the talk with one citizen on the right. */

import { clock, lasting } from "./clock.js";
import { el } from "./dom.js";
import { waiting } from "./outbox.js";
import { T } from "./texts.js";

/** @typedef {import("./types.js").Conversation} Conversation */
/** @typedef {import("./types.js").Said} Said */

/**
 * @param {{desk: import("./types.js").Desk | null, chosen: string | null, name: string}} screen
 * @returns {HTMLElement[]}
 */
export function deskView({ desk, chosen, name }) {
  if (!desk) return [el("p.empty", { "data-key": "loading" }, T.shell.loading)];
  const { conversations, duty } = desk;
  const current = conversations.find(({ conversation }) => conversation === chosen);
  const groups = /** @type {const} */ ([
    [T.desk.waiting, conversations.filter(({ state }) => state === "waiting")],
    [T.desk.taken, conversations.filter(({ state, agent }) => state === "taken" && agent === name)],
    [T.desk.others, conversations.filter(({ state, agent }) => state === "taken" && agent !== name)],
  ]);
  return [
    el(
      "section.sheet.queue",
      { "data-key": "queue", "aria-label": T.desk.title },
      el(
        "header",
        {},
        el("h1", {}, T.desk.title),
        el(
          "button.switch",
          { type: "button", role: "switch", "data-do": "duty", "aria-checked": String(duty.on) },
          duty.on ? T.desk.duty : T.desk.offDuty,
          el("kbd", {}, "D"),
        ),
      ),
      el("p.hint", {}, duty.on ? T.desk.onNote(duty.people) : T.desk.offNote(duty.people)),
      groups.map(([title, group]) => queue(title, group, chosen)),
    ),
    current ? talkView(current, name) : el("section.sheet.chat", { "data-key": "none" }, el("p.empty", {}, T.desk.nobody)),
  ];
}

/**
 * @param {string} title
 * @param {Conversation[]} group
 * @param {string | null} chosen
 */
function queue(title, group, chosen) {
  return el(
    "div",
    { "data-key": title },
    el("h2", {}, `${title} ${group.length}`),
    el(
      "ul",
      {},
      group.map(({ conversation, channel, since, talk }) =>
        el(
          "li",
          { "data-key": conversation },
          el(
            "button.row",
            {
              type: "button",
              "data-do": "choose",
              "data-value": conversation,
              "aria-current": conversation === chosen && "true",
            },
            el("b", {}, source(channel)),
            el("small", {}, `${T.desk.since} ${lasting(since)}`),
            el("span", {}, lastWords(talk)),
          ),
        ),
      ),
    ),
  );
}

/** @param {string} channel */
function source(channel) {
  return /** @type {Record<string, string>} */ (T.desk.sources)[channel] ?? channel;
}

/** @param {Said[]} talk */
function lastWords(talk) {
  return [...talk].reverse().find(({ from }) => from === "citizen")?.text ?? "";
}

/**
 * @param {Conversation} current
 * @param {string} name
 */
function talkView(current, name) {
  const mine = current.agent === name;
  const talk = [...current.talk, ...unsent(current)];
  return el(
    "section.sheet.chat",
    { "data-key": current.conversation, "aria-label": T.talk.title },
    el(
      "header",
      {},
      el("h1", {}, source(current.channel), current.agent && el("small", {}, ` ${current.agent}`)),
      current.state === "waiting" && act("take", T.desk.take, "H", "primary"),
      mine && act("give-back", T.desk.giveBack, "B", "small"),
    ),
    el("div.said", { role: "log", tabindex: "0", "aria-label": T.talk.title }, el("ol", {}, talk.map(saidRow))),
    mine ? replyForm() : el("p.hint", {}, T.desk.takeFirst),
  );
}

/**
 * @param {Said} said
 * @param {number} n
 */
function saidRow({ from, at, text, waits }, n) {
  return el(
    `li.${from}`,
    { "data-key": `${n}` },
    el("span.who", {}, `${T.desk.who[from]} ${clock(at)}`, waits && ` · ${T.desk.unsent}`),
    el("p", {}, text),
  );
}

function replyForm() {
  return el(
    "div.reply",
    {},
    el("label", { for: "reply" }, T.desk.say, el("kbd", {}, "T"), el("span.hint", {}, ` ${T.desk.sayHint}`)),
    el("textarea", { id: "reply", rows: 3, maxlength: 1000 }),
    act("send", T.desk.send, "Enter", "primary"),
  );
}

/**
 * @param {string} action
 * @param {string} label
 * @param {string} key
 * @param {string} style
 */
function act(action, label, key, style) {
  return el(`button.${style}`, { type: "button", "data-key": action, "data-do": action }, label, el("kbd", {}, key));
}

/**
 * @param {Conversation} current
 * @returns {Said[]} written here, not yet with the server
 */
function unsent({ conversation }) {
  return waiting()
    .filter(({ path }) => path === `/desk/${encodeURIComponent(conversation)}/messages`)
    .map(({ body }) => ({ from: "agent", text: body.text, at: new Date().toISOString(), waits: true }));
}
