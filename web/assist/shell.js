// @ts-check
/** What every page has around it: navigation, search, network bar, signing in again, help, colours. */

import { isReachable, news, Refusal, session, signIn, signOut } from "./api.js";
import { openDialog, toast } from "./dialogs.js";
import { el, onClicks, one } from "./dom.js";
import { addShortcuts, allShortcuts, setSingleKeys, singleKeys } from "./keys.js";
import { loginForm } from "./login-form.js";
import { empty, outbox, waiting } from "./outbox.js";
import { searchBox } from "./search.js";
import { T } from "./texts.js";
import { watchDesk } from "./waiting-badge.js";

const ROLES = {
  console: ["agent", "supervisor"],
  desk: ["agent", "supervisor"],
  learning: ["clerk", "supervisor"],
  day: ["supervisor"],
  audit: ["supervisor"],
};
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const THEMES = /** @type {const} */ (["auto", "light", "dark"]);

/** @typedef {keyof typeof ROLES} Page */

/**
 * Draw the frame of a page for whoever is signed in; nobody is sent to the login page.
 * @param {Page} page
 * @param {(item: string) => void} [useItem] what choosing an item in the search does here
 * @returns {Promise<import("./types.js").User | null>} nobody when this role may not see the page
 */
export async function openPage(page, useItem) {
  applyTheme();
  const user = await whoIsThere();
  document.title = `${T.pages[page]} · ${T.product}`;
  document.body.prepend(
    el("a.skip", { href: "#main" }, T.shell.skip),
    topBar(page, user),
    el("div", { id: "network", role: "status" }),
  );
  document.body.append(el("div", { id: "toast", role: "status" }));
  one("#search").append(searchBox(useItem));
  watchNetwork();
  watchSession(user.name);
  addShortcuts([
    { key: "/", label: T.search.label, run: () => one("#search input").focus() },
    { key: "?", label: T.help.title, run: showHelp },
  ]);
  if (page !== "desk" && ROLES.desk.includes(user.role)) void watchDesk();
  if (ROLES[page].includes(user.role)) return user;
  one("#main").replaceChildren(el("p.empty", {}, T.shell.forbidden(T.roles[user.role])));
  return null;
}

/** @returns {Promise<import("./types.js").User>} */
async function whoIsThere() {
  for (;;) {
    try {
      return (await session()).user;
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) {
        location.replace(`/assist/login?next=${encodeURIComponent(location.pathname)}`);
        await new Promise(() => {});
      }
      one("#main").textContent = T.shell.unreachable;
      await new Promise((wake) => setTimeout(wake, 2000));
    }
  }
}

/**
 * @param {Page} page
 * @param {import("./types.js").User} user
 */
function topBar(page, user) {
  const pages = /** @type {Page[]} */ (Object.keys(ROLES)).filter((name) => ROLES[name].includes(user.role));
  const bar = el(
    "header.top",
    {},
    el("span.brand", {}, T.product),
    el(
      "nav",
      { "aria-label": T.shell.pages },
      pages.map((name) =>
        el(
          "a",
          {
            href: name === "console" ? "/assist" : `/assist/${name}`,
            "aria-current": name === page && "page",
            "data-page": name,
          },
          T.pages[name],
        ),
      ),
    ),
    el("div", { id: "search", role: "search" }),
    el("span.who", {}, `${user.name} · ${T.roles[user.role]}`),
    el("button.quiet", { type: "button", "data-do": "theme" }, T.shell.theme[theme()]),
    el("button.quiet", { type: "button", "data-do": "help" }, T.shell.help, el("kbd", {}, "?")),
    el("button.quiet", { type: "button", "data-do": "leave" }, T.shell.signOut),
  );
  onClicks(bar, { theme: nextTheme, help: showHelp, leave });
  return bar;
}

async function leave() {
  await signOut().catch(() => {});
  empty();
  location.assign("/assist/login");
}

function theme() {
  const kept = localStorage.getItem("assist.theme");
  return THEMES.find((name) => name === kept) ?? "auto";
}

/** Colours as chosen, or as the system has them. */
export function applyTheme() {
  const chosen = theme();
  document.documentElement.dataset.theme = chosen === "auto" ? (systemDark.matches ? "dark" : "light") : chosen;
}

systemDark.addEventListener("change", applyTheme);

/**
 * @param {string} _
 * @param {HTMLElement} button
 */
function nextTheme(_, button) {
  localStorage.setItem("assist.theme", THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
  applyTheme();
  button.textContent = T.shell.theme[theme()];
}

function watchNetwork() {
  const bar = one("#network");
  function draw() {
    const letters = waiting().length;
    const words = [!isReachable() && T.shell.lost, letters > 0 && !isReachable() && T.shell.waits(letters)];
    bar.textContent = words.filter(Boolean).join("　");
    bar.classList.toggle("shown", bar.textContent !== "");
  }
  news.addEventListener("offline", draw);
  news.addEventListener("online", () => {
    draw();
    toast(T.shell.back);
  });
  outbox.addEventListener("change", draw);
  outbox.addEventListener("refused", (event) => toast(/** @type {CustomEvent} */ (event).detail.message, "bad"));
  draw();
}

/** @param {string} name who was signed in */
function watchSession(name) {
  let asking = false;
  news.addEventListener("signed-out", () => {
    if (asking) return;
    asking = true;
    const form = loginForm(name, async (given, password) => {
      const found = await signIn(given, password);
      asking = false;
      if (found.user.name !== name) {
        empty();
        location.reload();
      }
      dialog.close();
    });
    const dialog = openDialog(T.login.again, el("p", {}, T.login.againWhy), form);
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    one("input[type=password]", form).focus();
  });
}

function showHelp() {
  const box = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", id: "single" }));
  box.checked = singleKeys();
  box.addEventListener("change", () => setSingleKeys(box.checked));
  const close = el("button", { type: "button" }, T.shell.close, el("kbd", {}, "Esc"));
  const rows = allShortcuts().flatMap(({ key, label }) => [
    el("dt", {}, el("kbd", {}, key.toUpperCase())),
    el("dd", {}, label),
  ]);
  const dialog = openDialog(
    T.help.title,
    el("dl.keys", {}, rows),
    el("p.hint", {}, T.help.note),
    el("p", {}, el("label", { for: "single" }, box, T.help.single)),
    close,
  );
  close.addEventListener("click", () => dialog.close());
  close.focus();
}
