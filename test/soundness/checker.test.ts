import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isFault } from '../../src/base/index.ts'
import { checkProof, type CheckContext } from '../../src/formats/pickle/checker/index.ts'
import { analysePickle, type PickleAnalysis, type PickleProof } from '../../src/formats/pickle/engine/index.ts'
import { POLICIES, policiesDigest } from '../../src/formats/pickle/policy/index.ts'
import { streamRequest } from '../../src/testing/stream-request.ts'
import { generate } from '../../tools/fuzz/generate.ts'
import { INJECTIONS, takeApart } from './injections.ts'

interface Sample {
  readonly name: string
  readonly context: 'file' | 'torch'
  readonly streams: Readonly<Record<string, string>>
}

interface Subject {
  readonly name: string
  readonly bytes: Uint8Array
  readonly context: CheckContext
}

const SAMPLES = JSON.parse(readFileSync(new URL('samples.json', import.meta.url), 'utf8')) as readonly Sample[]
const TORCH: CheckContext = {
  persistent: 'torch',
  storageBytes: (key) => ({ 0: 16, 1: key === '1' ? 8 : 16, 2: 16 })[key],
}
const GENERATED_TORCH: CheckContext = {
  persistent: 'torch',
  storageBytes: (key) => (/^[0-2]$/.test(key) ? 16 : undefined),
}
const STREAMS = 4000

const SUBJECTS: readonly Subject[] = SAMPLES.flatMap(({ name, context, streams }) =>
  Object.entries(streams).map(([protocol, base64]) => ({
    name: `${name}, protocol ${protocol}`,
    bytes: new Uint8Array(Buffer.from(base64, 'base64')),
    context: context === 'torch' ? TORCH : { persistent: 'none' },
  })),
)

function analyse({ bytes, context }: Pick<Subject, 'bytes' | 'context'>): PickleAnalysis {
  return analysePickle(streamRequest(bytes), 0, context)
}

function check({ bytes, context }: Pick<Subject, 'bytes' | 'context'>, proof: PickleProof) {
  return checkProof(bytes, proof, { ...context, policies: POLICIES })
}

/** What a liar would hand in: a proof whose every claim fits the stream, but for what only running it shows. */
function forge(bytes: Uint8Array, proof: PickleProof): PickleProof {
  const { failing: _failing, ...rest } = proof
  return {
    ...rest,
    from: 0,
    to: bytes.length,
    canonical: true,
    verdict: proof.policies.length === 1 ? 'proved' : 'proved-under',
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
}

test('checkProof() accepts the proof of every sample', () => {
  for (const subject of SUBJECTS)
    assert.deepEqual(check(subject, analyse(subject).proof), { holds: true }, subject.name)
})

type Lie = (proof: PickleProof) => Partial<PickleProof>

const LIES: Readonly<Record<string, Lie>> = {
  'another digest': () => ({ sha256: '0'.repeat(64) }),
  'another length': ({ to }) => ({ to: to + 1 }),
  'another policy': () => ({ policyDigest: policiesDigest(['pandas']) }),
  'no policy': () => ({ policies: [] }),
  'a policy that is not there': ({ policies }) => ({ policies: [...policies, 'acme'] }),
  'a better verdict': ({ verdict }) => ({ verdict: verdict === 'proved' ? 'proved-under' : 'proved' }),
  'no verdict': () => ({ verdict: 'unproved' }),
  hostile: () => ({ verdict: 'hostile' }),
  'not canonical': () => ({ canonical: false }),
  'a failure': () => ({ failing: { op: 0, name: 'NONE', offset: 0, value: 'x', reason: 'x' } }),
  'fewer uses': ({ uses }) => ({ uses: uses.slice(1) }),
  'more uses': ({ uses }) => ({
    uses: [...uses, { module: 'os', name: 'system', position: 'REDUCE', schema: '', count: 1 }],
  }),
  'more of a use': ({ uses }) => ({
    uses: uses.map((each, i) => (i === 0 ? { ...each, count: each.count + 1 } : each)),
  }),
  'another position': ({ uses }) => ({
    uses: uses.map((each, i) =>
      i === 0 ? { ...each, position: each.position === 'value' ? 'REDUCE' : 'value' } : each,
    ),
  }),
}

for (const [what, lie] of Object.entries(LIES)) {
  test(`checkProof() refuses a proof that tells of ${what}`, () => {
    for (const subject of SUBJECTS) {
      const { proof } = analyse(subject)
      if (proof.uses.length === 0) continue
      assert.equal(check(subject, { ...proof, ...lie(proof) }).holds, false, subject.name)
    }
  })
}

/** What lies dormant in bytes is not run: a matter for the findings, not for the proof. */
const DORMANT = 'a dormant stream in bytes'
const MERELY_OTHER = /another length|not that of the proof/

test('checkProof() refuses every injected stream, and not for its digest alone', () => {
  for (const subject of SUBJECTS)
    for (const [way, inject] of Object.entries(INJECTIONS)) {
      if (way === DORMANT) continue
      const bytes = inject(takeApart(subject.bytes))
      const { proof } = analyse({ ...subject, bytes })
      const result = check({ ...subject, bytes }, forge(bytes, proof))
      assert.ok(
        !result.holds && !MERELY_OTHER.test(result.reason),
        `${subject.name}: ${way}: ${JSON.stringify(result)}`,
      )
    }
})

test('checkProof() refuses every sample that is cut or has a byte after it', () => {
  for (const subject of SUBJECTS) {
    const { proof } = analyse(subject)
    for (const bytes of [subject.bytes.subarray(0, -1), new Uint8Array([...subject.bytes, 46])])
      assert.equal(check({ ...subject, bytes }, forge(bytes, proof)).holds, false, subject.name)
  }
})

interface Judged {
  readonly hex: string
  readonly proved: boolean
  readonly why: string
  readonly holds: boolean
}

function judgeGenerated(index: number): Judged | undefined {
  const { bytes, persistent } = generate(
    21,
    index,
    SUBJECTS.map((subject) => subject.bytes),
  )
  const context: CheckContext = persistent ? GENERATED_TORCH : { persistent: 'none' }
  try {
    const { proof, anomalies, end } = analyse({ bytes, context })
    const stream = bytes.subarray(0, end)
    const proved = proof.verdict === 'proved' || proof.verdict === 'proved-under'
    const result = check({ bytes: stream, context }, proved ? proof : forge(stream, proof))
    const why = [proof.failing?.reason ?? '', ...anomalies.map(({ code }) => code)].join(' ')
    return {
      hex: Buffer.from(bytes).toString('hex'),
      proved,
      why: `${why} | ${result.holds ? '' : result.reason}`,
      holds: result.holds,
    }
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return undefined
  }
}

test('checkProof() and analysePickle() come to the same about generated streams', () => {
  const judged = Array.from({ length: STREAMS }, (_, i) => judgeGenerated(i)).filter((each) => each !== undefined)
  assert.ok(judged.filter(({ proved }) => proved).length > STREAMS / 5)
  assert.ok(judged.filter(({ proved }) => !proved).length > STREAMS / 5)
  assert.deepEqual(
    judged
      .filter(({ proved, holds }) => proved !== holds)
      .map(({ hex, why, proved }) => `${proved ? 'refused' : 'accepted'} ${why} ${hex}`),
    [],
  )
})
