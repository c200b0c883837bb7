// @ts-check
/** Asking the server. Everything a page learns about network and session is announced on `news`. */

const BASE = "/assist/api";
const PATIENCE_MS = 15000;

/** Events `online`, `offline` (the server cannot be reached), `signed-in`, `signed-out`. */
export const news = new EventTarget();

let csrf = "";
let reachable = true;

/** The server said no; the message is a sentence for people. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The server could not be reached. */
export class Unreachable extends Error {}

/** @param {string} kind */
function announce(kind) {
  news.dispatchEvent(new Event(kind));
}

/** @param {boolean} now */
export function setReachable(now) {
  if (now === reachable) return;
  reachable = now;
  announce(now ? "online" : "offline");
}

export function isReachable() {
  return reachable;
}

/**
 * @param {string} method
 * @param {string} path below `/assist/api`
 * @param {unknown} [body]
 * @returns {Promise<any>} what the server answered, `null` for an empty answer
 * @throws {Refusal | Unreachable}
 */
export async function ask(method, path, body) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await reached(BASE + path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const type = response.headers.get("Content-Type") ?? "";
  const answer = type.includes("json") ? await response.json().catch(() => null) : null;
  if (response.ok) return answer;
  if (response.status === 401 && !(method === "POST" && path === "/session")) announce("signed-out");
  throw new Refusal(response.status, answer?.error ?? `${response.status} ${response.statusText}`);
}

/**
 * @param {string} url
 * @param {RequestInit} request
 */
async function reached(url, request) {
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.status === 502 || response.status === 504) throw new Unreachable();
    setReachable(true);
    return response;
  } catch {
    setReachable(false);
    throw new Unreachable();
  }
}

/**
 * @param {Record<string, string | null | undefined>} values
 * @returns {string} `?a=b`, without the empty ones
 */
export function query(values) {
  const filled = Object.entries(values).filter(([, value]) => value);
  return filled.length ? `?${new URLSearchParams(/** @type {[string, string][]} */ (filled))}` : "";
}

/** @typedef {import("./types.js").Session} Session */

/** @returns {Promise<Session>} who is signed in */
export async function session() {
  const found = await ask("GET", "/session");
  csrf = found.csrf;
  return found;
}

/**
 * @param {string} name
 * @param {string} password
 * @returns {Promise<Session>}
 */
export async function signIn(name, password) {
  const found = await ask("POST", "/session", { name, password });
  csrf = found.csrf;
  announce("signed-in");
  return found;
}

export async function signOut() {
  await ask("DELETE", "/session");
}

addEventListener("offline", () => setReachable(false));
addEventListener("online", () => void ask("GET", "/session").catch(() => {}));
