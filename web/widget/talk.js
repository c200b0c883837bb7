/**
 * The talk: what was said, what waits to be sent, the place. It survives reloads and a lost network, and sends nothing twice.
 */

import * as api from "./api.js";
import { lasting, session } from "./store.js";
import { T } from "./texts.js";

/** @import {Answer, Message, Payload, Question} from "./types.js" */

const KEPT = 60;
const LONGEST_PAUSE = 30;
const CHECK_ON_PERSON = 30_000;

/**
 * @typedef {{token: string | null, past: Message[], messages: Message[], outbox: Question[], person: boolean,
 *   rated: number[]}} State  `past` are messages of a conversation that the server has let go
 */

/** @returns {State} */
const nothing = () => ({ token: null, past: [], messages: [], outbox: [], person: false, rated: [] });

/**
 * Fires `change` whenever something shown may differ, `arrive` (detail: messages) for what others said, and `refused`
 * (detail: the sentence and the question) for a question the server does not take, `passed` for one handed to a person.
 */
export class Talk extends EventTarget {
  constructor() {
    super();
    /** @type {State} */
    this.state = { ...nothing(), ...session.read("talk", nothing()) };
    /** @type {string | null} */
    this.region = session.read("region", lasting.read("region", null));
    /** When the question under way was first tried. @type {number | null} */
    this.asked = null;
    /** What holds the question up: a sentence that may count seconds, and when the next try is. */
    this.trouble = /** @type {{say: (seconds: number) => string, until: number} | null} */ (null);
    this.wake = () => {};
    this.busy = false;
    this.listening = false;
    this.ended = new AbortController();
    /** Secrets of talks deleted here that the server has yet to delete. @type {string[]} */
    this.deleted = session.read("deleted", []);
    this.again = 0;
    addEventListener("online", () => (this.retry(), void this.#forget()));
  }

  /** The place of the page holds while the visitor has picked none. @param {string | null} home */
  settle(home) {
    this.region ??= home;
  }

  /** Everything said so far, oldest first. */
  get messages() {
    return [...this.state.past, ...this.state.messages];
  }

  /** @returns {Payload | null} the last answer about an item */
  get lastAnswer() {
    return this.messages.findLast((message) => message.payload?.type === "answer")?.payload ?? null;
  }

  /** Take up what an earlier page left: send what waits, fetch what was missed. */
  async resume() {
    void this.#forget();
    await this.#pump();
    await this.#catchUp(false);
    await this.#listen();
  }

  /** @param {string} text */
  say(text) {
    this.state.outbox.push({ id: uuid(), text, region: this.region });
    this.#changed();
    return this.#pump();
  }

  /** Try again now instead of waiting. */
  retry() {
    this.wake();
  }

  /**
   * Delete the talk: here at once, at the server as soon as it can be reached. The next question opens a new conversation.
   *
   * @returns {Promise<boolean>} whether the server has deleted it too
   */
  restart() {
    const { token } = this.state;
    this.ended.abort();
    this.ended = new AbortController();
    this.state = nothing();
    this.retry();
    this.#changed();
    return this.#forget(token);
  }

  /**
   * Another place counts from now on. Within a talk it is said aloud, so that the answer given is for the new place.
   *
   * @param {string | null} path
   */
  pick(path) {
    if (path === this.region) return;
    this.region = path;
    session.write("region", path);
    lasting.write("region", path);
    this.#changed();
    if (path && this.lastAnswer) void this.say(path.replaceAll("/", ""));
  }

  /**
   * @param {number} seq
   * @param {boolean} useful
   * @param {string | null} reason
   */
  async rate(seq, useful, reason) {
    await api.rate(this.state.token ?? "", seq, useful, reason);
    this.state.rated.push(seq);
    this.#save();
  }

  /** Only messages of the conversation that the server still has can be rated, each once. @param {Message} message */
  ratable(message) {
    return this.state.messages.includes(message) && !this.state.rated.includes(message.seq);
  }

  /** Let the server delete what was deleted here. @param {string | null} [token]  one more */
  async #forget(token) {
    const mark = () => session.write("deleted", this.deleted);
    if (token) this.deleted.push(token);
    mark();
    clearTimeout(this.again);
    for (const one of [...this.deleted]) {
      try {
        await api.forget(one);
      } catch (error) {
        if (!(error instanceof api.Refusal && error.status === 401)) {
          this.again = setTimeout(() => void this.#forget(), 1000 * LONGEST_PAUSE);
          return false;
        }
      }
      this.deleted = this.deleted.filter((other) => other !== one);
      mark();
    }
    return true;
  }

  async #pump() {
    if (this.busy) return;
    this.busy = true;
    while (this.state.outbox.length) {
      this.asked ??= Date.now();
      await this.#deliver(this.state.outbox[0]);
      this.asked = null;
    }
    this.busy = false;
    this.#changed();
    void this.#listen();
  }

  /**
   * One question until it is answered or refused; however often it is tried, its id stays the same.
   *
   * @param {Question} question
   */
  async #deliver(question) {
    for (let tries = 0; this.state.outbox.includes(question); tries++) {
      try {
        const state = this.state;
        state.token ??= await api.open(question.region);
        if (state !== this.state) return void this.#forget(state.token); // deleted while it was opened
        this.#save();
        const answer = await api.send(state.token, question);
        if (state === this.state) this.#answered(question, answer);
        return;
      } catch (error) {
        if (this.state.outbox.includes(question)) await this.#failed(question, error, tries);
      }
    }
  }

