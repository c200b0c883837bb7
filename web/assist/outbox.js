// @ts-check
/** What was done but not yet delivered: kept in order over a lost network, a reload, an expired session. */

import { ask, news, Refusal } from "./api.js";

const PLACE = "assist.outbox";
const PAUSE_MS = 2000;

/** @typedef {{method: string, path: string, body: any}} Letter */

/** Events `change`, `delivered` (with path, body and answer) and `refused` (with the {@link Refusal}). */
export const outbox = new EventTarget();

/** @type {Letter[]} */
const letters = JSON.parse(sessionStorage.getItem(PLACE) ?? "[]");
let busy = false;

/** @returns {readonly Letter[]} what still waits, oldest first */
export function waiting() {
  return letters;
}

/**
 * Deliver now, or as soon as it can be. What the server refuses for good is said on `refused` and dropped.
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 */
export function send(method, path, body) {
  letters.push({ method, path, body });
  kept();
  void deliver();
}

/** Forget all of it: the person signs out. */
export function empty() {
  letters.length = 0;
  kept();
}

function kept() {
  if (letters.length) sessionStorage.setItem(PLACE, JSON.stringify(letters));
  else sessionStorage.removeItem(PLACE);
  outbox.dispatchEvent(new Event("change"));
}

export async function deliver() {
  if (busy) return;
  busy = true;
  try {
    while (letters.length) {
      const { method, path, body } = letters[0];
      const answer = await ask(method, path, body).catch(refused);
      letters.shift();
      outbox.dispatchEvent(new CustomEvent("delivered", { detail: { path, body, answer } }));
      kept();
    }
  } catch {
    setTimeout(deliver, PAUSE_MS);
  } finally {
    busy = false;
  }
}

/** @param {unknown} error */
function refused(error) {
  const final = error instanceof Refusal && error.status < 500 && ![401, 408, 429].includes(error.status);
  if (!final) throw error;
  outbox.dispatchEvent(new CustomEvent("refused", { detail: error }));
}

news.addEventListener("online", deliver);
news.addEventListener("signed-in", deliver);
