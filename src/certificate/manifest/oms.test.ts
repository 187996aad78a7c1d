/** Manifests as they are written and read: order, names, shards, size, form. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { canonicalJson, isFault, omsRoot, sha256, type ManifestFile } from '../../base/index.ts'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { webCryptography } from '../cryptography.ts'
import { toUtf8 } from '../encoding.ts'
import { readStatement } from '../statement.ts'
import type { OmsManifest } from './oms.ts'
import { readOms } from './read-oms.ts'
import { splitIntoShards } from './shards.ts'
import { buildOmsStatement } from './write-oms.ts'

const files: readonly ManifestFile[] = ['a/b', 'a-b', '\u{1f600}', '\uff21'].map((path) => ({
  path,
  sha256: sha256(path),
}))

interface Loose {
  readonly resources: readonly { readonly name: string; readonly digest: string; readonly algorithm: string }[]
  readonly serialization: object
}

const read = (statement: object): Promise<OmsManifest> =>
  readOms(readStatement(toUtf8(canonicalJson(statement as never))), webCryptography)

/** Reads a manifest whose predicate was changed, with the root that the changed resources have. */
function readChanged(change: (predicate: Loose) => Loose | object): Promise<OmsManifest> {
  const statement = buildOmsStatement('oak', files)
  const predicate = change(statement.predicate) as Partial<Loose>
  const listed: readonly { readonly digest: string }[] = Array.isArray(predicate.resources) ? predicate.resources : []
  const digests = listed.map(({ digest }) => digest).join('')
  const subject = [{ name: 'oak', digest: { sha256: sha256(Buffer.from(digests, 'hex')) } }]
  return read({ ...statement, subject, predicate })
}

const rename =
  (name: string) =>
  ({ resources, ...rest }: Loose) => ({
    ...rest,
    resources: resources.map((resource, index) => (index === 0 ? { ...resource, name } : resource)),
  })

function readShards(...ranges: readonly (readonly [start: number, end: number])[]): Promise<OmsManifest> {
  return readChanged(() => ({
    serialization: { method: 'shards', hash_type: 'sha256', allow_symlinks: false, shard_size: 4 },
    resources: ranges.map(([start, end]) => ({
      name: `w:${start}:${end}`,
      digest: sha256(`${start}`),
      algorithm: 'sha256',
    })),
  }))
}

test('buildOmsStatement() lists the files in code-point order and its root is theirs', async () => {
  const statement = buildOmsStatement('oak', files)
  assert.deepEqual(
    statement.predicate.resources.map(({ name }) => name),
    ['a-b', 'a/b', '\uff21', '\u{1f600}'],
  )
  assert.equal(statement.subject[0].digest['sha256'], omsRoot(files))
  const manifest = await read(statement)
  assert.equal(omsRoot(manifest.resources.map(({ path, digest }) => ({ path, sha256: digest }))), omsRoot(files))
})

test('buildOmsStatement() lists shards in the order of their names as strings and reads back', async () => {
  const shards = splitIntoShards(25, 2).map((range) => ({ path: 'w:1', range, sha256: sha256(`${range.start}`) }))
  const statement = buildOmsStatement('oak', shards, { shardSize: 2, rehash: 'incremental' })
  const names = statement.predicate.resources.map(({ name }) => name)
  assert.deepEqual(names.slice(0, 3), ['w:1:0:2', 'w:1:10:12', 'w:1:12:14'])
  const { resources, shardSize } = await read(statement)
  assert.deepEqual([shardSize, resources.at(-1)?.range], [2, { start: 8, end: 10 }])
})

test('buildOmsStatement() fits the official schemas', needsShared('vectors', 'oms'), () => {
  const schema = (name: string): object =>
    JSON.parse(
      readFileSync(sharedPath('vectors', 'oms', 'schemas', 'v1.0', `${name}.schema.json`) ?? '', 'utf8'),
    ) as object
  const ajv = new Ajv2020({ strict: false })
  ajv.addSchema(schema('predicate'))
  const validate = ajv.compile(schema('statement'))
  const shards = splitIntoShards(5, 2).map((range) => ({ path: 'w', range, sha256: sha256(`${range.start}`) }))
  for (const statement of [
    buildOmsStatement('oak', files, { rehash: 'full' }),
    buildOmsStatement('oak', shards, { shardSize: 2 }),
  ])
    assert.ok(validate(statement), ajv.errorsText(validate.errors))
})

test('buildOmsStatement() and readOms() refuse names that systems read differently', async () => {
  const bad = ['', '/a', '../a', 'a/../b', './a', 'a//b', 'a/', 'a\nb', 'a\u0000b', 'a\u0085b', 'a\u2028b', 'a\\b', '.']
  for (const name of [...bad, 'a/b']) await assert.rejects(readChanged(rename(name)), { code: 'oms-name' }, name)
  const sha = sha256('')
  for (const path of [...bad, '\ud800']) {
    assert.throws(() => buildOmsStatement('oak', [{ path, sha256: sha }]), { code: 'oms-name' }, path)
  }
  const twins = ['\u00e9', 'e\u0301'].map((path) => ({ path, sha256: sha }))
  assert.throws(() => buildOmsStatement('oak', twins), { code: 'oms-name' })
  const twice = [files[0], files[0]] as readonly ManifestFile[]
  assert.throws(() => buildOmsStatement('oak', twice), { code: 'duplicate-path' })
})

