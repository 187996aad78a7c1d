import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeDocuments } from '../documents.ts'
import { generated } from './generated.ts'
import { complaints } from './plant.ts'

test('generated reports a stale page, a missing page and a page that nothing makes', async (context) => {
  const documents = Object.fromEntries(makeDocuments())
  assert.deepEqual(await complaints(generated, context, documents), [])
  const { 'docs/rules/README.md': index = '', 'docs/reference/settings.md': missing, ...rest } = documents
  assert.ok(missing !== undefined)
  const planted = { ...rest, 'docs/rules/README.md': `${index} `, 'docs/rules/TW-OLD-01.md': '# gone' }
  assert.deepEqual((await complaints(generated, context, planted)).toSorted(), [
    'docs/reference/settings.md is missing; run npm run docs',
    'docs/rules/README.md is stale; run npm run docs',
    'docs/rules/TW-OLD-01.md nothing makes this page; run npm run docs',
  ])
})
