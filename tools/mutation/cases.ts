/**
 * The cases that mutants are held against: streams of which the engine, which shares no code with the checker, says
 * whether they are proved.
 *
 * They are of the kinds of `test/soundness/checker.test.ts`: what real picklers wrote, the same with something
 * injected, and streams of the fuzzer, of these the first few for each reason to refuse them. An unproved stream comes
 * with a forged proof, whose every claim fits but for what only running the stream shows.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isFault } from '../../src/base/index.ts'
import { checkProof } from '../../src/formats/pickle/checker/index.ts'
import { analysePickle, type PickleContext, type PickleProof } from '../../src/formats/pickle/engine/index.ts'
import { POLICIES } from '../../src/formats/pickle/policy/index.ts'
import { streamRequest } from '../../src/testing/stream-request.ts'
import { INJECTIONS, takeApart } from '../../test/soundness/injections.ts'
import { generate } from '../fuzz/generate.ts'

/** One case. */
export interface MutationCase {
  readonly hex: string
  readonly torch: boolean
  readonly proof: PickleProof
  readonly proved: boolean
}

interface Sample {
  readonly context: 'file' | 'torch'
  readonly streams: Readonly<Record<string, string>>
}

const STREAMS = 20_000
const MOST_OF_A_KIND = 2
/** What lies dormant in bytes is not run: a matter for the findings, not for the proof. */
const DORMANT = 'a dormant stream in bytes'
const SAMPLES = join(import.meta.dirname, '../../test/soundness/samples.json')

/** Where the streams of a case stand: records 0 to 2 of four f32. */
export function contextOf(torch: boolean): PickleContext {
  if (!torch) return { persistent: 'none' }
  return { persistent: 'torch', storageBytes: (key) => (/^[0-2]$/.test(key) ? 16 : undefined) }
}

function accepts(bytes: Uint8Array, proof: PickleProof, torch: boolean): boolean {
  return checkProof(bytes, proof, { ...contextOf(torch), policies: POLICIES }).holds
}

interface Found {
  readonly made: MutationCase
  /** Cases of one kind are held but a few times. */
  readonly kind: string
}

function kindOf({ failing, uses }: PickleProof, proved: boolean, codes: readonly string[]): string {
  if (proved) return uses.map(({ module, name, position }) => `${module} ${name} ${position}`).join()
  const reason = failing?.reason.replaceAll(/\d+|"[^"]*"/g, '') ?? ''
  return `${failing?.name ?? ''} ${reason} ${[...new Set(codes)].toSorted().join()}`
}

/** A proof whose every claim fits the stream, but for what only running it shows. */
function forge(bytes: Uint8Array, { failing: _failing, ...proof }: PickleProof): PickleProof {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const verdict = proof.policies.length === 1 ? 'proved' : 'proved-under'
  return { ...proof, from: 0, to: bytes.length, canonical: true, verdict, sha256 }
}

function makeCase(whole: Uint8Array, torch: boolean): Found | undefined {
  try {
    const { proof, anomalies, end } = analysePickle(streamRequest(whole), 0, contextOf(torch))
    const bytes = whole.subarray(0, end)
    const proved = proof.verdict === 'proved' || proof.verdict === 'proved-under'
    const held = proved ? proof : forge(bytes, proof)
    // The checker is not asked what a stream refers to without use, nor what memory it wants: the engine alone refuses those.
    if (!proved && accepts(bytes, held, torch)) return undefined
    const codes = anomalies.map(({ code }) => code)
    return {
      made: { hex: Buffer.from(bytes).toString('hex'), torch, proof: held, proved },
      kind: kindOf(proof, proved, codes),
    }
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return undefined
  }
}

function* subjects(): Generator<readonly [bytes: Uint8Array, torch: boolean]> {
  const samples = JSON.parse(readFileSync(SAMPLES, 'utf8')) as readonly Sample[]
  const streams = samples.flatMap((sample) =>
    Object.values(sample.streams).map(
      (base64) => [Uint8Array.from(Buffer.from(base64, 'base64')), sample.context] as const,
    ),
  )
  for (const [bytes, context] of streams) {
    yield [bytes, context === 'torch']
    for (const [way, inject] of Object.entries(INJECTIONS))
      if (way !== DORMANT) yield [inject(takeApart(bytes)), context === 'torch']
  }
  const seeds = streams.map(([bytes]) => bytes)
  for (let i = 0; i < STREAMS; i++) {
    const { bytes, persistent } = generate(33, i, seeds)
    yield [bytes, persistent]
  }
}

/** Makes all cases, short ones first. */
export function makeCases(): readonly MutationCase[] {
  const kinds = new Map<string, number>()
  const cases: MutationCase[] = []
  for (const [bytes, torch] of subjects()) {
    const found = makeCase(bytes, torch)
    if (found === undefined) continue
    const count = (kinds.get(found.kind) ?? 0) + 1
    kinds.set(found.kind, count)
    if (count <= MOST_OF_A_KIND) cases.push(found.made)
  }
  return cases.toSorted((a, b) => a.hex.length - b.hex.length)
}

let stored: readonly MutationCase[] | undefined

/** The cases that `npm run mutate` made before. */
export function readCases(): readonly MutationCase[] {
  stored ??= JSON.parse(readFileSync(process.env['MUTATION_CASES'] ?? '', 'utf8')) as readonly MutationCase[]
  return stored
}