test('readOms() tells of names that differ only in case and takes them', async () => {
  const { warnings } = await read(
    buildOmsStatement('oak', [
      { path: 'README', sha256: sha256('1') },
      { path: 'readme', sha256: sha256('2') },
    ]),
  )
  assert.deepEqual(warnings, ['"README" and "readme" differ only in case'])
})

test('readOms() refuses manifests that do not fit their subject or have another form', async () => {
  const reversed = { ...buildOmsStatement('oak', files) }
  const { predicate } = reversed
  await assert.rejects(
    read({ ...reversed, predicate: { ...predicate, resources: predicate.resources.toReversed() } }),
    {
      code: 'oms-root',
    },
  )
  const change = (part: object) => readChanged((whole) => ({ ...whole, ...part }))
  const serial = (part: object) =>
    readChanged((whole) => ({ ...whole, serialization: { ...whole.serialization, ...part } }))
  await assert.rejects(change({ serialization: { method: 'tensors' } }), { code: 'oms-method' })
  await assert.rejects(serial({ hash_type: 'md5' }), { code: 'oms-method' })
  await assert.rejects(serial({ allow_symlinks: 'false' }), { code: 'oms-member' })
  await assert.rejects(serial({ method: 'shards' }), { code: 'oms-member' })
  await assert.rejects(serial({ method: 'shards', shard_size: 0 }), { code: 'oms-member' })
  await assert.rejects(serial({ ignore_paths: ['.'] }), { code: 'oms-ignore' })
  await assert.rejects(serial({ ignore_paths: [''] }), { code: 'oms-ignore' })
  await assert.rejects(serial({ hash_type: 'blake2b' }), { code: 'oms-method' })
  await assert.rejects(change({ resources: 'none' }), { code: 'oms-member' })
  await assert.rejects(
    readChanged(() => ({})),
    { code: 'oms-member' },
  )
})

test('readOms() refuses shards that overlap, leave gaps or are of another size', async () => {
  assert.equal((await readShards([4, 8], [0, 4], [8, 9])).resources.length, 3)
  for (const ranges of [
    [[4, 8]],
    [
      [0, 4],
      [8, 9],
    ],
    [
      [0, 4],
      [3, 7],
    ],
    [
      [0, 3],
      [3, 7],
    ],
    [[0, 5]],
    [[0, 0]],
    [
      [0, 4],
      [4, 4],
    ],
  ] as const)
    await assert.rejects(readShards(...ranges), { code: 'oms-shards' }, JSON.stringify(ranges))
  await assert.rejects(readShards([0, 4], [0, 4]), { code: 'oms-name' })
  for (const name of ['w', 'w:1', ':0:4', 'w:00:4', 'w:0:4:', 'w:0x0:4', 'w:-1:4', 'w:0:99999999999999999'])
    await assert.rejects(
      readChanged(() => ({
        serialization: { method: 'shards', hash_type: 'sha256', allow_symlinks: false, shard_size: 4 },
        resources: [{ name, digest: sha256('0'), algorithm: 'sha256' }],
      })),
      { code: 'oms-name' },
      name,
    )
})

test('readOms() throws nothing but faults, whatever a predicate holds', async () => {
  const { predicate } = buildOmsStatement('oak', files)
  const junk = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as never)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('resources', 'serialization', 'both'), junk, async (where, value) => {
      const parts = where === 'both' ? { resources: value, serialization: value } : { [where]: value }
      try {
        await read({ ...buildOmsStatement('oak', files), predicate: { ...predicate, ...parts } })
      } catch (thrown) {
        assert.ok(isFault(thrown), String(thrown))
      }
    }),
    { numRuns: 200 },
  )
})

test('readStatement() refuses a manifest that is nested deeply or names a member twice', () => {
  const text = JSON.stringify(buildOmsStatement('oak', files))
  const nested = text.replace('"resources":', `"deep":${'['.repeat(100_000)}${']'.repeat(100_000)},"resources":`)
  assert.throws(() => readStatement(toUtf8(nested)), { code: 'json-limit' })
  const twice = text.replace('"resources":', '"resources":[],"resources":')
  assert.throws(() => readStatement(toUtf8(twice)), { code: 'duplicate-key' })
})

test('a million resources are refused at once, by the writer and by the reader', async () => {
  const digest = sha256('')
  const many = Array.from({ length: 1_000_000 }, (_, index) => ({ path: `f${index}`, sha256: digest }))
  const start = process.cpuUsage()
  assert.throws(() => buildOmsStatement('oak', many), { code: 'too-many-files' })
  const empty = toUtf8(canonicalJson({ ...buildOmsStatement('oak', files), predicate: { resources: [] } }))
  const text = new TextDecoder().decode(empty).replace('"resources":[]', `"resources":[${'{},'.repeat(999_999)}{}]`)
  await assert.rejects(async () => readOms(readStatement(toUtf8(text)), webCryptography), { code: 'oms-member' })
  assert.throws(() => readStatement(new Uint8Array(40 * 1024 * 1024)), { code: 'json-limit' })
  assert.ok(process.cpuUsage(start).user < 3e6)
})
