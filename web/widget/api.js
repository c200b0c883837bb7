/** The server's endpoints. Everything is asked of the origin this module came from. */

import { T } from "./texts.js";

/** @import {Answer, Message, Question, Region, Start, Suggestion} from "./types.js" */

const ROOT = new URL("..", import.meta.url);
const PATIENCE = 20_000;
const PATIENCE_FOR_ANSWERS = 90_000;

/** The server said no. `message` is a sentence for people; `wait` seconds are to pass before another try. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} sentence
   * @param {number} wait
   */
  constructor(status, sentence, wait) {
    super(sentence);
    this.status = status;
    this.wait = wait;
  }
}

/**
 * @param {string} path
 * @returns {string} the address of a page of the server; a link to elsewhere is refused
 */
export function address(path) {
  const url = new URL(path, ROOT);
  return url.origin === ROOT.origin ? url.href : ROOT.href;
}

/**
 * @param {string} path
 * @param {{token?: string, body?: unknown, signal?: AbortSignal, patience?: number, method?: string}} [how]
 * @returns {Promise<Response>}
 * @throws {Refusal} for a status that is no success
 * @throws {Error} when the server cannot be reached in time
 */
async function request(path, { token, body, signal, patience = PATIENCE, method = body ? "POST" : "GET" } = {}) {
  const late = new AbortController();
  const timer = patience ? setTimeout(() => late.abort(), patience) : 0;
  signal?.addEventListener("abort", () => late.abort());
  /** @type {Record<string, string>} */
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(new URL(path, ROOT), {
      method,
      headers,
      body: body ? JSON.stringify(body) : null,
      signal: late.signal,
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    if (response.ok) return response;
    const said = await response.json().catch(() => ({}));
    const wait = Number(response.headers.get("Retry-After")) || 0;
    throw new Refusal(response.status, said.error || T.refused, wait);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {string} path
 * @param {Parameters<typeof request>[1]} [how]
 */
const json = async (path, how) => (await request(path, how)).json();

/** @param {Record<string, string | null>} values */
const query = (values) => new URLSearchParams(Object.entries(values).map(([key, value]) => [key, value ?? ""]));

/** @param {string | null} region @returns {Promise<Start>} */
export const start = (region) => json(`api/start?${query({ region })}`);

/** @param {string} q @param {string | null} region @param {AbortSignal} signal @returns {Promise<Suggestion[]>} */
export const suggest = async (q, region, signal) => (await json(`api/suggest?${query({ q, region })}`, { signal })).suggestions;

/** @param {string} q @param {AbortSignal} signal @returns {Promise<Region[]>} */
export const regionsNamed = async (q, signal) => (await json(`api/regions?${query({ q })}`, { signal })).regions;

/** @param {string} under @param {AbortSignal} signal @returns {Promise<Region[]>} */
export const regionsUnder = async (under, signal) => (await json(`api/regions?${query({ under })}`, { signal })).regions;

/** @param {string | null} region @returns {Promise<string>} the visitor's secret */
export const open = async (region) => (await json("webhooks/web/conversations", { body: { region } })).conversation;

/** @param {string} token */
export const forget = (token) => request("webhooks/web/conversations", { token, method: "DELETE" });

/** @param {string} token @param {Question} question @returns {Promise<Answer>} */
export const send = (token, question) =>
  json("webhooks/web/messages", { token, body: question, patience: PATIENCE_FOR_ANSWERS });

/** @param {string} token @param {number} after @returns {Promise<{messages: Message[], with_person: boolean}>} */
export const since = (token, after) => json(`webhooks/web/messages?after=${after}`, { token });

/** @param {string} token @param {number} seq @param {boolean} useful @param {string | null} reason */
export const rate = (token, seq, useful, reason) => request("webhooks/web/ratings", { token, body: { seq, useful, reason } });

/**
 * What arrives without being asked, until the connection ends or is aborted.
 *
 * @param {string} token
 * @param {number} after
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<Message>}
 */
export async function* events(token, after, signal) {
  const response = await request(`webhooks/web/events?after=${after}`, { token, signal, patience: 0 });
  const decoder = new TextDecoder();
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  let held = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (held + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
    held = parts.pop() ?? "";
    for (const part of parts) {
      const data = part.match(/^data: ?(.*)$/m)?.[1];
      if (data) yield JSON.parse(data);
    }
  }
}
