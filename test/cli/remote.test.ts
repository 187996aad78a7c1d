/** Models from a hub that answers wrongly, late or not at all. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { temporaryFolder, type Cleanable } from '../../src/testing/folders.ts'
import { startHub, type HubFault, type TestHub } from '../../src/testing/hub-server.ts'
import { assertNothingDecided, dossiersOf, homeWithRegister } from './home.ts'
import { assertFault, jsonOf, ROOT, runTidewaiter, startTidewaiter } from './program.ts'

const REF = 'hf:example/oak'
const NAMES = ['README.md', 'config.json', 'model.safetensors', 'tokenizer.json']
const LARGE = 'model.safetensors'

function startOakHub(context: Cleanable, token?: string): Promise<TestHub> {
  const files = new Map(NAMES.map((name) => [name, readFileSync(join(ROOT, 'examples/oak', name))]))
  const repository = { id: 'example/oak', files, large: [LARGE] }
  return startHub(context, repository, token === undefined ? {} : { token })
}

/** Files under a final name are whole: each is called by its digest. */
function assertStoreWhole(home: string): void {
  for (const path of globSync(join(home, 'downloads/**/blobs/*'))) {
    const [, kind, digest] = /(sha256|git)-([0-9a-f]+)$/.exec(path) ?? []
    const bytes = readFileSync(path)
    const found =
      kind === 'sha256'
        ? createHash('sha256').update(bytes).digest('hex')
        : createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
    assert.equal(found, digest, path)
  }
}

test('clear takes a model from a hub, pins its commit, and gives it the identity that the folder has', async (context) => {
  const hub = await startOakHub(context)
  const home = await homeWithRegister(context)
  const env = { HF_ENDPOINT: hub.url }
  const run = await runTidewaiter(['clear', REF, '--home', home, '--format', 'json', '--quiet'], { env })
  assert.equal(run.status, 0, run.stderr)
  const { artefact, dossier } = jsonOf(run)
  const local = jsonOf(await runTidewaiter(['inspect', 'examples/oak', '--format', 'json', '--quiet']))
  assert.equal(artefact.id, local.artefact.id)
  const { source } = JSON.parse(readFileSync(join(dossier.path, 'dossier.json'), 'utf8')).artefact
  assert.deepEqual([source.kind, source.location, source.commit], ['hub', 'example/oak', hub.commit])
  assertStoreWhole(home)
})

const FAULTS: readonly (readonly [what: string, route: string, fault: HubFault, code: RegExp])[] = [
  ['401 for the model', 'revision', { kind: 'status', status: 401 }, /^remote-/],
  ['404 for the model', 'revision', { kind: 'status', status: 404 }, /^remote-/],
  ['404 for a file', LARGE, { kind: 'status', status: 404 }, /^remote-/],
  ['429 and an hour to wait', 'tree', { kind: 'status', status: 429, headers: { 'retry-after': '3600' } }, /^remote-/],
  ['500 for ever', 'resolve config.json', { kind: 'status', status: 500 }, /^remote-/],
  ['fewer bytes than declared', LARGE, { kind: 'bytes', bytes: new Uint8Array(1000) }, /^wrong-length$/],
  ['other bytes than declared', LARGE, { kind: 'bytes', bytes: new Uint8Array(447_560) }, /^wrong-bytes$/],
  ['a file that ends in the middle', LARGE, { kind: 'cut', after: 1000 }, /^remote-/],
]

/** Together, because most of their time is waiting between tries. */
suite('faults of a hub', { concurrency: true }, () => {
  for (const [what, route, fault, code] of FAULTS) {
    test(`clear decides nothing when the hub answers ${what}`, async (context) => {
      const hub = await startOakHub(context)
      hub.plant(route, fault)
      const home = temporaryFolder(context)
      const run = await runTidewaiter(['clear', REF, '--home', home, '--quiet'], { env: { HF_ENDPOINT: hub.url } })
      assertFault(run, code)
      assertNothingDecided(home)
      assertStoreWhole(home)
    })
  }

  test('clear says in one line that there is no hub', async (context) => {
    const home = temporaryFolder(context)
    const env = { HF_ENDPOINT: 'http://127.0.0.1:9' }
    assertFault(await runTidewaiter(['clear', REF, '--home', home, '--quiet'], { env }), /^remote-/)
    assertNothingDecided(home)
  })
})

test('clear says that a token is wanted, and goes on where it was when it has one', async (context) => {
  const hub = await startOakHub(context, 'hf_right')
  const home = await homeWithRegister(context)
  const words = ['clear', REF, '--home', home, '--quiet']
  for (const token of [undefined, 'hf_wrong']) {
    const env = { HF_ENDPOINT: hub.url, ...(token === undefined ? {} : { HF_TOKEN: token }) }
    const run = await runTidewaiter(words, { env })
    assertFault(run, /^remote-/)
    assert.match(run.stderr, /token|HF_TOKEN/i)
    assert.doesNotMatch(run.stderr, /hf_wrong/)
  }
  const run = await runTidewaiter(words, { env: { HF_ENDPOINT: hub.url, HF_TOKEN: 'hf_right' } })
  assert.equal(run.status, 0, run.stderr)
  const toStorage = hub.seen.filter(({ server }) => server === 'storage')
  assert.ok(toStorage.length > 0)
  assert.ok(toStorage.every(({ headers }) => headers.authorization === undefined))
})

test('clear that is interrupted in a download leaves a part, and goes on with the rest', async (context) => {
  const hub = await startOakHub(context)
  hub.plant(LARGE, [{ kind: 'stall' }])
  const home = await homeWithRegister(context)
  const options = { env: { HF_ENDPOINT: hub.url } }
  const words = ['clear', REF, '--home', home, '--quiet']
  const running = startTidewaiter(words, options)
  // A hub that stalls sends one byte; the small files that come beside it have more.
  const begun = () =>
    globSync(join(home, 'downloads/parts/*.part')).some((path) => statSync(path, { throwIfNoEntry: false })?.size === 1)
  while (!begun()) await setTimeout(5)
  running.child.kill('SIGINT')
  const interrupted = await running.ended
  assert.equal(interrupted.status, 130)
  assert.match(interrupted.stderr, /^tidewaiter: interrupted; nothing was decided\..*\n$/)
  assertNothingDecided(home)
  assertStoreWhole(home)
  const run = await runTidewaiter(words, options)
  assert.equal(run.status, 0, run.stderr)
  assert.equal(dossiersOf(home).length, 1)
  const asked = hub.seen.findLast(({ server }) => server === 'storage')
  assert.match(asked?.headers.range ?? '', /^bytes=[1-9]\d*-$/, 'the rest is asked for, not the whole')
})
