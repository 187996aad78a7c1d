/**
 * How batches of streams go to the programs that load them, and how answers come back: see `oracle.py`.
 */
import type { Stream } from './generate.ts'

/** What one unpickler did. */
export interface Outcome {
  /** Whether STOP was reached. */
  readonly finished: boolean
  /** `module.name` of each global, in the order in which they were resolved. */
  readonly globals: readonly string[]
  /** What was called, built or changed. */
  readonly events: readonly string[]
  /** The result as text, or the class of the exception. */
  readonly result: string
  /** First byte that was not taken from the file, or −1 where it cannot be told. */
  readonly end: number
}

type Raw = readonly [finished: number, globals: readonly string[], events: readonly string[], result: string]
type RawAnswer = readonly [ends: readonly number[], outcomes: readonly (Raw | 0 | null)[]]

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** A batch as the programs read it. */
export function packBatch(streams: readonly Stream[]): Uint8Array {
  const parts = streams.flatMap(({ bytes, persistent }) => [
    u32(bytes.length),
    Uint8Array.of(persistent ? 1 : 0),
    bytes,
  ])
  return new Uint8Array(Buffer.concat([u32(streams.length), ...parts]))
}

function toOutcome([finished, globals, events, result]: Raw, end: number): Outcome {
  return { finished: finished === 1, globals, events, result, end }
}

/** Answers of a batch: for each stream the outcomes in the order of the semantics, null for one that cannot be had. */
export function parseAnswers(text: string): readonly (readonly (Outcome | null)[])[] {
  return (JSON.parse(text) as readonly RawAnswer[]).map(([ends, outcomes]) => {
    const first = outcomes[0]
    return outcomes.map((each, i) => {
      const raw = each === 0 ? first : each
      return raw === null || raw === undefined || raw === 0 ? null : toOutcome(raw, ends[i] ?? -1)
    })
  })
}
