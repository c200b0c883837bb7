// @ts-check
/** Typing what the caller says where no telephone system listens: partial while typing, final on Enter. */

import { ask } from "../api.js";
import { newId } from "../ids.js";
import { send } from "../outbox.js";

const PAUSE_MS = 250;

/**
 * @param {HTMLInputElement} input
 * @param {() => string | null} currentCall
 */
export function listenToTyping(input, currentCall) {
  let piece = newId();
  /** @type {number | undefined} */
  let timer;

  /** @param {boolean} final */
  function typed(final) {
    return { id: piece, speaker: "caller", text: input.value, final, at: new Date().toISOString() };
  }

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (/** @type {InputEvent} */ (event).isComposing) return;
    timer = setTimeout(() => {
      const call = currentCall();
      if (call && input.value.trim()) ask("POST", `/calls/${call}/pieces`, typed(false)).catch(() => {}); // the final one is what counts
    }, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) input.blur();
  });
  input.form?.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    const call = currentCall();
    if (!call || !input.value.trim()) return;
    send("POST", `/calls/${call}/pieces`, typed(true));
    piece = newId();
    input.value = "";
  });
}
