/**
 * Shapes of what the server sends, as its answer contract and the web front door have them.
 *
 * @typedef {{text: string, when: string | null, source: string, circumstances?: string[], waived_when?: string[],
 *   waived?: string, form?: string, copies?: number, original?: string, seal?: string, optional?: boolean,
 *   window?: boolean, deferred?: boolean, branch?: string, name?: string, kind?: string}} Fact
 * @typedef {{kind: string, place?: string, number: string, source: string}} Phone
 * @typedef {{id: string, label: string, send: string}} Option
 * @typedef {{id: string, title: string, year: number | null, entry: string}} Source
 * @typedef {{type: string, item: {id: string, name: string} | null, aspects: string[],
 *   region: {path: string | null, from: string}, jurisdiction: string | null, circumstances: string[],
 *   facts: {[key: string]: Fact[]} & {phones?: Phone[]}, sources: Source[], notices: string[], options: Option[]}} Payload
 * @typedef {{seq: number, from: "citizen" | "bot" | "agent", at: string, text: string, payload: Payload | null,
 *   link: string | null}} Message
 * @typedef {{id: string, text: string, region: string | null}} Question
 * @typedef {{id: string, seq: number, replies: Message[], with_person: boolean}} Answer
 * @typedef {{id: string, name: string, means: string}} Item
 * @typedef {{region: string | null, hot: {text: string}[], families: {id: string, name: string, items: Item[]}[],
 *   circumstances: Circumstance[]}} Start
 * @typedef {{text: string, label: string, kind: "item" | "form" | "question", item: string | null,
 *   hint: string | null}} Suggestion
 * @typedef {{path: string, name: string, has_guide: boolean}} Region
 * @typedef {{id: string, label: string, group: string, implies: string[]}} Circumstance
 * @typedef {{kind: "title" | "head" | "text" | "item" | "note" | "source", text: string}} Line
 */
export {};
