// @ts-check
/** The console: one call on the screen, what the agent does with it, and its shortcuts. */

import { ask } from "../api.js";
import { copy, toast, toastError } from "../dialogs.js";
import { morph, el, onClicks, one } from "../dom.js";
import { addShortcuts } from "../keys.js";
import { outbox, send } from "../outbox.js";
import { openPage } from "../shell.js";
import { follow } from "../stream.js";
import { T } from "../texts.js";
import { watchCalls } from "./calls.js";
import { CHOICE_KEYS, spoken } from "./card.js";
import { openClosing } from "./closing.js";
import { openCompare } from "./compare.js";
import { chooseCall, chooseCircumstance, chooseItem, choosePlace, chooseRightItem } from "./choosing.js";
import { consoleView, setClock } from "./page.js";
import { listenToTyping } from "./typing.js";

/** @typedef {import("../types.js").CallState} CallState */

/**
 * What is on the screen.
 * @type {{calls: import("../types.js").CallRow[], call: string | null, state: CallState | null, done: Set<string>,
 *   fresh: Set<string>, catalogue: import("../types.js").Catalogue}}
 */
const screen = {
  calls: [],
  call: null,
  state: null,
  done: new Set(),
  fresh: new Set(),
  catalogue: { items: [], circumstances: [] },
};
let leaveCall = () => {};

function draw() {
  const main = one("#main");
  const log = main.querySelector(".pieces");
  const atEnd = !log || log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  morph(main, el("main.console", { id: "main", tabindex: "-1" }, consoleView(screen)));
  const input = main.querySelector("#typed");
  if (input instanceof HTMLInputElement && !input.dataset.heard) {
    input.dataset.heard = "true";
    listenToTyping(input, () => screen.call);
  }
  const now = main.querySelector(".pieces");
  if (now && atEnd) now.scrollTop = now.scrollHeight;
  main.querySelector(".script [aria-current]")?.scrollIntoView({ block: "nearest" });
}

/**
 * @param {string | null} call
 * @param {() => void} [ready] run when its state is on the screen
 */
function show(call, ready) {
  leaveCall();
  leaveCall = () => {};
  screen.call = call;
  screen.state = null;
  screen.done = new Set();
  history.replaceState(null, "", call ? `#${call}` : location.pathname);
  draw();
  if (!call) return;
  screen.fresh.delete(call);
  leaveCall = follow(
    `/calls/${call}/events`,
    "state",
    (state) => {
      const first = !screen.state;
      screen.state = state;
      draw();
      if (first) ready?.();
    },
    () => {
      toast(T.talk.gone, "bad");
      show(null);
    },
  );
}

/** @param {import("../types.js").CallRow[]} calls */
function receiveCalls(calls) {
  const known = new Set(screen.calls.map(({ call }) => call));
  const fresh = calls.filter(({ call }) => !known.has(call) && call !== screen.call);
  if (screen.call) fresh.forEach(({ call }) => screen.fresh.add(call));
  screen.fresh = new Set([...screen.fresh].filter((call) => calls.some((open) => open.call === call)));
  screen.calls = calls;
  if (!screen.call && fresh.length === 1) show(fresh[0].call);
  else draw();
}

/**
 * What was delivered stays on the screen until the server's next state holds it.
 * @param {Event} event
 */
function keepPiece(event) {
  const { path, body } = /** @type {CustomEvent} */ (event).detail;
  const { state } = screen;
  if (!state || path !== `/calls/${screen.call}/pieces`) return;
  screen.state = { ...state, pieces: [...state.pieces.filter(({ id }) => id !== body.id), body] };
}

async function begin() {
  try {
    const { call } = await ask("POST", "/calls", {});
    show(call, () => one("#typed").focus());
  } catch (error) {
    toastError(error);
  }
}

/**
 * The agent's choice goes out at once, or when the network is back.
 * @param {object} choice
 */
function change(choice) {
  if (screen.call) send("PATCH", `/calls/${screen.call}`, choice);
}

/** @param {boolean} right */
async function judge(right) {
  const item = screen.state?.card?.payload.item?.id;
  const call = screen.call;
  if (!item || !call) return;
  const other = right ? undefined : await chooseRightItem(screen.catalogue.items, item);
  if (!right && other === undefined) return;
  send("POST", `/calls/${call}/feedback`, { item, right, right_item: other || null });
  if (other) change({ item: other });
}

/**
 * Mark what was read or told, or unmark it.
 * @param {string} text
 */
function toggleDone(text) {
  if (!screen.done.delete(text)) screen.done.add(text);
  draw();
}

/** @param {string[]} texts of which the first not yet done is marked */
function doNext(texts) {
  const next = texts.find((text) => !screen.done.has(text));
  if (next !== undefined) toggleDone(next);
}

