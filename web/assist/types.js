// @ts-check
/** The shapes the server sends; `bot/assist/openapi.yml` is their truth. */

/** @typedef {{name: string, role: "agent" | "supervisor" | "clerk" | "system"}} User */
/** @typedef {{user: User, csrf: string}} Session */
/** @typedef {{id: string, speaker: "caller" | "agent", text: string, final: boolean, at: string, waits?: boolean}} Piece */
/** @typedef {{item: string, name: string, means: string, confidence: number, words: string[]}} Candidate */
/** @typedef {{id: string, label: string, from: "heard" | "chosen"}} Known */
/** @typedef {{text: string, when?: string | null, source?: string}} Line */
/** @typedef {{kind: string, place?: string | null, number: string}} Phone */
/** @typedef {{id: string, label: string}} Choice */
/**
 * @typedef {object} Payload the answer contract
 * @property {{id: string, name: string} | null} item
 * @property {string[]} aspects
 * @property {{path: string | null, from: string}} region
 * @property {Record<string, any[]>} facts
 * @property {{id: string, title: string, year: number | null, entry: string}[]} sources
 * @property {string[]} notices
 */
/**
 * @typedef {object} Card
 * @property {Payload} payload
 * @property {string[]} script
 * @property {Line[]} checklist
 * @property {string[]} time_limit
 * @property {string[]} channels
 * @property {Phone[]} phones
 * @property {{question: string, choices: Choice[]} | null} ask_next
 * @property {string} sms
 * @property {string | null} link
 */
/**
 * @typedef {object} CallState
 * @property {string} call
 * @property {number} revision
 * @property {"open" | "closed"} status
 * @property {string} since
 * @property {string | null} line
 * @property {{path: string, from: string} | null} region
 * @property {Known[]} circumstances
 * @property {string[]} aspects
 * @property {Piece[]} pieces
 * @property {Candidate[]} candidates
 * @property {string | null} chosen_item
 * @property {Card | null} card
 * @property {boolean} open_question
 * @property {Record<string, {right: boolean, right_item?: string | null}>} feedback
 */
/** @typedef {{call: string, since: string, line: string | null, last_words: string | null, region: string | null, item: {item: string, name: string} | null}} CallRow */
/** @typedef {{id: string, name: string, means: string, family: string}} Item */
/** @typedef {{items: Item[], circumstances: Choice[]}} Catalogue */
/** @typedef {{from: "citizen" | "bot" | "agent", text: string, at: string, waits?: boolean}} Said */
/** @typedef {{conversation: string, channel: string, state: "waiting" | "taken", since: string, agent: string | null, talk: Said[]}} Conversation */
/** @typedef {{conversations: Conversation[], duty: {on: boolean, people: number}}} Desk */
/** @typedef {{id: number, at: string, source: string, kind: "wrong" | "unanswered" | "confirmed", text: string, suggested: string[], right_item: string | null, state: string, item: string | null, note: string | null}} Question */
/**
 * @typedef {object} Day
 * @property {string} date
 * @property {number} calls
 * @property {Record<string, number>} outcomes
 * @property {number | null} hit_rate
 * @property {number} judged
 * @property {{item: string, name: string, count: number}[]} top_items
 * @property {{path: string, count: number}[]} places
 * @property {number} unanswered
 * @property {{hour: number, calls: number, useful: number, useless: number}[]} hours
 * @property {number} desk
 */
/** @typedef {{id: number, at: string, who: string, what: string, subject: string | null}} AuditEntry */

export {};
