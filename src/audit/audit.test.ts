import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Anomaly, ArtefactFacts, Claim, FileFacts } from '../formats/index.ts'
import { anomaly, card, file, RULE_CASES, subjectOf } from '../testing/rule-cases/index.ts'
import { audit, rulesDigest } from './audit.ts'
import { FILE_VERDICTS, GRADES, type AuditVerdict } from './finding.ts'
import { ANSWERS, RULES } from './rules/index.ts'

const FORMATS = ['safetensors', 'gguf', 'hf-config', 'hf-tokenizer', 'hf-card', 'pickle', 'text', 'onnx', 'unknown']
const READINGS: readonly FileFacts['reading'][] = ['full', 'listed', 'recognised', 'unread']
const CODES = [...ANSWERS.keys(), 'from-the-future']

const anomalies: fc.Arbitrary<readonly Anomaly[]> = fc.array(
  fc.record({ code: fc.constantFrom(...CODES), message: fc.string(), locus: fc.string() }),
  { maxLength: 2 },
)
const claims: fc.Arbitrary<readonly Claim[]> = fc.oneof(
  fc.constant([{ from: 0, to: 100, role: 'tensor' } as const]),
  fc.array(fc.record({ from: fc.nat(120), to: fc.nat(120), role: fc.constant('header' as const) }), { maxLength: 3 }),
)
const references: fc.Arbitrary<FileFacts['references']> = fc.array(
  fc.record({
    kind: fc.constantFrom('path', 'url', 'repository', 'class', 'code', 'global'),
    target: fc.string(),
    locus: fc.constantFrom('/auto_map/AutoModel', '/_target_', 'op 3', ''),
  }),
  { maxLength: 2 },
)
const texts = fc.array(
  fc.record({ locus: fc.constantFrom('text', 'tokenizer.chat_template', '/chat_template'), text: fc.string() }),
  { maxLength: 2 },
)
const fileFacts: fc.Arbitrary<FileFacts> = fc
  .record({
    path: fc.string({ minLength: 1 }),
    format: fc.constantFrom(...FORMATS),
    changes: fc.record({
      size: fc.constantFrom(0, 100),
      reading: fc.constantFrom(...READINGS),
      anomalies,
      claims,
      references,
      texts,
      metadata: fc.array(fc.record({ key: fc.string(), type: fc.string(), value: fc.jsonValue() }), { maxLength: 2 }),
    }),
  })
  .map(({ path, format, changes }) => file(path, format, changes))
const subjects = fc
  .uniqueArray(fileFacts, { selector: ({ path }) => path, maxLength: 4 })
  .map((files) => subjectOf(files))

function isNoBetter(verdict: AuditVerdict, than: AuditVerdict): boolean {
  return FILE_VERDICTS.indexOf(verdict) >= FILE_VERDICTS.indexOf(than)
}

test('audit() never lets what was not read in full be better than inconclusive', () => {
  fc.assert(
    fc.property(subjects, ({ artefact, facts }) => {
      const report = audit(artefact, facts)
      for (const { path, verdict } of report.files) {
        const { reading, size, format } = facts.files.find((each) => each.path === path) as FileFacts
        if (reading !== 'full' || (size === 0 && format !== 'text')) assert.ok(isNoBetter(verdict, 'inconclusive'))
        assert.ok(isNoBetter(report.verdict, verdict))
      }
    }),
  )
})

test('audit() says nothing of a rule but what it tested: no pass where a file of its kind was not read', () => {
  fc.assert(
    fc.property(subjects, ({ artefact, facts }) => {
      const { outcomes } = audit(artefact, facts)
      assert.deepEqual(
        outcomes.map(({ rule }) => rule),
        RULES.map(({ id }) => id),
      )
      const unread = facts.files.filter(({ reading }) => reading !== 'full')
      for (const { rule, state } of outcomes) {
        const { over } = RULES.find(({ id }) => id === rule) as (typeof RULES)[number]
        if (over === 'any' && unread.length > 0 && rule !== 'TW-SYS-01') assert.notEqual(state, 'pass')
      }
    }),
  )
})

test('audit() turns every anomaly into a finding', () => {
  fc.assert(
    fc.property(subjects, ({ artefact, facts }) => {
      const { findings } = audit(artefact, facts)
      const noted = facts.files.flatMap((each) => each.anomalies)
      assert.ok(findings.length >= noted.length)
      const grades = findings.map(({ grade }) => GRADES.indexOf(grade))
      assert.deepEqual(
        grades,
        grades.toSorted((a, b) => a - b),
      )
    }),
  )
})

test('audit() gives the same report on facts that were stored and read again', () => {
  for (const { subject } of RULE_CASES) {
    const stored = JSON.parse(JSON.stringify(subject.facts)) as ArtefactFacts
    assert.deepEqual(
      audit(subject.artefact, stored, subject.options),
      audit(subject.artefact, subject.facts, subject.options),
    )
  }
})

test('audit() proves a safetensors file that was read to its last byte', () => {
  const { artefact, facts } = subjectOf([file('model.safetensors', 'safetensors')])
  assert.equal(audit(artefact, facts).files[0]?.verdict, 'proved')
})

