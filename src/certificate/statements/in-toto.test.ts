import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { SAMPLES } from '../../testing/statements.ts'
import { exportSvr, exportTestResult } from './in-toto.ts'
import type { Clearance } from './types/clearance.ts'
import type { MotResult } from './types/mot-result.ts'

const { 'mot-result': mot, clearance } = SAMPLES
const VERIFIER = 'https://tidewaiter.example/verifier/v1'

/** The members that the two specifications name, as schemas: closed, so that nothing else is exported. */
const texts = { type: 'array', items: { type: 'string', minLength: 1 } }
const closed = (required: readonly string[], properties: object) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
})
const descriptor = closed(['name', 'digest'], {
  name: { type: 'string' },
  uri: { type: 'string', format: 'uri' },
  digest: closed(['sha256'], { sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' } }),
})
const ajv = addFormats.default(new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }))
const isSvr = ajv.compile(
  closed(['verifier', 'timeCreated', 'properties'], {
    verifier: closed(['id', 'policies'], {
      id: { type: 'string', format: 'uri' },
      policies: { type: 'array', items: descriptor },
    }),
    timeCreated: { type: 'string', format: 'date-time' },
    properties: { ...texts, minItems: 1 },
  }),
)
const isTestResult = ajv.compile(
  closed(['result', 'configuration'], {
    result: { enum: ['PASSED', 'WARNED', 'FAILED'] },
    configuration: { type: 'array', items: descriptor },
    url: { type: 'string' },
    passedTests: texts,
    warnedTests: texts,
    failedTests: texts,
  }),
)

const svrOf = (content: Clearance): readonly string[] | undefined =>
  exportSvr({ kind: 'clearance', content }, VERIFIER)?.predicate.properties
const { expiresOn: lastDay, ...unexpiring } = mot
const failed: MotResult = { ...unexpiring, result: 'fail', failedTests: ['truth'], passedTests: [] }

test('exportSvr() lists what was passed, in the form of svr v0.2', () => {
  const svr = exportSvr({ kind: 'mot-result', content: mot }, VERIFIER)
  assert.equal(svr?.predicateType, 'https://in-toto.io/attestation/svr/v0.2')
  const ofMot = svr?.predicate
  assert.ok(isSvr(ofMot), JSON.stringify(isSvr.errors))
  assert.deepEqual(ofMot?.properties, [
    'TIDEWAITER_MOT_PASSED',
    'TIDEWAITER_MOT_ADVISORIES',
    `TIDEWAITER_MOT_VALID_UNTIL_${lastDay}`,
  ])
  assert.equal(ofMot?.timeCreated, mot.testedAt)
  assert.ok(isSvr(exportSvr({ kind: 'clearance', content: clearance }, VERIFIER)?.predicate))
  assert.deepEqual(svrOf(clearance), ['TIDEWAITER_CLEARED', 'TIDEWAITER_VALID_UNTIL_2027-11-23'])
  assert.deepEqual(svrOf({ ...clearance, validTo: '2027-01-01' })?.at(-1), 'TIDEWAITER_VALID_UNTIL_2027-01-01')
})

test('exportSvr() says nothing of what was not passed, and CLEARED of nothing that holds only under conditions', () => {
  for (const decision of ['held', 'refused', 'seized', 'banned', 'released'] as const)
    assert.equal(svrOf({ ...clearance, decision }), undefined)
  for (const result of ['abandoned', 'refused', 'fail'] as const)
    assert.equal(exportSvr({ kind: 'mot-result', content: { ...failed, result } }, VERIFIER), undefined)
  for (const bound of [
    { conditions: ['no medical use'] },
    { scope: { uses: ['research'] } },
    { validFrom: '2027-01-01' },
  ])
    assert.equal(svrOf({ ...clearance, ...bound })?.[0], 'TIDEWAITER_CLEARED_CONDITIONALLY')
})

test('exportTestResult() is a test-result v0.1, and FAILED for whatever is no pass', () => {
  const results = (['pass', 'pass-with-advisories', 'fail', 'abandoned', 'refused'] as const).map((result) => {
    const { predicateType, predicate: exported } = exportTestResult({
      kind: 'mot-result',
      content: { ...failed, result },
    })
    assert.equal(predicateType, 'https://in-toto.io/attestation/test-result/v0.1')
    assert.ok(isTestResult(exported), JSON.stringify(isTestResult.errors))
    return exported.result
  })
  assert.deepEqual(results, ['PASSED', 'WARNED', 'FAILED', 'FAILED', 'FAILED'])
  const reason = { number: 1, condition: 'pickle', outcome: 'held', message: 'm', evidence: [] } as const
  const { predicate: held } = exportTestResult({
    kind: 'clearance',
    content: {
      ...clearance,
      decision: 'held',
      reasons: [
        reason,
        { ...reason, number: 2 },
        { ...reason, condition: 'licence', outcome: 'cleared-with-advisories' },
      ],
    },
  })
  assert.ok(isTestResult(held))
  assert.deepEqual([held.result, held.failedTests, held.warnedTests], ['FAILED', ['pickle'], ['licence']])
  assert.equal(exportTestResult({ kind: 'clearance', content: clearance }).predicate.result, 'PASSED')
})
