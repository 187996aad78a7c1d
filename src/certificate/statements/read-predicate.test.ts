import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalJson, parseStrictJson } from '../../base/index.ts'
import { SAMPLES } from '../../testing/statements.ts'
import type { PredicateOf } from './predicate-types.ts'
import { checkPredicateOf, readPredicate } from './read-predicate.ts'
import { listRules } from './rules.ts'
import { predicateTypeOf, STATEMENT_KINDS, type StatementKind } from './schemas.ts'

const strict = (value: unknown) => parseStrictJson(Buffer.from(canonicalJson(value)), { maxBytes: 2 ** 20 })

/** Changes of the samples that break one rule each, by the beginning of the sentence. */
const BREAKS: readonly (readonly [StatementKind, string, object])[] = [
  ['declaration', 'A statement that is logged names its place', { log: { origin: 'a.example' } }],
  [
    'declaration',
    'A statement that is logged names its place',
    { docket: { modelId: `tw1:${'aa'.repeat(32)}`, familyId: `tf1:${'aa'.repeat(32)}`, seq: 0 } },
  ],
  [
    'declaration',
    'Only the first statement',
    {
      log: { origin: 'a.example' },
      docket: { modelId: `tw1:${'aa'.repeat(32)}`, familyId: `tf1:${'aa'.repeat(32)}`, seq: 1 },
    },
  ],
  ['reply', 'An issuer says its role', { issuer: { keyId: 'aa'.repeat(32) } }],
  ['reply', 'A station names its accreditation', { issuer: { keyId: 'aa'.repeat(32), role: 'station' } }],
  ['reply', 'An officer signs', { issuer: { keyId: 'aa'.repeat(32), role: 'officer', id: 'Jane Doe' } }],
  ['reply', 'An officer signs', { issuer: { keyId: 'aa'.repeat(32), role: 'officer', id: `2025-${'ab'.repeat(16)}` } }],
  ['reply', 'How an appeal ended', { kind: 'outcome' }],
  ['reply', 'How an appeal ended', { outcome: 'upheld' }],
  ['mot-result', 'A pass says until when', { expiresOn: '2027-11-24' }],
  ['mot-result', 'A pass says until when', { result: 'fail', failedTests: ['x'] }],
  ['mot-result', 'A pass has no failed test', { failedTests: ['x'] }],
  ['mot-result', 'A pass has no failed test', { defects: [{ code: 'x', category: 'dangerous', test: 'x' }] }],
  ['mot-result', 'A pass has no failed test', { result: 'pass' }],
  ['mot-result', 'A fail names', { result: 'fail', expiresOn: undefined }],
  ['mot-result', 'No test stands in two', { passedTests: ['tone'] }],
  ['mot-result', 'No test stands in two', { result: 'abandoned', expiresOn: undefined }],
  ['mot-result', 'The test was not after', { testedAt: '2026-11-23T12:00:01Z' }],
  ['test-intent', 'The deadline is after', { deadline: '2026-11-23T12:00:00Z' }],
  ['test-intent', 'No more probes', { suite: { ...SAMPLES['test-intent'].suite, draw: 1001 } }],
  ['clearance', 'A seizure or ban', { decision: 'banned' }],
  ['clearance', 'A quorum names as many', { quorum: { threshold: 2, of: 2, keys: ['aa'.repeat(32)] } }],
  ['clearance', 'It does not begin', { validFrom: '2027-11-24' }],
  ['revocation', 'Only a revocation takes effect', { action: 'suspend', effectiveFrom: '2026-11-22T12:00:00Z' }],
  ['revocation', 'A list of descendants', { taint: { descendants: 'listed' } }],
  ['family', 'A split or merge names', { report: undefined }],
  ['family', 'A split or merge names', { action: 'assign' }],
  [
    'family',
    'The statement stands in the docket of',
    {
      log: { origin: 'a.example' },
      docket: { modelId: `tw1:${'aa'.repeat(32)}`, familyId: `tf1:${'aa'.repeat(32)}`, seq: 0 },
    },
  ],
  ['re-derivation', 'No more tensors', { tensors: { total: 2, equal: 1, digest: 'aa'.repeat(32), others: [] } }],
  ['status-list', 'It ends after', { validUntil: '2026-11-23T12:00:00Z' }],
]

test('readPredicate() gives back a predicate of each kind, and nothing for a type that is not ours', () => {
  for (const kind of STATEMENT_KINDS) {
    const read = readPredicate(predicateTypeOf(kind), strict(SAMPLES[kind]))
    assert.deepEqual(JSON.parse(JSON.stringify(read)), { kind, content: JSON.parse(JSON.stringify(SAMPLES[kind])) })
  }
  assert.equal(readPredicate('https://tidewaiter.example/attestation/clearance/v0.2', strict({})), undefined)
  assert.equal(readPredicate('toString', strict({})), undefined)
})

test('readPredicate() refuses what breaks a rule, and says which; every rule can be broken', () => {
  const broken = new Set<string>()
  for (const [kind, sentence, change] of BREAKS) {
    const content = strict({ ...SAMPLES[kind], ...change })
    assert.throws(
      () => readPredicate(predicateTypeOf(kind), content),
      (thrown: Error & { code?: string }) => {
        assert.equal(thrown.code, 'predicate-rule', `${kind} ${sentence}: ${thrown.message}`)
        assert.ok(thrown.message.includes(sentence), `${sentence}: ${thrown.message}`)
        const rule = listRules(kind).find((text) => thrown.message.includes(text))
        broken.add(rule ?? '')
        return true
      },
    )
  }
  const all = new Set(STATEMENT_KINDS.flatMap(listRules).filter((text) => !text.startsWith('The check digit')))
  assert.deepEqual(
    [...all].filter((text) => !broken.has(text)),
    [],
  )
})

test('checkPredicateOf() refuses what it would refuse to read', () => {
  const clearance = { ...SAMPLES.clearance, number: '260000000017' }
  assert.throws(() => checkPredicateOf('clearance', clearance), { code: 'certificate-number' })
  const half = { ...SAMPLES.clearance, inputs: { files: 0.5, totalBytes: 1, rehash: 'full' } } as const
  assert.throws(() => checkPredicateOf('clearance', half), { code: 'json-number' })
  const more = { ...SAMPLES.reply, vouched: true } as PredicateOf<'reply'>
  assert.throws(() => checkPredicateOf('reply', more), { code: 'predicate-member' })
  checkPredicateOf('reply', SAMPLES.reply)
})
