import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { card, file, RULE_CASES, subjectOf } from '../testing/rule-cases/index.ts'
import { audit } from './audit.ts'
import { toInspection } from './inspection.ts'

const SCHEMA = join(import.meta.dirname, 'inspection.schema.json')
const ajv = new Ajv({ strict: true, allErrors: true })
const isInspection = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object)

test('toInspection() keeps to its schema for the report of every case', () => {
  for (const { rule, subject } of RULE_CASES) {
    const report = audit(subject.artefact, subject.facts, subject.options)
    const inspection: unknown = JSON.parse(JSON.stringify(toInspection(subject.artefact, report)))
    assert.ok(isInspection(inspection), `${rule}: ${ajv.errorsText(isInspection.errors)}`)
  }
})

test('toInspection() gives each file its verdict and digest, and each finding its fingerprint', () => {
  const { artefact, facts } = subjectOf([file('model.safetensors', 'safetensors'), card('nobody-knows')])
  const { files, findings, verdict } = toInspection(artefact, audit(artefact, facts))
  assert.deepEqual(
    files.map(({ path, verdict: of, sha256 }) => [path, of, sha256.length]),
    [
      ['model.safetensors', 'proved', 64],
      ['README.md', 'no-finding', 64],
    ],
  )
  assert.deepEqual(
    findings.map(({ rule }) => rule),
    ['TW-LIC-01'],
  )
  assert.match(findings[0]?.fingerprint ?? '', /^[0-9a-f]{32}:1$/)
  assert.equal(verdict, 'no-finding')
})

test('the schema of the inspection refuses a verdict that does not exist and a finding without rule', () => {
  const { artefact, facts } = subjectOf([file('model.safetensors', 'safetensors')])
  const inspection = toInspection(artefact, audit(artefact, facts))
  assert.ok(isInspection(inspection))
  assert.ok(!isInspection({ ...inspection, verdict: 'clean' }))
  const [{ rule: _rule, ...finding }] = inspection.findings as [(typeof inspection.findings)[number]]
  assert.ok(!isInspection({ ...inspection, findings: [finding] }))
})
