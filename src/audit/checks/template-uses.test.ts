/** The weighing of templates against a public corpus of hostile and harmless ones. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Budget, loadReaders, memorySource } from '../../formats/index.ts'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { card, subjectOf } from '../../testing/rule-cases/index.ts'
import { audit } from '../audit.ts'

const FOLDER = ['corpus', 'modelaudit', 'tests', 'assets', 'samples', 'jinja2'] as const
const HOSTILE = /malicious|obfuscated|^tokenizer_config|multiple_templates/

async function rulesOver(name: string, bytes: Uint8Array): Promise<readonly string[]> {
  const path = name.slice(name.lastIndexOf('/') + 1)
  const budget = new Budget()
  const source = memorySource(bytes, budget)
  const glimpse = { path, size: bytes.length, head: bytes.subarray(0, 4096), tail: bytes.subarray(-4096) }
  const readers = await loadReaders()
  const reader = readers.find(({ sniff }) => sniff(glimpse) === 'structure')
  assert.ok(reader !== undefined, name)
  const readMember = (): never => assert.fail('no template has members')
  const { artefact, facts } = subjectOf([
    reader.read({ path, source, budget, depth: 0, peek: false, readMember }),
    card(),
  ])
  return audit(artefact, facts)
    .findings.filter(({ grade }) => grade === 'dangerous' || grade === 'major')
    .map(({ rule }) => rule)
}

test('the templates of a public corpus are told apart, hostile from harmless', needsShared(...FOLDER), async () => {
  const folder = sharedPath(...FOLDER) ?? ''
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => !name.endsWith('.yaml') && statSync(join(folder, name)).isFile())
  assert.ok(files.length >= 40)
  for (const name of files) {
    const rules = await rulesOver(name, readFileSync(join(folder, name)))
    assert.equal(rules.includes('TW-TPL-01'), HOSTILE.test(name), `${name}: ${rules.join(' ')}`)
    if (!HOSTILE.test(name)) assert.deepEqual(rules, [], name)
  }
})
