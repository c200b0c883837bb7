// @ts-check
/** Dialogs, and the short words that appear and go. */

import { el, one } from "./dom.js";
import { T } from "./texts.js";

/**
 * A modal dialog, removed when it closes. Escape closes it.
 * @param {string} title
 * @param {...(Node | string)} content
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, ...content) {
  const opener = document.activeElement;
  const heading = el("h2", { id: `dialog-${Date.now()}` }, title);
  const dialog = /** @type {HTMLDialogElement} */ (el("dialog", { "aria-labelledby": heading.id }, heading, ...content));
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  });
  dialog.showModal();
  return dialog;
}

/** @type {number | undefined} */
let going;

/**
 * Say something for a few seconds, also to screen readers.
 * @param {string} text
 * @param {"plain" | "bad"} [kind]
 */
export function toast(text, kind = "plain") {
  const place = one("#toast");
  place.textContent = text;
  place.dataset.kind = kind;
  clearTimeout(going);
  going = setTimeout(() => (place.textContent = ""), kind === "bad" ? 8000 : 3000);
}

/** @param {unknown} error */
export function toastError(error) {
  const message = error instanceof Error && error.message ? error.message : T.shell.unreachable;
  toast(message, "bad");
}

/** @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(T.shell.copied);
  } catch {
    toast(T.shell.copyFailed, "bad");
  }
}