test('audit() proves neither a GGUF file with a template nor one with a minor defect', () => {
  const template = [{ locus: 'tokenizer.chat_template', text: '{{ messages }}' }]
  for (const changes of [{ texts: template }, { anomalies: [anomaly('ggf-file-type')] }]) {
    const { artefact, facts } = subjectOf([file('model.gguf', 'gguf', changes), card()])
    assert.equal(audit(artefact, facts).files[0]?.verdict, 'no-finding')
  }
})

test('audit() leaves a pickle that was only listed inconclusive, whatever it does not name', () => {
  const { artefact, facts } = subjectOf([file('model.pkl', 'pickle', { reading: 'listed' }), card()])
  const { files, verdict, outcomes } = audit(artefact, facts)
  assert.equal(files[0]?.verdict, 'inconclusive')
  assert.equal(verdict, 'inconclusive')
  assert.equal(outcomes.find(({ rule }) => rule === 'TW-PKL-01')?.state, 'inconclusive')
})

test('audit() accuses no pickle for a name that nobody has vetted: inconclusive, not a defect', () => {
  const references: FileFacts['references'] = [{ kind: 'global', target: 'builtins.print', locus: 'op 1' }]
  const anomalies = [anomaly('pkl-unlisted-called', 'op 1')]
  const { artefact, facts } = subjectOf([
    file('hello.pkl', 'pickle', { reading: 'listed', references, anomalies }),
    card(),
  ])
  const report = audit(artefact, facts)
  assert.equal(report.verdict, 'inconclusive')
  assert.deepEqual(
    report.findings.map(({ rule, basis }) => [rule, basis]),
    [['TW-PKL-06', 'capability']],
  )
})

test('audit() does not let a missing licence change the verdict on the bytes', () => {
  const { artefact, facts } = subjectOf([file('model.safetensors', 'safetensors')])
  const report = audit(artefact, facts)
  assert.equal(report.verdict, 'proved')
  assert.equal(report.findings[0]?.rule, 'TW-LIC-01')
})

test('audit() is inconclusive about an artefact without files and one with a missing part', () => {
  const none = subjectOf([])
  assert.equal(audit(none.artefact, none.facts).verdict, 'inconclusive')
  const part = subjectOf([file('model-00001-of-00002.gguf', 'gguf')], {
    anomalies: [{ path: 'model-00001-of-00002.gguf', ...anomaly('split-missing') }],
  })
  assert.equal(audit(part.artefact, part.facts).verdict, 'inconclusive')
})

test('audit() is inconclusive about a file that was not opened', () => {
  const { artefact, facts } = subjectOf([file('model.safetensors', 'safetensors'), card()])
  const report = audit(artefact, { ...facts, files: facts.files.slice(1) })
  assert.equal(report.files[0]?.verdict, 'inconclusive')
  assert.equal(report.verdict, 'inconclusive')
  assert.equal(report.outcomes.find(({ rule }) => rule === 'TW-FILE-02')?.state, 'inconclusive')
})

test('audit() repeats no credential, wherever it stands', () => {
  const token = ['hf_', 'QmZrTbWnXcVyLkJhGfDsApOiUeYtRwQzMx'].join('')
  const references: FileFacts['references'] = [{ kind: 'url', target: `https://x.org/?t=${token}`, locus: '/hook' }]
  const noted = [{ code: 'ggf-key-name', message: `key ${token}`, locus: `key ${token}` }]
  const { artefact, facts } = subjectOf([
    file('config.json', 'hf-config', { references, anomalies: noted, reason: token, reading: 'listed' }),
  ])
  assert.doesNotMatch(JSON.stringify(audit(artefact, facts)), /QmZrTbWn/)
})

test('audit() refuses the facts of another artefact', () => {
  const { artefact, facts } = subjectOf([card()])
  assert.throws(() => audit(artefact, { ...facts, artefact: 'tw1:other' }), { code: 'facts-mismatch' })
  assert.throws(() => audit({ ...artefact, files: [] }, facts), { code: 'facts-mismatch' })
})

test('rulesDigest() is a digest of what stands in the rules', () => {
  assert.match(rulesDigest(), /^[0-9a-f]{64}$/)
  assert.equal(rulesDigest(), rulesDigest())
})

test('audit() lets no container be better than what was found in it, however deep', () => {
  const within = (path: string, format: string, codes: readonly string[] = []): FileFacts =>
    file(path, format, { container: 'a.zip', anomalies: codes.map((code) => anomaly(code)) })
  const { artefact, facts } = subjectOf([
    file('a.zip', 'zip'),
    within('a.zip!/b.zip', 'zip'),
    within('a.zip!/b.zip!/c.gguf', 'gguf', ['ggf-count']),
    within('a.zip!/d.gguf', 'gguf'),
    card(),
  ])
  const opened = { ...artefact, files: artefact.files.filter(({ path }) => !path.includes('!/')) }
  const report = audit(opened, facts)
  assert.deepEqual(
    report.files.map(({ path, verdict, own }) => [path, verdict, own]),
    [
      ['a.zip', 'defect', 'proved'],
      ['a.zip!/b.zip', 'defect', 'proved'],
      ['a.zip!/b.zip!/c.gguf', 'defect', undefined],
      ['a.zip!/d.gguf', 'proved', undefined],
      ['README.md', 'no-finding', undefined],
    ],
  )
  const [finding] = report.findings
  assert.deepEqual([finding?.path, finding?.container], ['a.zip!/b.zip!/c.gguf', 'a.zip'])
})
