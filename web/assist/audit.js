// @ts-check
/** Who did what to which conversation or call. */

import { ask, query } from "./api.js";
import { dateAndTime } from "./clock.js";
import { toastError } from "./dialogs.js";
import { el, morph, onClicks, one } from "./dom.js";
import { addShortcuts } from "./keys.js";
import { openPage } from "./shell.js";
import { T } from "./texts.js";

const PAGE = 200;

/** @typedef {import("./types.js").AuditEntry} AuditEntry */

/** @type {{entries: AuditEntry[], more: boolean, who: string, subject: string}} */
const screen = { entries: [], more: false, who: "", subject: "" };

/** @param {boolean} further whether what is shown stays */
async function load(further) {
  const before = further ? String(screen.entries.at(-1)?.id ?? "") : "";
  const { who, subject } = screen;
  const answer = await ask("GET", `/audit${query({ who, subject, before })}`).catch(toastError);
  if (!answer) return;
  screen.entries = further ? [...screen.entries, ...answer.entries] : answer.entries;
  screen.more = answer.entries.length === PAGE;
  draw();
}

function draw() {
  morph(
    one("#main"),
    el(
      "main.audit",
      { id: "main", tabindex: "-1" },
      el(
        "header",
        { "data-key": "head" },
        el("h1", {}, T.audit.title),
        filter("who", T.audit.who, 64),
        filter("subject", T.audit.what, 128),
      ),
      el(
        "div.sheet.scroll",
        { "data-key": "list", tabindex: "0", role: "region", "aria-label": T.audit.title },
        screen.entries.length ? table() : el("p.empty", {}, T.audit.none),
        screen.more && el("button", { type: "button", "data-do": "more" }, T.audit.more),
      ),
    ),
  );
}

/**
 * @param {string} name
 * @param {string} label
 * @param {number} longest
 */
function filter(name, label, longest) {
  return el("label", {}, label, el("input", { name, type: "text", maxlength: longest, autocomplete: "off" }));
}

function table() {
  return el(
    "table",
    {},
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        [T.audit.at, T.audit.who, T.audit.action, T.audit.what].map((title) => el("th", { scope: "col" }, title)),
      ),
    ),
    el(
      "tbody",
      {},
      screen.entries.map(({ id, at, who, what, subject }) =>
        el(
          "tr",
          { "data-key": id },
          [dateAndTime(at), who, deed(what), subject ?? ""].map((cell) => el("td", {}, cell)),
        ),
      ),
    ),
  );
}

/** @param {string} what */
function deed(what) {
  return /** @type {Record<string, string>} */ (T.audit.deeds)[what] ?? what;
}

addShortcuts([{ key: "f", label: T.audit.filter, run: () => one("input[name=who]").focus() }]);

async function start() {
  if (!(await openPage("audit"))) return;
  const main = one("#main");
  onClicks(main, { more: () => void load(true) });
  main.addEventListener("change", (event) => {
    if (!(event.target instanceof HTMLInputElement)) return;
    if (event.target.name === "who") screen.who = event.target.value.trim();
    else screen.subject = event.target.value.trim();
    void load(false);
  });
  await load(false);
}

void start();