/** @param {string[]} texts of which the last one done is unmarked */
function undoLast(texts) {
  const last = [...texts].reverse().find((text) => screen.done.has(text));
  if (last !== undefined) toggleDone(last);
}

const script = () => spoken(screen.state?.card);
const checklist = () => screen.state?.card?.checklist.map(({ text }) => text) ?? [];

/** @param {string} id */
function choose(id) {
  change({ circumstances: { [id]: true } });
}

/** What buttons do; shortcuts do the same. */
const actions = {
  begin: () => void begin(),
  "show-call": (/** @type {string} */ call) => show(call),
  "pick-call": () => chooseCall(screen.calls, screen.call).then((call) => call && show(call)),
  lobby: () => show(null),
  item: (/** @type {string} */ item) => change({ item }),
  auto: () => change({ item: null }),
  "pick-item": () => chooseItem(screen.catalogue.items).then((item) => item && change({ item })),
  "pick-place": () => choosePlace(screen.state).then((region) => region !== undefined && change({ region: region || null })),
  "pick-circumstance": async () => {
    const chosen = await chooseCircumstance(screen.catalogue.circumstances, screen.state);
    if (chosen !== undefined) change({ circumstances: chosen });
  },
  "drop-circumstance": (/** @type {string} */ id) => change({ circumstances: { [id]: false } }),
  choose,
  said: toggleDone,
  told: toggleDone,
  right: () => void judge(true),
  wrong: () => void judge(false),
  "copy-sms": () => void copy(screen.state?.card?.sms ?? ""),
  compare: () => {
    const payload = screen.state?.card?.payload;
    void openCompare(screen.catalogue.items, payload?.item?.id ?? null, payload?.sources[0]?.id ?? null);
  },
  close: () => screen.call && openClosing(screen.call, () => show(null)),
};

const inCall = () => screen.state !== null;
const hasCard = () => Boolean(screen.state?.card);

/** @param {number} n */
function pickCandidate(n) {
  const candidate = screen.state?.candidates[n];
  if (candidate) change({ item: candidate.item });
}

/** @param {number} n */
function pickChoice(n) {
  const choice = screen.state?.card?.ask_next?.choices[n];
  if (choice) choose(choice.id);
}

function openGuide() {
  const link = screen.state?.card?.link;
  if (link) window.open(link, "_blank", "noopener");
}

addShortcuts([
  { key: "n", label: T.talk.begin, run: actions.begin },
  { key: "l", label: T.talk.open, run: actions["pick-call"] },
  { key: "t", label: T.talk.type, run: () => one("#typed").focus(), when: inCall },
  ...["1", "2", "3"].map((key, n) => ({
    key,
    label: `${T.candidates.pick} ${key}`,
    run: () => pickCandidate(n),
    when: inCall,
  })),
  { key: "0", label: T.candidates.auto, run: actions.auto, when: inCall },
  { key: "i", label: T.candidates.more, run: actions["pick-item"], when: inCall },
  { key: "p", label: T.found.pickPlace, run: actions["pick-place"], when: inCall },
  { key: "q", label: T.found.pickCircumstances, run: actions["pick-circumstance"], when: inCall },
  ...CHOICE_KEYS.map((key, n) => ({
    key: key.toLowerCase(),
    label: `${T.card.ask} ${n + 1}`,
    run: () => pickChoice(n),
    when: hasCard,
  })),
  { key: "j", label: T.card.nextSentence, run: () => doNext(script()), when: hasCard },
  { key: "k", label: T.card.lastSentence, run: () => undoLast(script()), when: hasCard },
  { key: "u", label: T.card.nextTold, run: () => doNext(checklist()), when: hasCard },
  { key: "y", label: T.card.lastTold, run: () => undoLast(checklist()), when: hasCard },
  { key: "m", label: T.card.smsCopy, run: actions["copy-sms"], when: hasCard },
  { key: "c", label: T.compare.title, run: actions.compare },
  { key: "g", label: T.card.guide, run: openGuide, when: hasCard },
  { key: "r", label: T.card.markedRight, run: actions.right, when: hasCard },
  { key: "w", label: T.card.markedWrong, run: actions.wrong, when: hasCard },
  { key: "e", label: T.closing.title, run: actions.close, when: inCall },
]);

async function start() {
  const user = await openPage("console", (item) => change({ item }));
  if (!user) return;
  onClicks(one("#main"), actions);
  outbox.addEventListener("change", draw);
  outbox.addEventListener("delivered", keepPiece);
  screen.catalogue = await ask("GET", "/items").catch(() => screen.catalogue);
  const call = location.hash.slice(1);
  if (call) show(call);
  watchCalls(receiveCalls);
  setInterval(() => setClock(screen.state), 1000);
}

void start();
