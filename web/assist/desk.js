// @ts-check
/** The desk: citizens of the website and WeChat who ask for a person. */

import { ask } from "./api.js";
import { toast, toastError } from "./dialogs.js";
import { deskView } from "./desk-view.js";
import { el, morph, onClicks, one } from "./dom.js";
import { newId } from "./ids.js";
import { addShortcuts } from "./keys.js";
import { outbox, send } from "./outbox.js";
import { openPage } from "./shell.js";
import { follow } from "./stream.js";
import { T } from "./texts.js";

/** @typedef {import("./types.js").Conversation} Conversation */

/** @type {{desk: import("./types.js").Desk | null, chosen: string | null, name: string}} */
const screen = { desk: null, chosen: null, name: "" };

function draw() {
  const main = one("#main");
  const talk = main.querySelector(".said");
  const height = talk?.scrollHeight;
  morph(main, el("main.desk", { id: "main", tabindex: "-1" }, deskView(screen)));
  const input = main.querySelector("#reply");
  if (input instanceof HTMLTextAreaElement && !input.dataset.heard) {
    input.dataset.heard = "true";
    input.addEventListener("keydown", typed);
  }
  const now = main.querySelector(".said");
  if (now && now.scrollHeight !== height) now.scrollTop = now.scrollHeight;
}

/** @param {import("./types.js").Desk} desk */
function receive(desk) {
  const known = new Set(screen.desk?.conversations.map(({ conversation }) => conversation));
  const arrived = desk.conversations.filter(({ conversation, state }) => state === "waiting" && !known.has(conversation));
  if (screen.desk && arrived.length) toast(T.desk.arrived);
  screen.desk = desk;
  if (!current()) screen.chosen = desk.conversations[0]?.conversation ?? null;
  draw();
}

function current() {
  return screen.desk?.conversations.find(({ conversation }) => conversation === screen.chosen);
}

/** @param {string} conversation */
function choose(conversation) {
  screen.chosen = conversation;
  draw();
}

/** @param {number} by how many places further down */
function move(by) {
  const all = screen.desk?.conversations ?? [];
  const at = all.findIndex(({ conversation }) => conversation === screen.chosen);
  const next = all[Math.max(0, Math.min(all.length - 1, at + by))];
  if (next) choose(next.conversation);
}

/** @param {string} deed */
function path(deed) {
  return `/desk/${encodeURIComponent(screen.chosen ?? "")}/${deed}`;
}

async function take() {
  if (current()?.state !== "waiting") return;
  await ask("POST", path("take")).catch(toastError);
  await refresh();
  document.querySelector("#reply") && one("#reply").focus();
}

async function giveBack() {
  if (current()?.agent !== screen.name) return;
  await ask("POST", path("close")).catch(toastError);
  await refresh();
}

async function refresh() {
  const desk = await ask("GET", "/desk").catch(toastError);
  if (desk) receive(desk);
}

async function switchDuty() {
  const duty = await ask("PUT", "/duty", { on: !screen.desk?.duty.on }).catch(toastError);
  if (duty && screen.desk) receive({ ...screen.desk, duty });
}

function reply() {
  const input = document.querySelector("#reply");
  if (!(input instanceof HTMLTextAreaElement) || !input.value.trim()) return;
  send("POST", path("messages"), { id: newId(), text: input.value.trim() });
  input.value = "";
}

/**
 * What was delivered stays on the screen until the server's next state holds it.
 * @param {Event} event
 */
function keepWords(event) {
  const { path: sent, body } = /** @type {CustomEvent} */ (event).detail;
  if (sent === path("messages")) current()?.talk.push({ from: "agent", text: body.text, at: new Date().toISOString() });
}

/** @param {KeyboardEvent} event */
function typed(event) {
  if (event.key === "Escape" && event.target instanceof HTMLElement) event.target.blur();
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  reply();
}

const actions = {
  choose,
  take: () => void take(),
  "give-back": () => void giveBack(),
  duty: () => void switchDuty(),
  send: reply,
};

addShortcuts([
  { key: "d", label: `${T.desk.dutyOn} / ${T.desk.dutyOff}`, run: actions.duty },
  { key: "j", label: T.desk.next, run: () => move(1) },
  { key: "k", label: T.desk.previous, run: () => move(-1) },
  { key: "h", label: T.desk.take, run: actions.take },
  { key: "t", label: T.desk.say, run: () => document.querySelector("#reply") && one("#reply").focus() },
  { key: "b", label: T.desk.giveBack, run: actions["give-back"] },
]);

async function start() {
  const user = await openPage("desk");
  if (!user) return;
  screen.name = user.name;
  onClicks(one("#main"), actions);
  outbox.addEventListener("change", draw);
  outbox.addEventListener("delivered", keepWords);
  follow("/desk/events", "desk", receive);
}

void start();
