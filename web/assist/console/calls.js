// @ts-check
/** The calls that are open: found every few seconds, listed to choose from. */

import { ask } from "../api.js";
import { clock } from "../clock.js";
import { el } from "../dom.js";
import { T } from "../texts.js";

const EVERY_MS = 5000;

/** @typedef {import("../types.js").CallRow} CallRow */

/**
 * Look for open calls again and again while the page is seen.
 * @param {(calls: CallRow[]) => void} receive
 */
export function watchCalls(receive) {
  async function look() {
    if (document.visibilityState === "visible") {
      const answer = await ask("GET", "/calls?open=true").catch(() => null);
      if (answer) receive(answer.calls);
    }
    setTimeout(look, EVERY_MS);
  }
  void look();
}

/**
 * What is shown while no call is on the screen.
 * @param {CallRow[]} calls
 * @returns {HTMLElement}
 */
export function callsView(calls) {
  return el(
    "section.lobby",
    { "data-key": "lobby", "aria-label": T.talk.open },
    el("h1", {}, calls.length ? T.talk.open : T.talk.openNone),
    calls.length === 0 && el("p.hint", {}, T.talk.empty),
    el("button.primary", { type: "button", "data-do": "begin" }, T.talk.begin, el("kbd", {}, "N")),
    el(
      "ul.calls",
      {},
      calls.map((call) =>
        el(
          "li",
          { "data-key": call.call },
          el(
            "button",
            { type: "button", "data-do": "show-call", "data-value": call.call },
            el("b", {}, callTitle(call)),
            el("span", {}, call.last_words ?? T.talk.quiet),
            el("small", {}, call.item?.name ?? ""),
          ),
        ),
      ),
    ),
  );
}

/**
 * @param {CallRow} call
 * @returns {string} when it began, and from where
 */
export function callTitle({ since, line, region }) {
  return [clock(since), line, region?.replaceAll("/", "")].filter(Boolean).join(" · ");
}
