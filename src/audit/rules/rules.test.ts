/** Every rule against its cases, and the rules against the catalogue of the design. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ANOMALIES } from '../../formats/index.ts'
import { RULE_CASES } from '../../testing/rule-cases/index.ts'
import { audit } from '../audit.ts'
import { RULES } from './index.ts'

for (const { rule, about, fires, subject } of RULE_CASES) {
  test(`${rule} ${fires ? 'finds' : 'is silent about'} ${about}`, () => {
    const { findings } = audit(subject.artefact, subject.facts, subject.options)
    const found = findings.filter((finding) => finding.rule === rule)
    assert.equal(found.length > 0, fires, JSON.stringify(findings))
  })
}

test('every rule has two cases in which it fires and two near-misses', () => {
  for (const { id } of RULES) {
    const cases = RULE_CASES.filter(({ rule }) => rule === id)
    assert.ok(cases.filter(({ fires }) => fires).length >= 2, `${id} fires in too few cases`)
    assert.ok(cases.filter(({ fires }) => !fires).length >= 2, `${id} is silent in too few cases`)
  }
})

test('every anomaly that a reader can note is answered for by exactly one rule', () => {
  const answered = RULES.flatMap(({ id, anomalies }) => anomalies.map((code) => ({ code, id })))
  for (const { code } of ANOMALIES) {
    const rules = answered.filter((each) => each.code === code).map(({ id }) => id)
    assert.equal(rules.length, 1, `${code} is answered for by ${rules.join(', ') || 'no rule'}`)
  }
})

test('every anomaly that a rule answers for can be noted by a reader', () => {
  const known = new Set(ANOMALIES.map(({ code }) => code))
  const unknown = RULES.flatMap(({ anomalies }) => anomalies).filter((code) => !known.has(code))
  assert.deepEqual(unknown, [])
})

test('every rule has an id of its own, and data in every field', () => {
  assert.equal(new Set(RULES.map(({ id }) => id)).size, RULES.length)
  for (const rule of RULES) {
    assert.match(rule.id, /^TW-[A-Z][A-Z0-9]+-\d{2}$/)
    assert.ok(!rule.title.endsWith('.'), rule.id)
    for (const text of [rule.sentence, rule.meaning, rule.remedy, rule.seen]) assert.match(text, /\.$/, rule.id)
    assert.ok(rule.anomalies.length > 0 || rule.check !== undefined, `${rule.id} looks for nothing`)
    for (const code of rule.incomplete ?? []) assert.ok(rule.anomalies.includes(code), rule.id)
  }
})

test('no rule accuses: basis malice is not claimed, and words of guilt are not used', () => {
  for (const rule of RULES) {
    assert.notEqual(rule.basis, 'malice', rule.id)
    const text = [rule.title, rule.meaning, rule.remedy].join(' ')
    assert.doesNotMatch(text, /\b(stolen|attacker|malware|clean|independent|safe|guilty|criminal)\b/i, rule.id)
  }
})
