/** What was signed against what a hub lists, without a download; and where a model differs from its certificate. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { startHub, type TestRepository } from '../../src/testing/hub-server.ts'
import { homeWithRegister } from './home.ts'
import { assertFault, jsonOf, ROOT, runTidewaiter } from './program.ts'
import { assertContract } from './schemas.ts'

const NAMES = ['README.md', 'config.json', 'model.safetensors', 'tokenizer.json']
const oak = (name: string): Buffer => readFileSync(join(ROOT, 'examples/oak', name))

interface Place {
  readonly home: string
  readonly bundle: string
}

async function signOak(context: TestContext): Promise<Place> {
  const home = temporaryFolder(context)
  const model = join(home, 'oak')
  mkdirSync(model)
  for (const name of NAMES) writeFileSync(join(model, name), oak(name))
  const bundle = join(home, 'oak.sig')
  assert.equal((await runTidewaiter(['sign', model, '--out', bundle, '--home', home])).status, 0)
  return { home, bundle }
}

async function checkAgainst(context: TestContext, { home, bundle }: Place, change: Partial<TestRepository> = {}) {
  const files = new Map(NAMES.map((name) => [name, oak(name)]))
  const hub = await startHub(context, { id: 'example/oak', files, large: ['model.safetensors'], ...change })
  const words = ['verify', bundle, '--artefact', 'hf:example/oak', '--precheck', '--home', home, '--format', 'json']
  const run = await runTidewaiter(words, { env: { HF_ENDPOINT: hub.url } })
  const result = jsonOf(run)
  const paths = hub.seen.map(({ url }) => url)
  assert.ok(!paths.some((url) => url.includes('/resolve/')), 'nothing was downloaded')
  return { run, result, hub }
}

const outcomes = (result: { readonly files: readonly { readonly path: string; readonly outcome: string }[] }) =>
  Object.fromEntries(result.files.map(({ path, outcome }) => [path, outcome]))

test('verify --precheck agrees with a hub that has what was signed, and is partial, never a pass', async (context) => {
  const { run, result, hub } = await checkAgainst(context, await signOak(context))
  assertContract('pre-check', result)
  assert.deepEqual([run.status, result.verdict, result.commit], [5, 'partial', hub.commit])
  assert.deepEqual(outcomes(result), {
    'README.md': 'not-checkable',
    'config.json': 'not-checkable',
    'model.safetensors': 'agrees',
    'tokenizer.json': 'not-checkable',
  })
})

test('verify --precheck names the files of a hub that disagree: another digest, one more, one less, a bad name', async (context) => {
  const place = await signOak(context)
  const files = new Map(NAMES.map((name) => [name, oak(name)]))
  const weights = oak('model.safetensors')
  weights[300_000] = (weights[300_000] ?? 0) ^ 1
  const changed = await checkAgainst(context, place, { files: new Map([...files, ['model.safetensors', weights]]) })
  assert.deepEqual([changed.run.status, changed.result.verdict], [1, 'fail'])
  assert.equal(outcomes(changed.result)['model.safetensors'], 'disagrees')
  const more = await checkAgainst(context, place, { files: new Map([...files, ['x.py', Buffer.from('1')]]) })
  assert.deepEqual([more.run.status, outcomes(more.result)['x.py']], [1, 'disagrees'])
  files.delete('README.md')
  const less = await checkAgainst(context, place, { files })
  assert.deepEqual([less.run.status, outcomes(less.result)['README.md']], [1, 'disagrees'])
  const entry = { type: 'file', path: '../x', size: 1, oid: '0'.repeat(40) }
  const bad = await checkAgainst(context, place, { treeEntries: [entry] })
  assert.equal(bad.run.status, 1)
})

test('verify --precheck says nothing for a bundle that does not hold, and wants a hub', async (context) => {
  const { home, bundle } = await signOak(context)
  const words = ['verify', bundle, '--precheck', '--home', home]
  assertFault(await runTidewaiter([...words, '--artefact', 'examples/oak']), 'usage', 2)
  writeFileSync(bundle, readFileSync(bundle, 'utf8').replace(/"payload":"./, '"payload":"f'))
  const run = await runTidewaiter([...words, '--artefact', 'hf:example/oak', '--format', 'json'])
  assert.deepEqual([run.status, jsonOf(run).reason], [1, 'signature'])
})

async function certify(context: TestContext) {
  const home = await homeWithRegister(context)
  const folder = join(home, 'oak')
  mkdirSync(folder)
  for (const name of NAMES) writeFileSync(join(folder, name), oak(name))
  const large = Buffer.alloc(9 * 1024 * 1024, 'x')
  writeFileSync(join(folder, 'notes.txt'), large)
  const run = await runTidewaiter(['clear', folder, '--home', home, '--format', 'json', '--quiet'])
  const { certificate } = jsonOf(run)
  return { home, folder, bundle: certificate.path as string }
}

test('clear writes block lists beside the certificate, under the digest that it carries', async (context) => {
  const { bundle, home, folder } = await certify(context)
  const [name = ''] = readdirSync(dirname(bundle)).filter((each) => each.endsWith('.blocks'))
  const text = readFileSync(join(dirname(bundle), name))
  assert.equal(`${createHash('sha256').update(text).digest('hex')}.blocks`, name)
  const { files } = JSON.parse(text.toString())
  const notes = files.find(({ path }: { path: string }) => path === 'notes.txt')
  assert.deepEqual([notes.size, notes.blocks.length], [9 * 1024 * 1024, 3])
  const whole = await runTidewaiter(['verify', bundle, '--artefact', folder, '--home', home, '--format', 'json'])
  const { statement, differences } = jsonOf(whole)
  const digest = statement.clearance.evidence.find(({ name: each }: { name: string }) => each === 'blocks').digest
    .sha256
  assert.deepEqual([`${digest}.blocks`, differences], [name, undefined])

  const other = join(home, 'other')
  cpSync(folder, other, { recursive: true })
  const bytes = readFileSync(join(other, 'notes.txt'))
  bytes[5 * 1024 * 1024] = 0
  writeFileSync(join(other, 'notes.txt'), bytes)
  rmSync(join(other, 'README.md'))
  writeFileSync(join(other, 'extra'), '')
  const run = await runTidewaiter(['verify', bundle, '--artefact', other, '--home', home, '--format', 'json'])
  const report = jsonOf(run)
  assertContract('verification', report)
  assert.deepEqual([run.status, report.reason], [1, 'subject-mismatch'])
  assert.deepEqual(report.differences, [
    { path: 'README.md', what: 'missing' },
    { path: 'notes.txt', what: 'changed', blocks: [1] },
    { path: 'extra', what: 'extra' },
  ])

  writeFileSync(join(dirname(bundle), name), `${text.toString()} `)
  const forged = await runTidewaiter(['verify', bundle, '--artefact', other, '--home', home])
  assertFault(forged, 'block-lists-digest')
})

test('verify --precheck of a certificate goes by its block lists, sizes included', async (context) => {
  const { bundle, home } = await certify(context)
  const files = new Map(NAMES.map((name) => [name, oak(name)])).set('notes.txt', Buffer.alloc(9 * 1024 * 1024, 'x'))
  const same = await checkAgainst(context, { home, bundle }, { files, large: ['notes.txt'] })
  assert.deepEqual([same.run.status, outcomes(same.result)['notes.txt']], [5, 'agrees'])
  const longer = await checkAgainst(context, { home, bundle }, { files: files.set('README.md', Buffer.from('short')) })
  assert.deepEqual([longer.run.status, outcomes(longer.result)['README.md']], [1, 'disagrees'])
})
