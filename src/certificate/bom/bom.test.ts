import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dirHash, isFault } from '../../base/index.ts'
import { makeArtefact, makeAudit, makeComparison } from '../../testing/evidence.ts'
import { writeCycloneDx, type CycloneDxVersion } from './cyclonedx.ts'
import { identifyBill } from './identify-bill.ts'
import { licenceExpression } from './licence-choice.ts'
import { billModel, type BillInput, type ModelBill } from './model-bill.ts'
import { writeSpdx } from './spdx.ts'

const FILES = [
  { path: 'model.safetensors', size: 8, sha256: 'a'.repeat(64) },
  { path: 'a-b', size: 0, sha256: 'b'.repeat(64) },
  { path: 'a/b "q" <é\u{1f600}>', size: 1, sha256: 'c'.repeat(64) },
]
const ID = `tw1:${dirHash(FILES)}`

function input(changes: Partial<BillInput> = {}): BillInput {
  const digests = { sha256: 'f'.repeat(64), dirHash: dirHash(FILES) }
  const artefact = makeArtefact({ id: ID, files: FILES, digests })
  const candidate = (
    ref: string,
    verdict: 'derived' | 'common-origin' | 'no-weight-evidence',
    direction: 'a-from-b' | 'b-from-a' | 'open',
  ) => ({
    artefact: { ref, id: `tw1:${'1'.repeat(64)}` },
    standing: 'cleared' as const,
    comparison: makeComparison(verdict, { direction, transformations: ['cast to F16'], untested: ['distillation'] }),
  })
  const candidates = [
    candidate('parent', 'derived', 'a-from-b'),
    candidate('child', 'derived', 'b-from-a'),
    candidate('sister', 'common-origin', 'open'),
    candidate('stranger', 'no-weight-evidence', 'open'),
  ]
  const trace = { schema: 'tidewaiter/trace/v1' as const, artefact: ID, fingerprint: null, candidates, note: '' }
  const policy = { id: 'p', version: '1', digest: '0'.repeat(64) }
  const decision = { decision: 'cleared', channel: 'green', reasons: [], policy } as const
  const tool = { name: 'tidewaiter', version: '1.0.0' } as const
  const dossier = {
    schema: 'tidewaiter/dossier/v1' as const,
    tool,
    artefact,
    facts: '2'.repeat(64),
    audit: makeAudit(),
    trace,
    decision,
  }
  const file = { path: 'a', size: 1, format: 'hf-card', reading: 'full', claims: [], anomalies: [], references: [] }
  const metadata = [
    { key: '/license', type: 'string', value: 'apache-2.0' },
    { key: '/license', type: 'string', value: 'Vendor Licence 3' },
    { key: '/datasets', type: 'array<string>', value: ['one', 'two'] },
  ]
  const tensors = [{ name: 't', type: 'BF16', shape: [3, 4], file: 'a', offset: 0, length: 24 }]
  const facts = { files: [{ ...file, metadata, tensors }] } as unknown as BillInput['facts']
  const certificate = {
    number: '260000000012',
    decision: 'cleared',
    issuedAt: '2026-11-26T13:00:00Z',
    expiresOn: '2027-11-26',
    issuer: { keyId: '3'.repeat(64) },
    assurance: 'self-attested',
    dossier: '4'.repeat(64),
    leafHash: '5'.repeat(64),
  }
  return { dossier, facts, certificate, ...changes }
}

const WRITERS: readonly (readonly [string, (bill: ModelBill) => string])[] = [
  ...(['1.6', '1.7'] as readonly CycloneDxVersion[]).map(
    (version) => [`CycloneDX ${version}`, (bill: ModelBill) => writeCycloneDx(bill, version)] as const,
  ),
  ['SPDX 3.0.1', writeSpdx],
]

for (const [name, write] of WRITERS) {
  test(`${name}: the bill leads back to the same model, and is the same bytes each time`, () => {
    const text = write(billModel(input()))
    const { modelId, claimed, files } = identifyBill(Buffer.from(text))
    assert.deepEqual([modelId, claimed, files.length], [ID, ID, 3])
    assert.equal(write(billModel(input())), text)
  })

  test(`${name}: another digest, a renamed, a missing, a doubled file is another model or none`, () => {
    const text = write(billModel(input()))
    const refused = (changed: string, code: string): void => {
      assert.notEqual(changed, text)
      assert.throws(
        () => identifyBill(Buffer.from(changed)),
        (thrown) => isFault(thrown) && thrown.code === code,
      )
    }
    refused(text.replaceAll('a'.repeat(64), '9'.repeat(64)), 'bill-identity')
    refused(text.replaceAll('"model.safetensors"', '"model.bin"'), 'bill-identity')
    refused(text.replaceAll('"model.safetensors"', '"a-b"'), 'bill')
    refused(text.replaceAll(/"SHA-256"|"sha256"/g, '"MD5"'), 'bill')
  })

  test(`${name}: whatever is read in its place, it throws nothing but Fault`, () => {
    const text = write(billModel(input()))
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (at, put) => {
        try {
          identifyBill(Buffer.from(text.slice(0, at) + put + text.slice(at + put.length)))
        } catch (thrown) {
          assert.ok(isFault(thrown), String(thrown))
        }
      }),
      { numRuns: 300 },
    )
  })
}

test('only who is named as parent is an ancestor; kin of open direction are variants, strangers nothing', () => {
  const bill = billModel(input())
  assert.deepEqual(
    bill.ancestors.map(({ name }) => name),
    ['parent'],
  )
  assert.deepEqual(
    bill.relatives.map(({ name }) => name),
    ['sister'],
  )
  assert.deepEqual(
    bill.descendants.map(({ name }) => name),
    ['child'],
  )
  assert.ok(!writeSpdx(bill).includes('stranger') && !writeCycloneDx(bill).includes('stranger'))
  assert.equal(bill.parameters, 12)
})

test('licenceExpression() keeps what SPDX lists, and makes a reference of what it does not', () => {
  assert.equal(licenceExpression(['apache-2.0', 'Vendor Licence 3']), 'Apache-2.0 AND LicenseRef-Vendor-Licence-3')
  assert.equal(licenceExpression([]), null)
  assert.equal(licenceExpression(['()']), 'LicenseRef--')
})
