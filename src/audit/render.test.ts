import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anomaly, card, file, RULE_CASES, subjectOf } from '../testing/rule-cases/index.ts'
import { audit } from './audit.ts'
import { renderFindings } from './render.ts'

test('renderFindings() is one line for a file that is proved', () => {
  const { artefact, facts } = subjectOf([
    file('m.gguf', 'gguf', { metadata: [{ key: 'general.license', type: 'string', value: 'mit' }] }),
  ])
  assert.deepEqual(renderFindings(audit(artefact, facts)), [
    'Verdict: proved (1 file, 0 findings). Every byte was read and has one purpose; the content is data only.',
  ])
})

test('renderFindings() puts the worst first, explains each rule once and counts what repeats', () => {
  const overlaps = Array.from({ length: 9 }, (_, index) => anomaly('stn-overlap', `tensor "t${index}"`))
  const { artefact, facts } = subjectOf([
    file('model.safetensors', 'safetensors', { anomalies: [anomaly('stn-count'), ...overlaps] }),
    file('m.pkl', 'pickle', {
      reading: 'listed',
      reason: 'only listed',
      anomalies: [anomaly('pkl-executes-code', 'op 3')],
    }),
    card(),
  ])
  const lines = renderFindings(audit(artefact, facts))
  const headings = lines.filter((line) => /^[A-Z]{5,}/.test(line)).map((line) => line.split(' ')[0])
  assert.deepEqual(headings, ['DANGEROUS', 'MAJOR', 'MINOR'])
  assert.ok(lines.includes('    model.safetensors: and 6 more of this kind'))
  assert.equal(lines.filter((line) => line.startsWith('  What to do:')).length, 3)
  assert.equal(lines.at(-1), 'Verdict: defect (3 files, 11 findings). At least one finding fails the inspection.')
})

test('renderFindings() names what is inconclusive and why', () => {
  const { artefact, facts } = subjectOf([
    file('a.onnx', 'onnx', { reading: 'recognised', reason: 'known by its signature' }),
    card(),
  ])
  const lines = renderFindings(audit(artefact, facts))
  assert.ok(lines.includes('    a.onnx (onnx): known by its signature'))
})

test('renderFindings() lets no control character of a model reach the terminal', () => {
  const hostile = '\u001b[2J\u202e'
  const { artefact, facts } = subjectOf([
    file(`a${hostile}`, 'gguf', { anomalies: [{ code: 'ggf-text', message: hostile, locus: hostile }] }),
  ])
  assert.doesNotMatch(renderFindings(audit(artefact, facts)).join('\n'), /[\u0000-\u0009\u000b-\u001f\u202e]/)
})

test('renderFindings() uses no word that accuses or clears', () => {
  for (const { subject } of RULE_CASES) {
    const text = renderFindings(audit(subject.artefact, subject.facts, subject.options)).join('\n')
    assert.doesNotMatch(text, /\b(stolen|clean|independent|guilty)\b/i)
  }
})
