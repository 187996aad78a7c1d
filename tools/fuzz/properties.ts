/**
 * What must hold between our statement about a stream and what Python's unpicklers did with it.
 */
import type { Outcome } from './frames.ts'
import type { Outcomes } from './oracles.ts'
import type { Statement } from './subject.ts'

/** A property that a stream breaks. */
export interface Violation {
  readonly property:
    | 'crash'
    | 'breach'
    | 'unreported-global'
    | 'canonical-differs'
    | 'proved-fails'
    | 'proved-beyond'
    | 'checker-refuses'
  readonly message: string
  /** What counterexamples of one cause have in common. */
  readonly kind: string
}

function describe(name: string, { finished, globals, end, result }: Outcome): string {
  return `${name}: ${finished ? 'loads' : 'fails'} (${result.slice(0, 60)}), resolves [${globals.join(', ')}], ends at ${end}`
}

/** First outcome that differs from the others in what can be observed of it. */
function findDifference(outcomes: Outcomes): Pick<Violation, 'message' | 'kind'> | undefined {
  const all = [...outcomes]
  const [first] = all
  if (first === undefined) return undefined
  const known = all.find(([, { end }]) => end >= 0)?.[1].end ?? -1
  const differs = all.find(([, each]) => {
    const sameEnd = each.end < 0 || each.end === known
    const sameResult = !each.finished || each.result === first[1].result
    const sameGlobals = each.globals.join('\n') === first[1].globals.join('\n')
    const sameEvents = each.events.join('\n') === first[1].events.join('\n')
    return each.finished !== first[1].finished || !sameEnd || !sameResult || !sameGlobals || !sameEvents
  })
  if (differs === undefined) return undefined
  const kind = [first, differs]
    .map(([name, { finished, result }]) => `${name} ${finished ? 'loads' : result}`)
    .join(' | ')
  return { message: `${describe(...first)} | ${describe(...differs)}`, kind }
}

function judgeGlobals(statement: Statement, outcomes: Outcomes): Violation | undefined {
  if (statement.ambiguous) return undefined
  for (const [name, { globals }] of outcomes) {
    const missing = globals.find((global) => !statement.globals.has(global))
    if (missing !== undefined)
      return {
        property: 'unreported-global',
        message: `${name} resolves ${missing}, which we do not report (${statement.verdict}: ${statement.why})`,
        kind: `${name} ${statement.why.slice(0, 40)}`,
      }
  }
  return undefined
}

/** What recorders saw, in the words of the proof's uses. */
function countEvents(events: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const event of events) {
    const what = event.startsWith('build ') ? 'build' : event
    if (!/^(append|add|setitem) instance of /.test(what)) counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  return counts
}

/** A proof lists every call and every state, each as often as it is made, and nothing else is done. */
function judgeProof(statement: Statement, outcomes: Outcomes): Violation | undefined {
  const { proved, doubt } = statement
  if (!proved) return undefined
  if (doubt !== undefined) return { property: 'checker-refuses', message: doubt, kind: doubt }
  for (const [name, outcome] of outcomes) {
    if (!outcome.finished)
      return { property: 'proved-fails', message: describe(name, outcome), kind: `${name} ${outcome.result}` }
    const counts = countEvents(outcome.events)
    const beyond = [...counts].find(([what, count]) => (statement.uses.get(what) ?? 0) !== count)
    if (beyond === undefined) continue
    const [what, count] = beyond
    const allowed = statement.uses.get(what) ?? 0
    const message = `${name} makes "${what}" ${count} times, the proof lists it ${allowed} times`
    return { property: 'proved-beyond', message, kind: what }
  }
  return undefined
}

/** The first property that does not hold. */
export function judge(statement: Statement, outcomes: Outcomes): Violation | undefined {
  for (const [name, { globals }] of outcomes) {
    const breach = globals.find((each) => each.startsWith('BREACH'))
    if (breach !== undefined) return { property: 'breach', message: `${name}: ${breach}`, kind: breach }
  }
  const different = statement.canonical || statement.proved ? findDifference(outcomes) : undefined
  if (different !== undefined) {
    const { message, kind } = different
    const ours = `${statement.verdict}: ${statement.why}`
    return { property: 'canonical-differs', message: `${message} | ours: ${ours}`, kind: `${kind} ${ours}` }
  }
  return judgeProof(statement, outcomes) ?? judgeGlobals(statement, outcomes)
}
