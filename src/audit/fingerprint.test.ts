import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { RULE_CASES } from '../testing/rule-cases/index.ts'
import { audit } from './audit.ts'
import type { Finding } from './finding.ts'
import { fingerprintOf, fingerprintsOf } from './fingerprint.ts'
import { RULES } from './rules/index.ts'

const SNAPSHOT = join(import.meta.dirname, '../../test/vectors/audit/fingerprints.json')

/** The first finding of the first case of each rule. */
function firstFindings(): readonly Finding[] {
  return RULES.map(({ id }) => {
    const subject = RULE_CASES.find(({ rule, fires }) => rule === id && fires)?.subject
    assert.ok(subject !== undefined, id)
    return audit(subject.artefact, subject.facts, subject.options).findings.find(({ rule }) => rule === id) as Finding
  })
}

test('fingerprintOf() gives each rule the fingerprint that it had in every version before', () => {
  const now = Object.fromEntries(firstFindings().map((finding) => [finding.rule, fingerprintOf(finding)]))
  if (process.env['UPDATE_SNAPSHOTS'] === '1') writeFileSync(SNAPSHOT, `${JSON.stringify(now, null, 2)}\n`)
  assert.deepEqual(now, JSON.parse(readFileSync(SNAPSHOT, 'utf8')))
})

test('fingerprintOf() does not move with offsets, messages or evidence', () => {
  for (const finding of firstFindings()) {
    const moved = { ...finding, offset: 1e6, length: 1, message: 'in other words', evidence: 'x' }
    assert.equal(fingerprintOf(moved), fingerprintOf(finding))
    assert.notEqual(fingerprintOf({ ...finding, path: `${finding.path}2` }), fingerprintOf(finding))
    assert.notEqual(fingerprintOf({ ...finding, locus: `${finding.locus}2` }), fingerprintOf(finding))
  }
})

test('fingerprintsOf() numbers findings of one kind in one place', () => {
  const [finding] = firstFindings()
  assert.ok(finding !== undefined)
  const one = fingerprintOf(finding)
  assert.deepEqual(fingerprintsOf([finding, finding]), [`${one}:1`, `${one}:2`])
})
