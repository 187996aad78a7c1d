/**
 * The right of reply: what was answered stands beside what was said, wherever it is shown.
 *
 * Pages, JSON and the command line take the entries of a docket from here, where an entry cannot be had without its
 * replies; and {@link findHiddenReplies} tells of any rendering whether one is missing from it. Replies with objections
 * are shown as well: whether a reply is in order is not for the page to decide.
 */
import type { Docket, DocketEntry } from './docket.ts'

/** An entry and all that was replied to it, and to that. */
export interface AnsweredEntry {
  readonly entry: DocketEntry
  readonly replies: readonly AnsweredEntry[]
}

/** Replies to replies are shown beside each other so deep; deeper ones stand for themselves. */
const MAX_DEPTH = 16

function isReply({ leaf }: DocketEntry): boolean {
  return leaf.kind === 'reply'
}

/**
 * Everything that was said, each with its replies; replies stand nowhere else, except such as answer nothing that is
 * there, which stand for themselves.
 */
export function answerEntries(docket: Docket): readonly AnsweredEntry[] {
  const byTarget = Map.groupBy(docket.entries.filter(isReply), ({ leaf }) => leaf.target ?? '')
  const shown = new Set<DocketEntry>()
  const answer = (entry: DocketEntry, depth: number): AnsweredEntry => {
    shown.add(entry)
    const replies = depth < MAX_DEPTH ? (byTarget.get(entry.leaf.entry) ?? []) : []
    return { entry, replies: replies.flatMap((reply) => (shown.has(reply) ? [] : [answer(reply, depth + 1)])) }
  }
  const said = docket.entries.filter((entry) => !isReply(entry)).map((entry) => answer(entry, 0))
  const strays = docket.entries.flatMap((entry) => (shown.has(entry) ? [] : [answer(entry, 0)]))
  return [...said, ...strays].toSorted((a, b) => a.entry.index - b.entry.index)
}

/** How a rendering names an entry: by the first 16 hex digits of its identity, at least. */
export function nameEntry({ leaf }: DocketEntry): string {
  return leaf.entry.slice(0, 16)
}

/**
 * The replies that a rendering leaves out although it shows what they answer: a page, JSON or a text. A rendering for
 * which this is not empty is not conformant.
 *
 * @returns identities of the replies
 */
export function findHiddenReplies(docket: Docket, rendering: string): readonly string[] {
  const shown = docket.entries.filter((entry) => rendering.includes(nameEntry(entry)))
  const identities = new Set(shown.map(({ leaf }) => leaf.entry))
  const hidden = docket.entries.filter((entry) => {
    const { entry: identity, target = '' } = entry.leaf
    return isReply(entry) && identities.has(target) && !identities.has(identity)
  })
  return [...new Set(hidden.map(({ leaf }) => leaf.entry))]
}
