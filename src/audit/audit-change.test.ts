import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anomaly, card, file, subjectOf } from '../testing/rule-cases/build.ts'
import { compareAudits, isWorse } from './audit-change.ts'
import { audit } from './audit.ts'
import type { AuditReport } from './finding.ts'

function reportOf(codes: readonly string[]): AuditReport {
  const gguf = file('model.gguf', 'gguf', { anomalies: codes.map((code, index) => anomaly(code, `place ${index}`)) })
  const { artefact, facts } = subjectOf([gguf, card()])
  return { ...audit(artefact, facts), readers: [{ format: 'gguf', version: 1 }] }
}

test('compareAudits() says nothing of two reports that agree', () => {
  const report = reportOf(['ggf-count'])
  assert.deepEqual(compareAudits(report, report, [{ format: 'gguf', version: 1 }]), {
    verdict: { before: 'defect', now: 'defect' },
    added: [],
    gone: [],
    staleReaders: [],
  })
})

test('compareAudits() lists what was added and what is gone, each once', () => {
  const change = compareAudits(reportOf(['ggf-count']), reportOf(['ggf-count', 'ggf-count', 'polyglot']), [])
  assert.deepEqual(
    change.added.map(({ rule, locus }) => [rule, locus]),
    [
      ['TW-FILE-02', 'place 2'],
      ['TW-GGF-01', 'place 1'],
    ],
  )
  assert.deepEqual(change.gone, [])
  assert.equal(compareAudits(reportOf(['polyglot']), reportOf([]), []).gone[0]?.rule, 'TW-FILE-02')
})

test('compareAudits() names the readers of other versions, of formats that the model has', () => {
  const readers = [
    { format: 'gguf', version: 2 },
    { format: 'onnx', version: 9 },
  ]
  assert.deepEqual(compareAudits(reportOf([]), reportOf([]), readers).staleReaders, ['gguf'])
})

test('isWorse() follows the order of the verdicts', () => {
  assert.equal(isWorse({ before: 'no-finding', now: 'inconclusive' }), true)
  assert.equal(isWorse({ before: 'defect', now: 'proved' }), false)
  assert.equal(isWorse({ before: 'defect', now: 'defect' }), false)
})
