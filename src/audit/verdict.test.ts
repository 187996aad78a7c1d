import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { file } from '../testing/rule-cases/index.ts'
import { FILE_VERDICTS, type Finding } from './finding.ts'
import { DATA_ONLY_FORMATS, isCovered, judgeFile, worstVerdict } from './verdict.ts'

const NOTHING = { findings: [], open: false, unanswered: [] }

function finding(grade: Finding['grade']): Finding {
  return { rule: 'TW-STN-05', grade, basis: 'capability', path: 'm', locus: 'header', message: '' }
}

test('worstVerdict() is the worst in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...FILE_VERDICTS), { minLength: 1 }), (verdicts) => {
      const ranks = verdicts.map((verdict) => FILE_VERDICTS.indexOf(verdict))
      assert.equal(FILE_VERDICTS.indexOf(worstVerdict(verdicts)), Math.max(...ranks))
    }),
  )
})

test('isCovered() refuses a gap, an overlap, a claim beyond the end and one that runs backwards', () => {
  const covers = (...claims: readonly (readonly [number, number])[]): boolean =>
    isCovered({ size: 10, claims: claims.map(([from, to]) => ({ from, to, role: 'tensor' })) })
  assert.ok(covers([4, 10], [0, 4], [4, 4]))
  assert.ok(!covers([0, 4], [5, 10]))
  assert.ok(!covers([0, 6], [4, 10]))
  assert.ok(!covers([0, 11]))
  assert.ok(!covers([0, 12], [12, 10]))
  assert.ok(!covers())
})

test('judgeFile() proves data-only formats alone, and only without a finding above an advisory', () => {
  for (const format of DATA_ONLY_FORMATS) {
    assert.equal(judgeFile(file('m', format), NOTHING), 'proved')
    assert.equal(judgeFile(file('m', format), { ...NOTHING, findings: [finding('advisory')] }), 'proved')
    assert.equal(judgeFile(file('m', format), { ...NOTHING, findings: [finding('minor')] }), 'no-finding')
    assert.equal(judgeFile(file('m', format), { ...NOTHING, findings: [finding('major')] }), 'defect')
    assert.equal(judgeFile(file('m', format), { ...NOTHING, open: true }), 'inconclusive')
    assert.equal(judgeFile(file('m', format), { ...NOTHING, unanswered: ['x'] }), 'inconclusive')
    assert.equal(judgeFile(file('m', format, { claims: [] }), NOTHING), 'inconclusive')
    assert.equal(judgeFile(file('m', format, { size: 0 }), NOTHING), 'inconclusive')
  }
  assert.equal(judgeFile(file('config.json', 'hf-config'), NOTHING), 'no-finding')
})

test('judgeFile() lets a defect stand although the file was not read to its end', () => {
  const broken = file('m', 'gguf', { reading: 'unread', claims: [] })
  assert.equal(judgeFile(broken, { ...NOTHING, findings: [finding('dangerous')] }), 'defect')
})
