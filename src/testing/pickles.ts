/**
 * Pickles for tests: streams written opcode by opcode, the vectors of real producers, and how they are analysed.
 */
import { readFileSync } from 'node:fs'
import { Budget } from '../formats/budget.ts'
import { memorySource } from '../formats/memory-source.ts'
import { analysePickle, type PickleAnalysis, type PickleContext } from '../formats/pickle/engine/index.ts'

/** Joins parts of a stream; texts are Latin-1. */
export function stream(...parts: readonly (string | readonly number[] | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  )
}

/** BINUNICODE. */
export function text(value: string): Uint8Array {
  const bytes = Buffer.from(value)
  return stream('X', [bytes.length & 255, bytes.length >> 8, 0, 0], bytes)
}

/** PROTO of the second protocol. */
export const P2: readonly number[] = [0x80, 2]

/** One vector of `real-vectors.json`. */
export interface RealVector {
  readonly name: string
  readonly verdict: string
  readonly bytes: Uint8Array
  readonly context: PickleContext
}

const FILE = new URL('../formats/pickle/real-vectors.json', import.meta.url)

/** The vectors of real producers. */
export function realVectors(): readonly RealVector[] {
  const rows = JSON.parse(readFileSync(FILE, 'utf8')) as readonly Readonly<Record<string, string>>[]
  return rows.map(({ name = '', verdict = '', context, base64 = '' }) => ({
    name,
    verdict,
    bytes: Buffer.from(base64, 'base64'),
    context: {
      persistent: context === 'torch' ? 'torch' : 'none',
      ...(context === 'joblib' ? { rawArrays: 'joblib' as const } : {}),
    },
  }))
}

/** Analyses bytes as one stream; reads outside fail the test. */
export function analyse(bytes: Uint8Array, context: PickleContext = { persistent: 'none' }, at = 0): PickleAnalysis {
  const budget = new Budget()
  const source = memorySource(bytes, budget)
  const readMember = (): never => {
    throw new Error('the engine reads no members')
  }
  return analysePickle({ path: 'model.pkl', depth: 0, peek: false, readMember, source, budget }, at, context)
}
