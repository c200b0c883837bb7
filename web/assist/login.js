// @ts-check
/** The login page. After it, the page that was wanted. */

import { signIn } from "./api.js";
import { el, one } from "./dom.js";
import { loginForm } from "./login-form.js";
import { applyTheme } from "./shell.js";
import { T } from "./texts.js";

const HOME = { agent: "/assist", supervisor: "/assist", clerk: "/assist/learning", system: "/assist" };

/** @param {import("./types.js").User["role"]} role */
function nextPage(role) {
  const wanted = new URLSearchParams(location.search).get("next") ?? "";
  return /^\/assist(\/[a-z]+)?$/.test(wanted) && wanted !== "/assist" ? wanted : HOME[role];
}

applyTheme();
document.title = `${T.pages.login} · ${T.product}`;
const form = loginForm("", async (name, password) => {
  const { user } = await signIn(name, password);
  location.replace(nextPage(user.role));
});
one("#main").replaceChildren(el("section.sheet.login-page", {}, el("h1", {}, T.login.title), form));
one("input", form).focus();
