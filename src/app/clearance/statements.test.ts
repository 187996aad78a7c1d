import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPredicateOf } from '../../certificate/index.ts'
import type { AssembledDossier, TraceReport } from '../../dossier/index.ts'
import type { Comparison, ComparisonVerdict } from '../../lineage/index.ts'
import { makeArtefact, makeAudit, makeComparison, makeTrace } from '../../testing/evidence.ts'
import { sayInspection, sayProvenance, toDecimal, type NamedDigests } from './statements.ts'

const HASH = 'a'.repeat(64)
const OTHER = `tw1:${'b'.repeat(64)}`
const PARENT: NamedDigests = { name: 'parent', sha256: HASH, dirHash: 'b'.repeat(64) }
const COMMON = {
  docket: { modelId: `tw1:${HASH}`, familyId: `tf1:${HASH}`, seq: 0 },
  issuer: { keyId: HASH, role: 'regulator' },
  issuedAt: '2026-11-26T12:00:00Z',
  log: { origin: 'log.example' },
} as const

function assembledWith(trace: Partial<TraceReport>): AssembledDossier {
  const policy = { id: 'p', version: '1', digest: HASH }
  const decision = { decision: 'cleared', channel: 'green', reasons: [], policy } as const
  const tool = { name: 'tidewaiter', version: '1.0.0' } as const
  const parts = { artefact: makeArtefact(), facts: HASH, audit: makeAudit(), trace: makeTrace(trace), decision }
  return { dossier: { schema: 'tidewaiter/dossier/v1', tool, ...parts }, digest: HASH, text: '' }
}

function said(trace: Partial<TraceReport>): NonNullable<ReturnType<typeof sayProvenance>> {
  const report = sayProvenance(assembledWith(trace), [PARENT])
  assert.ok(report)
  checkPredicateOf('provenance-report', { ...COMMON, ...report })
  return report
}

function candidate(verdict: ComparisonVerdict, changes: Partial<Comparison> = {}): TraceReport['candidates'][0] {
  return {
    artefact: { ref: 'parent', id: OTHER },
    standing: 'cleared',
    comparison: makeComparison(verdict, changes),
  }
}

test('sayProvenance() says of whom no evidence was found, and nothing when nobody was asked about', () => {
  const method = { version: 'cascade/2', seed: HASH }
  const stranger = { artefact: { ref: 'stranger', id: OTHER }, log10p: 0, untested: ['distillation'], method }
  const report = said({ withoutEvidence: [stranger], screened: 3 })
  assert.equal(report.relation, 'none')
  assert.deepEqual(
    report.methods.map(({ id, pValue }) => [id, pValue]),
    [['all tests against stranger', '1']],
  )
  assert.equal(sayProvenance(assembledWith({}), []), undefined)
})

test('sayProvenance() names a parent only where a sign decides who came from whom', () => {
  const relation = (verdict: ComparisonVerdict, direction: Comparison['direction']): readonly [string, number] => {
    const report = said({ candidates: [candidate(verdict, { direction })] })
    return [report.relation, report.lineage.length]
  }
  assert.deepEqual(relation('derived', 'a-from-b'), ['derived', 1])
  assert.deepEqual(relation('merge', 'a-from-b'), ['merge', 1])
  for (const direction of ['open', 'b-from-a'] as const)
    assert.deepEqual(relation('derived', direction), ['undetermined', 0])
  assert.deepEqual(relation('common-origin', 'open'), ['undetermined', 0])
})

test('sayProvenance() can be said of a pair of which no test has a probability', () => {
  const untestable = { id: 'digest', view: 'all', statistic: 'none', log10p: null, assumption: '' }
  const report = said({ candidates: [candidate('inconclusive', { tests: [untestable], log10p: 0 })] })
  assert.equal(report.relation, 'undetermined')
  assert.equal(report.methods.length, 1)
})

test('sayProvenance() takes the best of many that were screened for what it is', () => {
  const candidates = [candidate('derived', { log10p: -9 })]
  assert.equal(said({ candidates, screened: 1 }).combined.pValue, '1.00e-9')
  const { pValue, correction } = said({ candidates, screened: 1000 }).combined
  assert.equal(pValue, '1.00e-6')
  assert.match(correction, /times the 1000 models screened/)
  assert.equal(said({ candidates: [candidate('inconclusive', { log10p: -1 })], screened: 1000 }).combined.pValue, '1')
})

test('sayInspection() is a statement that is read again', () => {
  checkPredicateOf('inspection', { ...COMMON, ...sayInspection(assembledWith({})) })
})

test('toDecimal() writes a probability whose logarithm is known', () => {
  assert.deepEqual([0, -2, -0.5, -1e-12, -1000.5, -9 - 1e-9].map(toDecimal), [
    '1',
    '1.00e-2',
    '3.16e-1',
    '1',
    '3.16e-1001',
    '1.00e-9',
  ])
})
