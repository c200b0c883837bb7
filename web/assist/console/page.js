// @ts-check
/** The whole console, put together from its parts. */

import { lasting } from "../clock.js";
import { el } from "../dom.js";
import { waiting } from "../outbox.js";
import { T } from "../texts.js";
import { callsView } from "./calls.js";
import { cardView } from "./card.js";
import { button, rivals, suggestionsView, whichItem } from "./suggestions.js";
import { talkView } from "./talk.js";

/** @typedef {import("../types.js").CallState} CallState */
/** @typedef {import("../types.js").Piece} Piece */

/**
 * @param {{calls: import("../types.js").CallRow[], call: string | null, state: CallState | null, done: Set<string>,
 *   fresh: Set<string>, catalogue: import("../types.js").Catalogue}} screen
 * @returns {HTMLElement[]}
 */
export function consoleView(screen) {
  if (!screen.call) return [callsView(screen.calls)];
  const { state, call } = screen;
  if (!state) return [el("p.empty", { "data-key": "loading" }, T.shell.loading)];
  const names = new Map(screen.catalogue.items.map(({ id, name }) => [id, name]));
  const verdict = state.feedback[state.card?.payload.item?.id ?? ""]?.right;
  return [
    el(
      "section.talk",
      { "data-key": "talk", "aria-label": T.talk.title },
      talkHead(screen, state),
      talkView(state, unsentPieces(call)),
      typingForm(state),
    ),
    el(
      "div.answer",
      { "data-key": "answer" },
      suggestionsView(state, (item) => names.get(item) ?? item),
      state.card ? cardView(state.card, state, screen.done, verdict) : noCard(state),
    ),
  ];
}

/** @param {CallState} state */
function noCard(state) {
  return el(
    "section.card.blank",
    { "data-key": "blank", "aria-label": T.card.title },
    rivals(state).length ? whichItem(rivals(state)) : el("p.empty", {}, state.open_question ? T.candidates.open : T.card.empty),
    el("p", {}, button("compare", "", T.compare.title, "C")),
  );
}

/**
 * @param {{calls: {call: string}[], fresh: Set<string>}} screen
 * @param {CallState} state
 */
function talkHead({ calls, fresh }, state) {
  const closed = state.status === "closed";
  return el(
    "header",
    {},
    el("h1", {}, closed ? T.talk.closed : T.talk.number, el("time", { id: "lasting" }, closed ? "" : lasting(state.since))),
    el(
      "button.small",
      { type: "button", "data-key": "calls", "data-do": "pick-call" },
      T.talk.calls(calls.length),
      fresh.size > 0 && el("span.fresh", { title: T.talk.fresh(fresh.size) }, `+${fresh.size}`),
      el("kbd", {}, "L"),
    ),
    button("begin", "", T.talk.begin, "N"),
    closed ? button("lobby", "", T.shell.close, "") : button("close", "", T.closing.short, "E", "end"),
  );
}

/** @param {CallState} state */
function typingForm(state) {
  return el(
    "form.typing",
    { "data-key": "typing", hidden: state.status === "closed" },
    el("label", { for: "typed" }, T.talk.type, el("kbd", {}, "T")),
    el("input", {
      id: "typed",
      type: "text",
      maxlength: 1000,
      autocomplete: "off",
      placeholder: T.talk.typeHint,
    }),
  );
}

/**
 * @param {string} call
 * @returns {Piece[]} typed here, not yet with the server
 */
function unsentPieces(call) {
  return waiting()
    .filter(({ path }) => path === `/calls/${call}/pieces`)
    .map(({ body }) => ({ ...body, waits: true }));
}

/** @param {CallState | null} state */
export function setClock(state) {
  const time = document.querySelector("#lasting");
  if (time && state?.status === "open") time.textContent = lasting(state.since);
}
