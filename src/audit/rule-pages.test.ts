import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { rulePages } from './rule-pages.ts'
import { RULES } from './rules/index.ts'

const FOLDER = join(import.meta.dirname, '../../docs/rules')

test('rulePages() gives a page for each rule and an index that links to all of them', () => {
  const pages = rulePages()
  assert.equal(pages.size, RULES.length + 1)
  const index = pages.get('README.md') ?? ''
  for (const { id, remedy } of RULES) {
    assert.ok(index.includes(`(${id}.md)`), id)
    assert.ok(pages.get(`${id}.md`)?.includes(remedy), id)
  }
})

test('rulePages() gives what stands in docs/rules, file by file', () => {
  const pages = rulePages()
  assert.deepEqual(readdirSync(FOLDER).toSorted(), [...pages.keys()].toSorted())
  for (const [name, text] of pages)
    assert.equal(readFileSync(join(FOLDER, name), 'utf8'), text, `${name}: run npm run docs`)
})
