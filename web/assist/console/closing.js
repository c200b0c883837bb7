// @ts-check
/** The end of a call: its outcome, a note, and the summary that comes back. */

import { copy, openDialog, toast } from "../dialogs.js";
import { el } from "../dom.js";
import { outbox, send } from "../outbox.js";
import { isReachable } from "../api.js";
import { T } from "../texts.js";

/** @typedef {keyof typeof T.closing.outcomes} Outcome */

const OUTCOMES = /** @type {Outcome[]} */ (Object.keys(T.closing.outcomes));

/**
 * Ask for the outcome and close the call.
 * @param {string} call
 * @param {() => void} closed
 */
export function openClosing(call, closed) {
  const note = /** @type {HTMLTextAreaElement} */ (el("textarea", { id: "note", rows: 2, maxlength: 1000 }));
  const form = el(
    "form.closing",
    {},
    el("fieldset", {}, el("legend", {}, T.closing.outcome), OUTCOMES.map(choice)),
    el("label", { for: "note" }, T.closing.note),
    note,
    el("button.primary", { type: "submit" }, T.closing.submit, el("kbd", {}, "Enter")),
  );
  const dialog = openDialog(T.closing.title, form);
  /** @type {HTMLInputElement | null} */ (form.querySelector("input"))?.focus();
  dialog.addEventListener("keydown", (event) => {
    if (event.target === note && !(event.key === "Enter" && event.ctrlKey)) return;
    const radio = form.querySelectorAll("input")[Number(event.key) - 1];
    if (radio) {
      radio.click();
      radio.focus();
    } else if (event.key !== "Enter" || event.target instanceof HTMLButtonElement) return;
    else /** @type {HTMLFormElement} */ (form).requestSubmit();
    event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const outcome = String(new FormData(/** @type {HTMLFormElement} */ (form)).get("outcome"));
    dialog.close();
    close(call, outcome, note.value.trim());
    closed();
  });
}

/**
 * @param {Outcome} outcome
 * @param {number} n
 */
function choice(outcome, n) {
  return el(
    "label.choice",
    {},
    el("input", { type: "radio", name: "outcome", value: outcome, checked: n === 0 }),
    T.closing.outcomes[outcome],
    el("kbd", {}, n + 1),
  );
}

/**
 * @param {string} call
 * @param {string} outcome
 * @param {string} note
 */
function close(call, outcome, note) {
  const path = `/calls/${call}/close`;
  /** @param {Event} event */
  function delivered(event) {
    const { detail } = /** @type {CustomEvent} */ (event);
    if (detail.path !== path) return;
    outbox.removeEventListener("delivered", delivered);
    if (detail.answer) showSummary(detail.answer);
  }
  outbox.addEventListener("delivered", delivered);
  send("POST", path, { outcome, note });
  if (!isReachable()) toast(T.closing.queued);
}

/** @param {{text: string}} summary */
function showSummary({ text }) {
  const copyButton = el("button", { type: "button" }, T.closing.copy);
  const done = el("button.primary", { type: "button" }, T.closing.done, el("kbd", {}, "Enter"));
  const dialog = openDialog(
    T.closing.summary,
    el("pre.summary", { tabindex: "0" }, text),
    el("div.buttons", {}, copyButton, done),
  );
  copyButton.addEventListener("click", () => copy(text));
  done.addEventListener("click", () => dialog.close());
  done.focus();
}
