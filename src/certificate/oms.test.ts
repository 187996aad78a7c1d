import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { canonicalJson, omsRoot, sha256, type ManifestFile } from '../base/index.ts'
import { needsShared, sharedPath } from '../testing/folders.ts'
import { webCryptography } from './cryptography.ts'
import { toUtf8 } from './encoding.ts'
import { buildOmsStatement, readOms } from './oms.ts'
import { readStatement } from './statement.ts'

const files: readonly ManifestFile[] = ['a/b', 'a-b', '\u{1f600}', '\uff21'].map((path) => ({
  path,
  sha256: sha256(path),
}))

interface Loose {
  readonly resources: readonly { readonly name: string; readonly digest: string; readonly algorithm: string }[]
  readonly serialization: object
}

/** Reads a manifest whose predicate was changed. */
function readChanged(change: (predicate: Loose) => object): Promise<readonly ManifestFile[]> {
  const statement = buildOmsStatement('oak', files)
  const payload = canonicalJson({ ...statement, predicate: change(statement.predicate) })
  return readOms(readStatement(toUtf8(payload)), webCryptography)
}

test('buildOmsStatement() lists the files in code-point order and its root is theirs', async () => {
  const statement = buildOmsStatement('oak', files)
  assert.deepEqual(
    statement.predicate.resources.map(({ name }) => name),
    ['a-b', 'a/b', '\uff21', '\u{1f600}'],
  )
  assert.equal(statement.subject[0].digest['sha256'], omsRoot(files))
  assert.equal(omsRoot(await readChanged((predicate) => predicate)), omsRoot(files))
})

test('buildOmsStatement() fits the official schemas', needsShared('vectors', 'oms'), () => {
  const schema = (name: string): object =>
    JSON.parse(
      readFileSync(sharedPath('vectors', 'oms', 'schemas', 'v1.0', `${name}.schema.json`) ?? '', 'utf8'),
    ) as object
  const ajv = new Ajv2020({ strict: false })
  const { predicate } = buildOmsStatement('oak', files)
  assert.ok(ajv.validate(schema('predicate'), predicate), ajv.errorsText())
})

test('readOms() refuses manifests that do not fit their subject or name unsafe files', async () => {
  const rename = (name: string) => (predicate: Loose) => ({
    ...predicate,
    resources: predicate.resources.map((resource, index) => (index === 0 ? { ...resource, name } : resource)),
  })
  for (const name of ['', '/a', '../a', 'a/../b', './a', 'a//b', 'a\nb', 'a\\b', 'a/b'])
    await assert.rejects(readChanged(rename(name)), { code: 'oms-name' }, name)
  await assert.rejects(
    readChanged((predicate) => ({ ...predicate, resources: predicate.resources.toReversed() })),
    { code: 'oms-root' },
  )
  await assert.rejects(
    readChanged((predicate) => ({ ...predicate, resources: predicate.resources.slice(1) })),
    { code: 'oms-root' },
  )
  await assert.rejects(
    readChanged((predicate) => ({ ...predicate, serialization: { method: 'shards' } })),
    { code: 'oms-method' },
  )
  await assert.rejects(
    readChanged(() => ({})),
    { code: 'oms-member' },
  )
})
