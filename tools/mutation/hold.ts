/**
 * Holds checker and engine against the cases; a mutant that gets through all of them has survived.
 */
import { readFileSync } from 'node:fs'
import { checkProof } from '../../src/formats/pickle/checker/index.ts'
import { analysePickle } from '../../src/formats/pickle/engine/index.ts'
import { POLICIES } from '../../src/formats/pickle/policy/index.ts'
import { streamRequest } from '../../src/testing/stream-request.ts'
import { contextOf, type MutationCase } from './cases.ts'

const PROVED = ['proved', 'proved-under']
const CASES = JSON.parse(readFileSync(process.env['MUTATION_CASES'] ?? '', 'utf8')) as readonly MutationCase[]

function judge({ hex, torch, proof, proved }: MutationCase): string | undefined {
  const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
  const context = contextOf(torch)
  const checked = checkProof(bytes, proof, { ...context, policies: POLICIES })
  if (checked.holds !== proved) return `the checker ${checked.holds ? 'accepts' : 'refuses'} ${hex}`
  const { verdict } = analysePickle(streamRequest(bytes), 0, context)
  return PROVED.includes(verdict) === proved ? undefined : `the engine says ${verdict} of ${hex}`
}

/** What is wrong with the first case that differs, or undefined. */
export function firstFailure(): string | undefined {
  for (const each of CASES) {
    const failure = judge(each)
    if (failure !== undefined) return failure
  }
  return CASES.length === 0 ? 'there are no cases' : undefined
}
