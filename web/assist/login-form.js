// @ts-check
/** The form of name and password, on the login page and over a page whose session ended. */

import { el } from "./dom.js";
import { T } from "./texts.js";

/**
 * @param {string} name filled in already
 * @param {(name: string, password: string) => Promise<void>} enter what it throws is shown
 * @returns {HTMLFormElement}
 */
export function loginForm(name, enter) {
  const form = /** @type {HTMLFormElement} */ (
    el(
      "form.login",
      {},
      field("name", T.login.name, { autocomplete: "username", value: name }),
      field("password", T.login.password, { type: "password", autocomplete: "current-password" }),
      el("p.bad", { role: "alert" }),
      el("button.primary", { type: "submit" }, T.login.submit),
    )
  );
  const problem = /** @type {HTMLElement} */ (form.querySelector("[role=alert]"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = new FormData(form);
    button.disabled = true;
    problem.textContent = "";
    try {
      await enter(String(given.get("name")), String(given.get("password")));
    } catch (error) {
      problem.textContent = (error instanceof Error && error.message) || T.shell.unreachable;
    } finally {
      button.disabled = false;
    }
  });
  return form;
}

/**
 * @param {string} name
 * @param {string} label
 * @param {import("./dom.js").Attributes} attributes
 */
function field(name, label, attributes) {
  const id = `login-${name}`;
  return el("p", {}, el("label", { for: id }, label), el("input", { id, name, required: true, maxlength: 200, ...attributes }));
}
