import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../../base/index.ts'
import { analyse, P2, realVectors, stream, text, type RealVector } from '../../../testing/pickles.ts'
import type { PickleAnalysis } from '../engine/index.ts'
import { POLICIES } from '../policy/index.ts'
import type { PickleProof } from '../proof.ts'
import { checkProof, type CheckResult } from './index.ts'

const VECTORS = realVectors()
const small = VECTORS.filter(({ bytes }) => bytes.length < 1500)

function check({ bytes, context }: Pick<RealVector, 'bytes' | 'context'>, proof: PickleProof): CheckResult {
  const { persistent, rawArrays } = context
  const embedding = { persistent, ...(rawArrays === undefined ? {} : { rawArrays }) }
  return checkProof(bytes.subarray(proof.from, proof.to), proof, { ...embedding, policies: POLICIES })
}

function tryAnalyse({ bytes, context }: Pick<RealVector, 'bytes' | 'context'>): PickleAnalysis | undefined {
  try {
    return analyse(bytes, context)
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return undefined
  }
}

for (const vector of VECTORS) {
  test(`checkProof() holds what the engine shows of ${vector.name}`, () => {
    assert.deepEqual(check(vector, analyse(vector.bytes, vector.context).proof), { holds: true })
  })
}

const [sample] = VECTORS.filter(({ name }) => name === 'pipeline')
assert.ok(sample !== undefined)
const proof = analyse(sample.bytes, sample.context).proof
const [use, ...uses] = proof.uses
assert.ok(use !== undefined)

const FORGERIES: readonly (readonly [what: string, forged: PickleProof])[] = [
  ['another digest', { ...proof, sha256: '0'.repeat(64) }],
  ['no digest', (({ sha256: _sha256, ...rest }) => rest)(proof)],
  ['a better verdict', { ...proof, verdict: 'proved' }],
  ['an unproved verdict', { ...proof, verdict: 'unproved' }],
  ['fewer policies', { ...proof, verdict: 'proved', policies: ['core'] }],
  ['a policy that does not exist', { ...proof, policies: ['core', 'no-such'] }],
  ['another digest of the policies', { ...proof, policyDigest: `sha256:${'0'.repeat(64)}` }],
  ['a use less', { ...proof, uses }],
  ['a use more', { ...proof, uses: [...proof.uses, { ...use, name: 'other' }] }],
  ['another count', { ...proof, uses: [{ ...use, count: use.count + 1 }, ...uses] }],
  ['another schema', { ...proof, uses: [{ ...use, schema: 'any' }, ...uses] }],
  ['another position', { ...proof, uses: [{ ...use, position: 'NEWOBJ_EX' }, ...uses] }],
  ['another length', { ...proof, to: proof.to - 1 }],
  ['a form that is not canonical', { ...proof, canonical: false }],
  ['a failure', { ...proof, failing: { op: 0, name: 'STOP', offset: 0, value: '', reason: '' } }],
]

for (const [what, forged] of FORGERIES) {
  test(`checkProof() refuses a proof with ${what}`, () => {
    assert.equal(check(sample, forged).holds, false)
  })
}

test('checkProof() takes types of TorchScript only in the context of an archive that has some', () => {
  const bytes = stream(P2, 'c__torch__.net\nNet\n)', [0x81], '}b.')
  const own = analyse(bytes, { persistent: 'none', names: 'torchscript' }).proof
  assert.equal(own.verdict, 'proved')
  const embedding = { persistent: 'none', policies: POLICIES } as const
  assert.deepEqual(checkProof(bytes, own, { ...embedding, names: 'torchscript' }), { holds: true })
  assert.equal(checkProof(bytes, own, embedding).holds, false)
})

test('checkProof() lets a number of the memo be given twice to what is the same', () => {
  const twice = stream(P2, 'cbuiltins\nbytearray\nq', [0], 'cbuiltins\nbytearray\nq', [0, 0x86], '.')
  const context = { persistent: 'none' } as const
  assert.deepEqual(check({ bytes: twice, context }, analyse(twice).proof), { holds: true })
})

test('checkProof() refuses a proof under policies that were changed', () => {
  const changed = POLICIES.map((policy) => (policy.id === 'core' ? { ...policy, versions: 'any' } : policy))
  const result = checkProof(sample.bytes, proof, { persistent: 'none', policies: changed })
  assert.deepEqual(result, { holds: false, reason: 'the policies are not those of the proof' })
})

test('checkProof() refuses the proof of a stream of which one byte was changed', () => {
  const property = fc.property(
    fc.constantFrom(...small),
    fc.nat(),
    fc.integer({ min: 1, max: 255 }),
    (vector, at, by) => {
      const bytes = Uint8Array.from(vector.bytes)
      const index = at % bytes.length
      const shown = analyse(vector.bytes, vector.context)
      if (shown.raw.some(({ from, to }) => from <= index && index < to) && vector.context.rawArrays === 'joblib') return
      bytes[index] = (bytes[index] as number) ^ by
      assert.equal(check({ ...vector, bytes }, shown.proof).holds, false)
    },
  )
  fc.assert(property, { numRuns: 300 })
})

test('checkProof() holds whatever the engine proves of mutated streams', () => {
  const mutation = fc.record({ at: fc.nat(), byte: fc.nat(255) })
  const property = fc.property(
    fc.constantFrom(...small),
    fc.array(mutation, { minLength: 1, maxLength: 3 }),
    (vector, list) => {
      const bytes = Uint8Array.from(vector.bytes)
      for (const { at, byte } of list) bytes[at % bytes.length] = byte
      const found = tryAnalyse({ ...vector, bytes })
      if (found === undefined || !found.verdict.startsWith('proved')) return
      assert.deepEqual(
        [Buffer.from(bytes).toString('hex'), check({ ...vector, bytes }, found.proof)],
        [Buffer.from(bytes).toString('hex'), { holds: true }],
      )
    },
  )
  fc.assert(property, { numRuns: 1000 })
})

const NOT_PROVABLE: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ['a global that no policy lists', stream('cmylib\nmake\n.')],
  ['a call outside its signature', stream('c_codecs\nencode\n(', text('a'), text('rot13'), 'tR.')],
  ['a persistent id', stream(P2, 'K', [1], 'Q.')],
  ['bytes after STOP', stream('N.N')],
  ['a stack that is not empty', stream('NN.')],
  ['a surplus byte of a long', stream(P2, [0x8a, 2, 5, 0], '.')],
  ['an escape that is not needed', stream('V\\u006fs\n.')],
  ['a memo that is filled twice', stream('I1\np0\nI2\np0\n0.')],
  ['a frame in a frame', stream([0x80, 4, 0x95, 11, 0, 0, 0, 0, 0, 0, 0, 0x95, 2, 0, 0, 0, 0, 0, 0, 0], 'N.')],
  ['an extension', stream(P2, [0x82, 7], '.')],
  ['a list as a key', stream('(d(lI1\ns.')],
  ['a state for a list', stream('(l(db.')],
]

for (const [what, bytes] of NOT_PROVABLE) {
  test(`checkProof() refuses a proof that claims all there is of ${what}`, () => {
    const { failing: _failing, ...own } = analyse(bytes).proof
    const claimed = {
      ...own,
      from: 0,
      to: bytes.length,
      canonical: true,
      verdict: 'proved',
      policies: ['core'],
    } as const
    const result = check({ bytes, context: { persistent: 'none' } }, claimed)
    assert.ok(!result.holds)
    assert.doesNotMatch(result.reason, /of the proof|its verdict|it names|it says|it is of/)
  })
}
