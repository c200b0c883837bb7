// @ts-check
/** The left side: the talk as it runs, with the words marked on which the suggestion rests. */

import { el } from "../dom.js";
import { T } from "../texts.js";

/** @typedef {import("../types.js").CallState} CallState */
/** @typedef {import("../types.js").Piece} Piece */

/**
 * @param {CallState} state
 * @param {readonly Piece[]} unsent pieces typed here that the server does not have yet
 * @returns {HTMLElement}
 */
export function talkView(state, unsent) {
  const known = new Set(state.pieces.filter((piece) => piece.final).map((piece) => piece.id));
  const late = unsent.filter((piece) => !known.has(piece.id));
  const replaced = new Set(late.map((piece) => piece.id));
  const pieces = [...state.pieces.filter((piece) => !replaced.has(piece.id)), ...late];
  const words = wordsOf(state);
  return el(
    "div.pieces",
    { "data-key": "pieces", role: "log", "aria-label": T.talk.title, tabindex: "0" },
    el(
      "ol",
      {},
      pieces.map((piece) => pieceRow(piece, words)),
    ),
    pieces.length === 0 && el("p.empty", {}, T.talk.quiet),
  );
}

/**
 * The words of the item on the card.
 * @param {CallState} state
 */
function wordsOf(state) {
  const shown = state.card?.payload.item?.id ?? state.chosen_item;
  const candidate = state.candidates.find(({ item }) => item === shown) ?? state.candidates[0];
  return candidate?.words ?? [];
}

/**
 * @param {Piece} piece
 * @param {string[]} words
 */
function pieceRow(piece, words) {
  return el(
    `li.${piece.speaker}`,
    { "data-key": piece.id, "data-final": String(piece.final) },
    el("span.who", {}, T.talk[piece.speaker], piece.waits && ` · ${T.talk.unsent}`),
    el("p", {}, piece.speaker === "caller" ? marked(piece.text, words) : piece.text),
  );
}

/**
 * @param {string} text
 * @param {string[]} words
 * @returns {(string | HTMLElement)[]} the text in pieces, the words as marks
 */
export function marked(text, words) {
  const wanted = words.filter(Boolean).sort((one, other) => other.length - one.length);
  if (!wanted.length) return [text];
  const pattern = new RegExp(`(${wanted.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|")})`, "g");
  return text.split(pattern).map((part, n) => (n % 2 ? el("mark", {}, part) : part));
}
