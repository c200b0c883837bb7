// @ts-check
/** The learning queue: a clerk decides, by keyboard, what becomes of each question. */

import { ask, query } from "./api.js";
import { itemOptions } from "./console/choosing.js";
import { toast, toastError } from "./dialogs.js";
import { el, morph, onClicks, one } from "./dom.js";
import { addShortcuts } from "./keys.js";
import { learningView, proposals } from "./learning-view.js";
import { pick } from "./picker.js";
import { openPage } from "./shell.js";
import { T } from "./texts.js";

/** @typedef {import("./types.js").Question} Question */
/** @typedef {"open" | "example" | "gap" | "drop"} State */

/** @type {{state: State, questions: Question[] | null, chosen: number | null, items: import("./types.js").Item[]}} */
const screen = { state: "open", questions: null, chosen: null, items: [] };

function draw() {
  morph(one("#main"), el("main.learning", { id: "main", tabindex: "-1" }, learningView(screen)));
  document.querySelector(".row[aria-current]")?.scrollIntoView({ block: "nearest" });
}

function current() {
  return screen.questions?.find(({ id }) => id === screen.chosen);
}

/** @param {string} state */
async function load(state) {
  const answer = await ask("GET", `/learning${query({ state })}`).catch(toastError);
  if (!answer) return;
  screen.state = /** @type {State} */ (state);
  screen.questions = answer.questions;
  screen.chosen = answer.questions[0]?.id ?? null;
  draw();
}

/** @param {number} by */
function move(by) {
  const all = screen.questions ?? [];
  const at = all.findIndex(({ id }) => id === screen.chosen);
  screen.chosen = all[Math.max(0, Math.min(all.length - 1, at + by))]?.id ?? null;
  draw();
}

/**
 * @param {"example" | "gap" | "drop"} decision
 * @param {string | null} [item]
 */
async function decide(decision, item = null) {
  const question = current();
  if (!question) return;
  const note = /** @type {HTMLInputElement} */ (one("#note")).value.trim() || null;
  const text = /** @type {HTMLTextAreaElement} */ (one("#example")).value.trim();
  const changed = decision === "example" && text !== question.text && text ? text : null;
  try {
    await ask("POST", `/learning/${question.id}`, { decision, item, note, text: changed });
  } catch (error) {
    toastError(error);
    return;
  }
  toast(T.learning.saved[decision]);
  const all = screen.questions ?? [];
  const at = all.indexOf(question);
  screen.questions = all.filter((other) => other !== question);
  screen.chosen = screen.questions[Math.min(at, screen.questions.length - 1)]?.id ?? null;
  draw();
}

/** @param {number} n */
function decideFor(n) {
  const question = current();
  const item = question && proposals(question)[n];
  if (item) void decide("example", item);
}

async function decideOther() {
  const item = await pick(T.learning.suggested, T.candidates.pickPrompt, (typed) => itemOptions(screen.items, typed));
  if (item) await decide("example", item);
}

const actions = {
  state: (/** @type {string} */ state) => void load(state),
  choose: (/** @type {string} */ id) => {
    screen.chosen = Number(id);
    draw();
  },
  example: (/** @type {string} */ item) => void decide("example", item),
  other: () => void decideOther(),
  gap: () => void decide("gap", screen.questions && current()?.right_item),
  drop: () => void decide("drop"),
};

addShortcuts([
  { key: "j", label: T.learning.next, run: () => move(1) },
  { key: "k", label: T.learning.previous, run: () => move(-1) },
  ...[1, 2, 3].map((n) => ({ key: String(n), label: T.learning.asItem(n), run: () => decideFor(n - 1) })),
  { key: "o", label: T.learning.other, run: actions.other },
  { key: "9", label: T.learning.outOfScope, run: () => actions.example("out_of_scope") },
  { key: "g", label: T.learning.gap, run: actions.gap },
  { key: "x", label: T.learning.drop, run: actions.drop },
  { key: "e", label: T.learning.edit, run: () => one("#example").focus() },
]);

async function start() {
  if (!(await openPage("learning"))) return;
  onClicks(one("#main"), actions);
  one("#main").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target instanceof HTMLElement) event.target.blur();
  });
  screen.items = (await ask("GET", "/items").catch(toastError))?.items ?? [];
  await load("open");
}

void start();
