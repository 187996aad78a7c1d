/**
 * What we say of a stream: the names that it refers to, whether it has the one form that all unpicklers read alike, and
 * what was proved of it.
 */
import { isFault } from '../../src/base/index.ts'
import { analysePickle, type PickleAnalysis, type PickleContext } from '../../src/formats/pickle/engine/index.ts'
import { checkProof } from '../../src/formats/pickle/checker/index.ts'
import { POLICIES } from '../../src/formats/pickle/policy/index.ts'
import { streamRequest } from '../../src/testing/stream-request.ts'
import type { Stream } from './generate.ts'

/** See the module. */
export interface Statement {
  readonly canonical: boolean
  readonly proved: boolean
  /** `module.name` of each global. */
  readonly globals: ReadonlySet<string>
  /** The form is said to be ambiguous, or to break off: another reader may see other names. */
  readonly ambiguous: boolean
  /** How often the proof lets what be done: `call module.name`, `new module.name`, `build`. */
  readonly uses: ReadonlyMap<string, number>
  readonly end: number
  /** Why the checker, which is another program, does not accept the proof; undefined when it does, or there is none. */
  readonly doubt: string | undefined
  readonly verdict: string
  /** Codes of the anomalies, or the reason why nothing was proved. */
  readonly why: string
}

const AMBIGUOUS = new Set(['pkl-frame', 'pkl-indirect-global', 'pkl-extension', 'pkl-truncated'])

/** Records of a torch archive that the streams may refer to: 0 to 2, of four f32. */
const TORCH: PickleContext = {
  persistent: 'torch',
  storageBytes: (key) => (/^[0-2]$/.test(key) ? 16 : undefined),
}

const NO_IDS: PickleContext = { persistent: 'none' }

/** Runs the analysis of the reader over one stream. */
export function analyse({ bytes, persistent }: Stream): PickleAnalysis {
  return analysePickle(streamRequest(bytes), 0, persistent ? TORCH : NO_IDS)
}

function usesOf({ proof }: PickleAnalysis): ReadonlyMap<string, number> {
  const uses = new Map<string, number>()
  for (const { module, name, position, count } of proof.uses) {
    const path = `${module}.${name}`
    const what =
      position === 'REDUCE'
        ? `call ${path}`
        : position === 'BUILD'
          ? 'build'
          : position === 'value'
            ? ''
            : `new ${path}`
    uses.set(what, (uses.get(what) ?? 0) + count)
  }
  return uses
}

function doubtOf({ bytes, persistent }: Stream, { verdict, proof, end }: PickleAnalysis): string | undefined {
  if (verdict !== 'proved' && verdict !== 'proved-under') return undefined
  const checked = checkProof(bytes.subarray(0, end), proof, {
    ...(persistent ? TORCH : NO_IDS),
    policies: POLICIES,
  })
  return checked.holds ? undefined : checked.reason
}

/** States what the analysis says. */
export function stateOf(stream: Stream): Statement {
  try {
    const analysis = analyse(stream)
    const codes = analysis.anomalies.map(({ code }) => code)
    const { verdict, canonical } = analysis.proof
    return {
      canonical,
      doubt: doubtOf(stream, analysis),
      proved: verdict === 'proved' || verdict === 'proved-under',
      globals: new Set(analysis.references.map(({ target }) => target)),
      ambiguous: codes.some((code) => AMBIGUOUS.has(code)),
      uses: usesOf(analysis),
      end: analysis.end,
      verdict,
      why: [...new Set(codes)].join(' ') || (analysis.proof.failing?.reason ?? ''),
    }
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    const nothing = { canonical: false, proved: false, ambiguous: true, end: 0, doubt: undefined }
    return { ...nothing, globals: new Set(), uses: new Map(), verdict: 'fault', why: thrown.message }
  }
}
