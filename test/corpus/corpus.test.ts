import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openArtefact, parseReference } from '../../src/artefact/index.ts'
import { audit, type AuditReport, type Finding } from '../../src/audit/index.ts'
import { readFacts } from '../../src/formats/index.ts'
import { needsShared, sharedPath, temporaryFolder } from '../../src/testing/folders.ts'
import { HARMLESS, MALICIOUS } from './expectations.ts'

const ASSETS = ['corpus', 'modelaudit', 'tests', 'assets'] as const

async function auditFile(path: string, cacheFolder: string): Promise<AuditReport> {
  const opened = await openArtefact(parseReference(path), { cacheFolder, blocks: false })
  return audit(opened.artefact, await readFacts(opened, { isolation: 'in-process' }))
}

/** Findings about the content that fail the test; papers are another matter. */
function failing({ findings }: AuditReport): readonly Finding[] {
  return findings.filter(({ rule, grade }) => ['dangerous', 'major'].includes(grade) && !rule.startsWith('TW-LIC'))
}

function filesUnder(root: string, beginnings: readonly string[]): readonly string[] {
  const all = globSync('**/*', { cwd: root, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = all.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)).toSorted()
  return paths.filter((path) => beginnings.some((each) => path.startsWith(each)))
}

for (const [beginning, families] of MALICIOUS) {
  test(`audit() finds what is malicious: ${beginning}`, needsShared(...ASSETS), async (context) => {
    const root = sharedPath(...ASSETS) as string
    const cache = temporaryFolder(context)
    const paths = filesUnder(root, [beginning])
    assert.ok(paths.length > 0)
    for (const path of paths) {
      const report = await auditFile(join(root, path), cache)
      const found = failing(report).map(({ rule }) => rule.split('-')[1] ?? '')
      const isFound = report.verdict === 'defect' && found.some((family) => families.split(' ').includes(family))
      assert.ok(isFound, `${path}: ${report.verdict} by ${found.join(' ')}`)
    }
  })
}

test('audit() accuses no harmless sample', needsShared(...ASSETS), async (context) => {
  const root = sharedPath(...ASSETS) as string
  const cache = temporaryFolder(context)
  for (const path of filesUnder(root, HARMLESS)) {
    const accused = failing(await auditFile(join(root, path), cache)).filter(({ basis }) => basis !== 'capability')
    assert.deepEqual(accused, [], path)
  }
})

test('audit() accuses no model of the ONNX test suites', needsShared('corpus', 'onnx'), async (context) => {
  const root = sharedPath('corpus', 'onnx') as string
  const cache = temporaryFolder(context)
  const paths = globSync('**/*.onnx', { cwd: root })
  assert.ok(paths.length >= 149)
  const accused: string[] = []
  for (const path of paths) {
    const findings = failing(await auditFile(join(root, path), cache))
    assert.ok(
      findings.every(({ grade, basis }) => grade !== 'dangerous' || basis === 'capability'),
      path,
    )
    if (findings.some(({ basis }) => basis !== 'capability')) accused.push(path)
  }
  assert.ok(accused.length <= 0.005 * paths.length, accused.join(', '))
})
