/** An answer drawn as a card: what was asked first, all else folded below; source and ways on at the end. */

import { address } from "./api.js";
import { byCase, checklist } from "./checklist.js";
import { button, dial, h, withNumbers } from "./dom.js";
import { shareBar } from "./share.js";
import { T } from "./texts.js";

/** @import {Circumstance, Fact, Item, Line, Message, Option, Payload, Phone, Source, Start} from "./types.js" */

const ORDER = [
  "time_limit",
  "eligibility",
  "materials",
  "channels",
  "phones",
  "process",
  "office_hours",
  "address",
  "remarks",
  "progress",
  "legal_basis",
  "level",
  "scope",
];
/** What stays behind when an answer is copied, printed, drawn or read aloud. */
const LEFT = ["progress", "legal_basis", "level", "scope"];
const OVERVIEW = ["time_limit", "eligibility", "materials", "channels", "phones"];
const ASPECT_OF = /** @type {Record<string, string>} */ ({ phone: "phones", complaint: "phones" });
const RELATED = 4;
const MANY = 2;

/**
 * @typedef {{catalogue: Map<string, Circumstance>, start: Start | null, say: (text: string) => void,
 *   tell: (sentence: string) => void, pick: () => void}} Desk  what a card needs of its surroundings
 */

/** @param {Message} message @param {Desk} desk @returns {HTMLElement} */
export function card(message, desk) {
  const payload = /** @type {Payload} */ (message.payload);
  if (payload.type !== "answer" || !payload.item || !Object.keys(payload.facts).length) return plain(message, payload, desk);
  const key = `${payload.jurisdiction}/${payload.item.id}`;
  const { materials } = payload.facts;
  const listed = materials?.some((fact) => !fact.deferred && fact.text !== T.none);
  const papers = listed ? checklist(materials, payload.circumstances, key, desk.catalogue) : null;
  const sections = parts(payload, papers?.element ?? null);
  const many = (payload.facts.phones?.length ?? 0) > MANY;
  const lines = () => summary(payload, papers?.lines() ?? [], message.link);
  return h(
    "article",
    { class: "card", "aria-label": payload.item.name },
    heading(payload),
    ...payload.notices.map((notice) => h("p", { class: "notice" }, ...withNumbers(notice))),
    (!payload.region.path || many) && button("option", payload.region.path ? T.nearer : T.noPlace, desk.pick),
    ...sections.filter((part) => part.asked).map((part) => part.element),
    options(payload.options, desk, T.which),
    fold(sections.filter((part) => !part.asked)),
    sourceLine(payload, message.link),
    shareBar(payload.item.name, lines, desk.tell),
    chips(T.askNext, nextQuestions(payload), desk),
    chips(T.related, related(payload.item.id, desk.start), desk),
  );
}

/** What was not asked, folded away under its names. @param {ReturnType<typeof parts>} sections */
function fold(sections) {
  if (!sections.length) return null;
  const names = sections.map((part) => part.name).join("、");
  return h("details", { class: "more" }, h("summary", {}, `${T.more}（${names}）`), ...sections.map((part) => part.element));
}

/**
 * Everything that is no answer from a guide: the text, in which phones dial, and choices as buttons.
 *
 * @param {Message} message
 * @param {Payload} payload
 * @param {Desk} desk
 */
function plain(message, payload, desk) {
  const chosen = new Set(payload.options.map((option, index) => `${index + 1}. ${option.label}`));
  const lines = message.text
    .split("\n")
    .filter((line) => !chosen.has(line))
    .map((line) => (payload.options.length ? line.replace(/（回复序号[^）]*）/, "") : line));
  return h(
    "article",
    { class: "card plain" },
    ...lines.map((line) => h("p", {}, ...withNumbers(line))),
    options(payload.options, desk, ""),
  );
}

/** @param {Payload} payload */
function heading(payload) {
  return h("header", {}, h("h3", {}, payload.item?.name ?? ""), h("p", { class: "where" }, whereFor(payload)));
}

/** The place the answer is for; without one, the guide it comes from. @param {Payload} payload */
function whereFor(payload) {
  return payload.region.path?.replaceAll("/", " ") ?? T.by(payload.sources.slice(0, 1).map(titled).join());
}

/** The sections in order; `asked` ones are shown open. @param {Payload} payload @param {HTMLElement | null} papers */
function parts(payload, papers) {
  const overview = payload.aspects.includes("overview");
  const asked = overview ? OVERVIEW : payload.aspects.map((aspect) => ASPECT_OF[aspect] ?? aspect);
  const nearest = payload.sources[0]?.id;
  const keys = ORDER.filter((key) => payload.facts[key]?.length);
  const open = keys.filter((key) => asked.includes(key));
  return keys.map((key) => {
    const facts = payload.facts[key];
    const other = payload.sources.find((source) => source.id === facts[0].source && source.id !== nearest);
    const body = key === "materials" && papers ? papers : section(key, facts, payload);
    const name = nameOf(key);
    const element = h(
      "section",
      { class: key },
      h("h4", {}, name),
      body,
      other && h("p", { class: "from" }, `${T.fromGuide}${titled(other)}`),
    );
    return { name, asked: open.length ? open.includes(key) : true, element };
  });
}

/** @param {string} key */
const nameOf = (key) => /** @type {Record<string, string>} */ (T.aspects)[key] ?? key;

/** @param {string} key @param {Fact[]} facts @param {Payload} payload */
function section(key, facts, payload) {
  if (key === "phones") return phones(payload.facts.phones ?? []);
  if (key === "process") return steps(facts);
  const once = distinct(facts);
  const rows = [...byCase(once)].flatMap(([when, found]) => [
    when && key !== "time_limit" ? h("p", { class: "case" }, when) : null,
    ...found.map((fact) => h("p", { class: fact.window ? "window" : "fact" }, ...withNumbers(factText(key, fact)))),
  ]);
  return h("div", {}, ...rows);
}

