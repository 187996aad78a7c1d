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
import { Machine } from './machine.ts'
import { makeProof } from './make-proof.ts'
import { nameContents } from './name-contents.ts'
import { runStream } from './run.ts'

/** Runs to STOP; false when the stream breaks before. @throws Fault `budget-…` */
function tryRun(m: Machine): boolean {
  try {
    runStream(m)
    return true
  } catch (thrown) {
    if (!isFault(thrown) || !thrown.code.startsWith('pkl-')) throw thrown
    m.note(thrown.code as PickleAnomaly, thrown.message)
    m.note('pkl-no-stop', `the stream breaks at ${m.offset}: ${thrown.message}`)
    m.fail('the stream', thrown.message)
    return false
  }
}

/** Notes what no policy lists, and what is listed with a danger and was only named. */
function noteUnlisted(m: Machine): void {
  for (const global of m.globals.all) {
    const { op, rights, danger, module, called, proper, noted } = global
    if (op < 0 || noted) continue
    const target = quoteName(global.target)
    const place = { locus: `global ${target}` }
    if (rights !== undefined && danger !== undefined && !proper)
      m.anomalies.add(danger.code, `refers to ${target}: it ${danger.why}`, { locus: `op ${op}` })
    if (rights !== undefined && danger !== undefined && !proper) m.distrust(target, `it ${danger.why}`)
    if (rights !== undefined || danger !== undefined || module === '__main__') continue
    if (called)
      m.anomalies.add(
        'pkl-unlisted-called',
        `op ${op} names ${target}, which nobody has vetted, and it is called`,
        place,
      )
    else
      m.anomalies.add(
        'pkl-unlisted-referenced',
        `op ${op} names ${target}, which nobody has vetted; it is not called`,
        place,
      )
  }
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
  const stopped = tryRun(m)
  const end = stopped ? m.position : m.offset
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
    opcodes: { count: m.count, listed: m.listed.slice(0, m.count) },
    storages: m.storages,
    ...named,
    raw: rawOf(m),
  }
}
