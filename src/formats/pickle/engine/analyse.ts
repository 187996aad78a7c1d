/**
 * Analyses one pickle stream: runs it abstractly and says what it came to.
 */
import { isFault } from '../../../base/index.ts'
import type { ReferenceFact } from '../../facts.ts'
import { quoteName } from '../../names.ts'
import type { ReadRequest } from '../../reader.ts'
import type { PickleAnomaly } from '../anomalies.ts'
import type { ByteRange, PickleAnalysis, PickleContext } from './analysis.ts'
import { noteExpansion } from './expansion.ts'
import type { NamedGlobal } from './global-table.ts'
import { Machine } from './machine.ts'
import { makeProof } from './make-proof.ts'
import { nameContents } from './name-contents.ts'
import { runStream } from './run.ts'

/** Where the stream goes on is not known, which is no break: all that follows belongs to it. */
const LOST = 'pkl-signature'

/** Runs to STOP, and says how it ended. @throws Fault `budget-…` */
function tryRun(m: Machine): 'stopped' | 'broken' | 'lost' {
  try {
    runStream(m)
    return 'stopped'
  } catch (thrown) {
    if (!isFault(thrown) || !thrown.code.startsWith('pkl-')) throw thrown
    m.note(thrown.code as PickleAnomaly, thrown.message)
    if (thrown.code !== LOST) m.note('pkl-no-stop', `the stream breaks at ${m.offset}: ${thrown.message}`)
    m.fail('the stream', thrown.message)
    return thrown.code === LOST ? 'lost' : 'broken'
  }
}

/** Notes what no policy lists, and what is listed with a danger and was only named. */
function noteUnlisted(m: Machine): void {
  for (const global of m.globals.all) {
    if (global.op < 0 || global.noted) continue
    if (global.rights !== undefined) noteImproper(m, global)
    else if (global.danger === undefined && global.module !== '__main__') noteUnvetted(m, global)
  }
}

function noteImproper(m: Machine, { danger, proper, target, op }: NamedGlobal): void {
  if (danger === undefined || proper) return
  const name = quoteName(target)
  m.anomalies.add(danger.code, `refers to ${name}: it ${danger.why}`, { locus: `op ${op}` })
  m.distrust(name, `it ${danger.why}`)
}

function noteUnvetted(m: Machine, { called, target, op }: NamedGlobal): void {
  const name = quoteName(target)
  const message = `op ${op} names ${name}, which nobody has vetted; it is ${called ? '' : 'not '}called`
  m.anomalies.add(called ? 'pkl-unlisted-called' : 'pkl-unlisted-referenced', message, { locus: `global ${name}` })
}

function referencesOf(m: Machine): readonly ReferenceFact[] {
  return m.globals.all
    .filter(({ op }) => op >= 0)
    .toSorted((a, b) => a.op - b.op)
    .map(({ target, op }) => ({ kind: 'global', target, locus: `op ${op}` }))
}

/** Ranges of array bytes, in order and once each. */
function rawOf(m: Machine): readonly ByteRange[] {
  const inside = m.arrays.map(({ array }) => ({ from: array.at, to: array.at + array.length }))
  const all = new Map([...m.rawBehind, ...inside].map((range) => [range.from, range]))
  return [...all.values()].filter(({ from, to }) => from < to).toSorted((a, b) => a.from - b.from)
}

/**
 * Analyses the stream that begins at `at`; see the module.
 *
 * @throws Fault `budget-…`, and what the source throws
 */
export function analysePickle(request: ReadRequest, at: number, context: PickleContext): PickleAnalysis {
  const m = new Machine({ request, from: at, context, run: runStream })
  const ending = tryRun(m)
  const stopped = ending === 'stopped'
  const end = stopped ? m.position : ending === 'lost' ? m.to : m.offset
  noteUnlisted(m)
  if (stopped) noteExpansion(m)
  const named = stopped ? nameContents(m) : { tensors: [], arrays: [] }
  const proof = makeProof(m, end)
  m.release()
  return {
    end,
    stopped,
    protocol: m.protocol,
    verdict: proof.verdict,
    proof,
    anomalies: m.anomalies.toArray(),
    references: referencesOf(m),
    opcodes: { count: m.count, listed: m.listed.length > m.count ? m.listed.slice(0, m.count) : m.listed },
    storages: m.storages,
    ...named,
    raw: rawOf(m),
  }
}
