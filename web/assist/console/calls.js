// @ts-check
/** The calls that are open: found every few seconds, listed to choose from. */

import { ask } from "../api.js";
import { el } from "../dom.js";
import { T } from "../texts.js";

const EVERY_MS = 3000;

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
    el("p.hint", {}, T.talk.empty),
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

/**
 * @param {string} at ISO
 * @returns {string} `09:05`
 */
export function clock(at) {
  return new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
}

/**
 * @param {string} since ISO
 * @returns {string} minutes and seconds gone by, `3:07`
 */
export function lasting(since) {
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(since)) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