/** @param {string} key @param {Fact} fact */
function factText(key, fact) {
  if (key === "materials" && fact.text === T.none) return T.noPapers;
  const text = (fact.window ? T.window : "") + fact.text;
  return key === "time_limit" && fact.when ? `${text}（${fact.when}）` : text;
}

/** One sentence that names several kinds of channel comes as several facts: it is shown once. @param {Fact[]} facts */
function distinct(facts) {
  return [...new Map(facts.map((fact) => [`${fact.text}|${fact.when}|${fact.branch}`, fact])).values()];
}

/** @param {Phone[]} numbers */
function phones(numbers) {
  return h(
    "ul",
    { class: "phones" },
    ...numbers.map((phone) => h("li", {}, h("span", {}, phoneName(phone)), dial(phone.number))),
  );
}

/** @param {Phone} phone */
function phoneName(phone) {
  const kind = /** @type {Record<string, string>} */ (T.phoneKinds)[phone.kind];
  return [phone.place, kind].filter(Boolean).join(" ");
}

/** @param {Fact[]} facts */
function steps(facts) {
  const branches = new Map(
    facts.map((fact) => [fact.branch ?? "", facts.filter((other) => (other.branch ?? "") === (fact.branch ?? ""))]),
  );
  const drawn = [...branches].flatMap(([branch, found]) => [
    branch ? h("p", { class: "case" }, branch) : null,
    h("ol", { class: "steps" }, ...found.map((fact) => h("li", {}, ...step(fact)))),
  ]);
  return h("div", {}, ...drawn);
}

/** @param {Fact} fact */
function step(fact) {
  const text = fact.name && fact.text.startsWith(`${fact.name}：`) ? fact.text.slice(fact.name.length + 1) : fact.text;
  const when = fact.when ? `（${fact.when}）` : "";
  return [fact.name && fact.name !== text && h("strong", {}, fact.name), h("span", {}, ...withNumbers(text + when))];
}

/** @param {Source} source */
const titled = (source) =>
  `《${source.title}》${source.year && !source.title.includes(String(source.year)) ? T.year(source.year) : ""}`;

/** @param {Payload} payload @param {string | null} link */
function sourceLine(payload, link) {
  const titles = payload.sources.map(titled).join("、");
  return h(
    "p",
    { class: "source" },
    `${T.source}：${titles}`,
    link && h("a", { href: address(link), target: "_blank", rel: "noopener" }, T.guide),
  );
}

/** @param {Option[]} choices @param {Desk} desk @param {string} ask */
function options(choices, desk, ask) {
  if (!choices.length) return null;
  return h(
    "div",
    { class: "options", role: "group", "aria-label": T.which },
    ask && h("p", { class: "hint" }, ask),
    ...choices.map((choice) => button("option", choice.label, () => desk.say(choice.send))),
  );
}

/** Aspects that this answer does not hold. @param {Payload} payload */
function nextQuestions(payload) {
  return Object.entries(T.next)
    .filter(
      ([aspect]) =>
        !payload.aspects.includes(aspect) && (aspect === "complaint" || !payload.facts[ASPECT_OF[aspect] ?? aspect]),
    )
    .map(([, text]) => text);
}

/** Items of the same family. @param {string} id @param {Start | null} start */
function related(id, start) {
  const family = start?.families.find((one) => one.items.some((item) => item.id === id));
  return (family?.items ?? [])
    .filter((item) => item.id !== id)
    .slice(0, RELATED)
    .map((/** @type {Item} */ item) => item.name);
}

/** @param {string} name @param {string[]} texts @param {Desk} desk */
function chips(name, texts, desk) {
  if (!texts.length) return null;
  return h(
    "div",
    { class: "chips", role: "group", "aria-label": name },
    h("span", { class: "hint" }, name),
    ...texts.map((text) => button("chip", text, () => desk.say(text))),
  );
}

/**
 * The card in lines: what is copied, printed, drawn and read aloud.
 *
 * @param {Payload} payload
 * @param {Line[]} papers
 * @param {string | null} link
 * @returns {Line[]}
 */
function summary(payload, papers, link) {
  /** @type {Line[]} */
  const lines = [{ kind: "title", text: payload.item?.name ?? "" }];
  lines.push({ kind: "text", text: (payload.region.path ? `${T.place}：` : "") + whereFor(payload) });
  lines.push(...payload.notices.map((text) => /** @type {Line} */ ({ kind: "note", text })));
  for (const key of ORDER.filter((one) => payload.facts[one]?.length && !LEFT.includes(one))) {
    lines.push({ kind: "head", text: nameOf(key) });
    if (key === "materials" && papers.length) lines.push(...papers);
    else if (key === "phones")
      lines.push(...(payload.facts.phones ?? []).map((phone) => item(`${phoneName(phone)} ${phone.number}`)));
    else lines.push(...distinct(payload.facts[key]).map((fact, index) => item(factLine(key, fact, index))));
  }
  lines.push({ kind: "source", text: `${T.source}：${payload.sources.map(titled).join("、")}` });
  if (link) lines.push({ kind: "source", text: `${T.guide}：${decodeURIComponent(address(link))}` });
  return lines;
}

/** @param {string} key @param {Fact} fact @param {number} index */
function factLine(key, fact, index) {
  const number = key === "process" ? `${index + 1}. ` : "";
  const when = fact.when && key !== "time_limit" ? `${fact.when}：` : "";
  return number + when + factText(key, fact);
}

/** @param {string} text @returns {Line} */
const item = (text) => ({ kind: "item", text });
