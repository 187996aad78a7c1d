import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { card, file, RULE_CASES, subjectOf } from '../../testing/rule-cases/index.ts'
import { audit } from '../audit.ts'
import type { AuditReport, Finding } from '../finding.ts'
import { fileAddress } from './results.ts'
import { toSarif } from './log.ts'

const SCHEMA = join(import.meta.dirname, '../../../test/vectors/sarif/sarif-schema-2.1.0.json')
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
addFormats.default(ajv)
const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object)

function isSarif(log: unknown): boolean {
  return validate(log)
}

function reportWith(findings: readonly Finding[]): AuditReport {
  const { artefact, facts } = subjectOf([file('model.gguf', 'gguf'), card()])
  return { ...audit(artefact, facts), findings }
}

function findingAt(path: string, changes: Partial<Finding> = {}): Finding {
  return { rule: 'TW-GGF-02', grade: 'major', basis: 'exploit', path, locus: 'tensor "a"', message: 'out', ...changes }
}

/** Lists of rules that were found valid in a log; it is one and the same list in all of them. */
const validRules = new Set<unknown>()

/** Validates a log; rules that were valid in another one are not looked at again. */
function isSarifBeside(log: ReturnType<typeof toSarif>): boolean {
  const [{ tool, ...rest }] = log.runs
  const { rules, ...driver } = tool.driver
  const isKnown = validRules.has(rules)
  validRules.add(rules)
  return isSarif(JSON.parse(JSON.stringify(isKnown ? { ...log, runs: [{ ...rest, tool: { driver } }] } : log)))
}

test('toSarif() is valid against the schema of OASIS for the report of every case', () => {
  for (const { subject, rule } of RULE_CASES) {
    const report = audit(subject.artefact, subject.facts, subject.options)
    for (const options of [{ version: '0.1.0' }, { version: '0.1.0', artefact: subject.artefact }])
      assert.ok(isSarifBeside(toSarif(report, options)), `${rule}: ${ajv.errorsText(validate.errors)}`)
  }
  assert.equal(validRules.size, 1)
})

test('the schema of OASIS refuses a log with a wrong level and one with a field of its own', () => {
  const log = structuredClone(toSarif(reportWith([findingAt('a')]), { version: '0.1.0' })) as unknown as {
    runs: { results: { level: string }[]; extra?: number }[]
  }
  log.runs[0]!.results[0]!.level = 'fatal'
  assert.ok(!isSarif(log))
  log.runs[0]!.results[0]!.level = 'error'
  assert.ok(isSarif(log))
  log.runs[0]!.extra = 1
  assert.ok(!isSarif(log))
})

test('toSarif() points from results into rules and taxonomies that are there', () => {
  for (const { subject } of RULE_CASES) {
    const [run] = toSarif(audit(subject.artefact, subject.facts, subject.options), { version: '0.1.0' }).runs
    for (const { ruleId, ruleIndex, taxa } of run.results) {
      assert.equal(run.tool.driver.rules[ruleIndex]?.id, ruleId)
      for (const { id, index, toolComponent } of taxa) {
        assert.equal(run.taxonomies[toolComponent.index]?.name, toolComponent.name)
        assert.equal(run.taxonomies[toolComponent.index]?.taxa[index]?.id, id)
      }
    }
  }
})

test('toSarif() maps grades to levels and severities that GitHub sorts by', () => {
  const [run] = toSarif(reportWith([]), { version: '0.1.0' }).runs
  const seen = new Map(
    run.tool.driver.rules.map(({ properties, defaultConfiguration }) => [
      properties.grade,
      [defaultConfiguration.level, properties['security-severity']],
    ]),
  )
  assert.deepEqual(Object.fromEntries(seen), {
    advisory: ['note', '2.0'],
    major: ['error', '7.5'],
    minor: ['warning', '5.0'],
    dangerous: ['error', '9.5'],
  })
})

test('toSarif() gives the place in bytes and in structure', () => {
  const [run] = toSarif(reportWith([findingAt('a b/ü#1.gguf', { offset: 24, length: 8 })]), { version: '0.1.0' }).runs
  assert.deepEqual(run.results[0]?.locations[0], {
    physicalLocation: {
      artifactLocation: { uri: 'a%20b/%C3%BC%231.gguf' },
      region: { byteOffset: 24, byteLength: 8 },
    },
    logicalLocations: [{ name: 'tensor "a"', fullyQualifiedName: 'a b/ü#1.gguf › tensor "a"' }],
  })
})

test('toSarif() stays within what GitHub takes, and says how many results it left out', () => {
  const findings = Array.from({ length: 25_010 }, (_, index) => findingAt(`part-${index}.gguf`))
  const log = toSarif(reportWith(findings), { version: '0.1.0' })
  assert.equal(log.runs.length, 1)
  assert.equal(log.runs[0].results.length, 25_000)
  assert.equal(log.runs[0].properties.resultsLeftOut, 10)
  assert.ok(log.runs[0].tool.driver.rules.every(({ properties }) => properties.tags.length <= 10))
  assert.ok(gzipSync(JSON.stringify(log)).length < 10 * 1024 * 1024)
})

test('toSarif() notes each file that is inconclusive, so that silence is not taken for a pass', () => {
  const { artefact, facts } = subjectOf([file('model.pkl', 'pickle', { reading: 'listed', reason: 'only listed' })])
  const [run] = toSarif(audit(artefact, facts), { version: '0.1.0' }).runs
  assert.deepEqual(
    run.invocations[0].toolExecutionNotifications.map(({ message }) => message.text),
    ['model.pkl (pickle) is inconclusive: only listed'],
  )
})

test('fileAddress() keeps a lone surrogate from breaking the log', () => {
  assert.equal(fileAddress('a\ud800'), 'a%EF%BF%BD')
})
