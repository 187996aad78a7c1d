/**
 * Streams that the checker's run refuses, each with the reason that it gives.
 *
 * The reason is held as well, so that a stream is refused for what is wrong with it and not by chance further on.
 */
import { readFileSync } from 'node:fs'
import { Calls } from '../formats/pickle/checker/calls.ts'
import { Execution, type CheckContext } from '../formats/pickle/checker/execution.ts'
import { Refusal } from '../formats/pickle/checker/refusal.ts'
import { POLICIES } from '../formats/pickle/policy/index.ts'
import { listGlobals, type Signature } from '../formats/pickle/policy/signature.ts'

/** A stream, how it is embedded, and why it is refused; empty when it is taken. */
export interface Refused {
  readonly hex: string
  readonly context: 'file' | 'torch' | 'joblib'
  readonly reason: string
}

const FILE = new URL('../formats/pickle/checker/refusal-vectors.json', import.meta.url)
const CONTEXTS: Readonly<Record<Refused['context'], CheckContext>> = {
  file: { persistent: 'none' },
  torch: { persistent: 'torch', storageBytes: (key) => (/^[0-2]$/.test(key) ? 16 : undefined) },
  joblib: { persistent: 'none', rawArrays: 'joblib' },
}
const SIGNATURES: ReadonlyMap<string, Signature> = new Map(
  POLICIES.toReversed()
    .flatMap((policy) => [...listGlobals(policy)].toReversed())
    .map(({ module, name, signature }) => [`${module} ${name}`, signature]),
)

/** Why the checker refuses a stream under all policies that ship, or the empty text. */
export function reasonOf(bytes: Uint8Array, context: Refused['context']): string {
  try {
    new Execution(bytes, new Calls(SIGNATURES, false), CONTEXTS[context]).run()
    return ''
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return thrown.message
  }
}

/** The streams of `refusal-vectors.json`. */
export function readRefusals(): readonly Refused[] {
  return JSON.parse(readFileSync(FILE, 'utf8')) as readonly Refused[]
}

/** What is refused for another reason than the table says, or not. */
export function differingRefusals(): readonly string[] {
  return readRefusals().flatMap(({ hex, context, reason }) => {
    const given = reasonOf(Buffer.from(hex, 'hex'), context)
    return given === reason ? [] : [`${hex}: ${given} instead of ${reason}`]
  })
}