  /** @param {Question} question @param {Answer} answer */
  #answered(question, answer) {
    const said = { seq: answer.seq, at: new Date().toISOString(), text: question.text };
    this.#done(question);
    this.state.person = answer.with_person;
    this.#merge([{ ...said, from: "citizen", payload: null, link: null }], false);
    this.#merge(answer.replies, true);
    if (answer.with_person && !answer.replies.length) this.dispatchEvent(new Event("passed"));
  }

  /** @param {Question} question @param {unknown} error @param {number} tries */
  async #failed(question, error, tries) {
    if (!(error instanceof api.Refusal)) return this.#pause(navigator.onLine ? T.unreachable : () => T.offline, tries);
    const { status, wait, message } = error;
    if (status === 429) return this.#pause(T.busy, tries, wait || 10);
    if (status >= 500 || status === 408) return this.#pause(T.unreachable, tries, wait);
    if ((status === 401 || status === 404) && this.state.token && tries < 3) return this.#reopen();
    this.#done(question);
    this.#changed();
    this.dispatchEvent(new CustomEvent("refused", { detail: { sentence: message, question } }));
  }

  /** The server no longer knows the conversation: what was said stays on the page, the next try opens a new one. */
  #reopen() {
    this.state = { ...nothing(), past: this.messages, outbox: this.state.outbox };
  }

  /**
   * Wait before the next try, longer each time; the network coming back or `retry` ends it.
   *
   * @param {(seconds: number) => string} say
   * @param {number} tries
   * @param {number} [seconds]
   */
  async #pause(say, tries, seconds = 0) {
    const pause = 1000 * (seconds || Math.min(LONGEST_PAUSE, 2 ** (tries + 1)));
    this.trouble = { say, until: Date.now() + pause };
    this.#changed();
    await new Promise((resolve) => {
      this.wake = () => resolve(null);
      setTimeout(resolve, pause);
    });
    this.trouble = null;
    this.#changed();
  }

  /** @param {boolean} announce */
  async #catchUp(announce) {
    if (!this.state.token) return;
    try {
      const { messages, with_person } = await api.since(this.state.token, this.state.messages.at(-1)?.seq ?? 0);
      this.state.person = with_person;
      this.#merge(messages, announce);
    } catch (error) {
      if (error instanceof api.Refusal && [401, 404].includes(error.status)) this.#reopen();
    }
    this.#changed();
  }

  /** Whether a person has the conversation, or was asked for and may take it. */
  get #awaiting() {
    return this.state.token && (this.state.person || this.state.messages.at(-1)?.payload?.type === "handoff");
  }

  /** The words of a person come without being asked for. */
  async #listen() {
    if (this.listening || !this.#awaiting) return;
    this.listening = true;
    while (this.#awaiting && this.state.token) {
      const ended = this.ended;
      const cut = new AbortController();
      const abort = () => cut.abort();
      ended.signal.addEventListener("abort", abort);
      const check = setTimeout(abort, CHECK_ON_PERSON);
      try {
        for await (const message of api.events(this.state.token, this.state.messages.at(-1)?.seq ?? 0, cut.signal)) {
          if (ended.signal.aborted) break;
          this.#merge([message], true);
        }
      } catch {
        // cut off: what was missed is fetched below
      }
      clearTimeout(check);
      ended.signal.removeEventListener("abort", abort);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      if (!ended.signal.aborted) await this.#catchUp(true);
    }
    this.listening = false;
  }

  /** @param {Question} question */
  #done(question) {
    this.state.outbox = this.state.outbox.filter((waiting) => waiting.id !== question.id);
  }

  /** @param {Message[]} arrived @param {boolean} announce */
  #merge(arrived, announce) {
    const known = new Set(this.state.messages.map((message) => message.seq));
    const fresh = arrived.filter((message) => !known.has(message.seq));
    this.state.messages = [...this.state.messages, ...fresh].sort((a, b) => a.seq - b.seq).slice(-KEPT);
    if (announce && fresh.some((message) => message.from === "agent")) this.state.person = true;
    for (const message of fresh) if (message.payload?.region.from === "said") this.#follow(message.payload.region.path);
    this.#changed();
    const others = fresh.filter((message) => message.from !== "citizen");
    if (announce && others.length) this.dispatchEvent(new CustomEvent("arrive", { detail: others }));
  }

  /**
   * The place named in the talk is the one that counts there; the picked one comes back with the next talk.
   *
   * @param {string | null} path
   */
  #follow(path) {
    this.region = path;
    session.write("region", path);
  }

  #changed() {
    this.#save();
    this.dispatchEvent(new Event("change"));
  }

  #save() {
    session.write("talk", this.state);
  }
}

/** `crypto.randomUUID` is missing on pages without TLS. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}
