import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { isFault, sha256 } from '../base/index.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { type HubFault, startHub, type TestHub } from '../testing/hub-server.ts'
import { openArtefact, parseReference, type OpenOptions } from './index.ts'

const MODEL = 'model.safetensors'
const BYTES = randomBytes(3_000_000)
const FILES = new Map<string, Uint8Array>([[MODEL, BYTES]])

interface Harbour {
  readonly hub: TestHub
  readonly waits: number[]
  /** Names under `blobs` and the snapshot: what stands under a final name. */
  finalNames(): readonly string[]
  /** Bytes of the one part. */
  partLength(): number
  open(options?: Partial<OpenOptions>): ReturnType<typeof openArtefact>
}

async function arrive(context: TestContext, environment: Record<string, string> = {}): Promise<Harbour> {
  const hub = await startHub(context, { id: 'org/name', files: FILES, large: [MODEL] })
  const cacheFolder = join(temporaryFolder(context), 'cache')
  const waits: number[] = []
  const list = (name: string) =>
    existsSync(join(cacheFolder, name))
      ? readdirSync(join(cacheFolder, name), { recursive: true, encoding: 'utf8' })
      : []
  return {
    hub,
    waits,
    finalNames: () => [...list('blobs'), ...list('snapshots').filter((name) => name.endsWith(MODEL))],
    partLength: () =>
      list('parts')
        .filter((name) => name.endsWith('.part'))
        .reduce((sum, name) => sum + statSync(join(cacheFolder, 'parts', name)).size, 0),
    open: (options = {}) =>
      openArtefact(parseReference('hf:org/name'), {
        cacheFolder,
        environment: { HF_ENDPOINT: hub.url, ...environment },
        sleep: async (ms) => void waits.push(ms),
        stallAfter: 5000,
        ...options,
      }),
  }
}

const hubError = (status: number, code?: string, message?: string): HubFault => ({
  kind: 'status',
  status,
  headers: {
    ...(code !== undefined && { 'x-error-code': code }),
    ...(message !== undefined && { 'x-error-message': message }),
  },
})

const REFUSALS: readonly (readonly [string, HubFault, string, RegExp])[] = [
  [
    'revision',
    hubError(401, 'RepoNotFound', 'Repository not found'),
    'remote-no-repository',
    /no repository org\/name, or .*set HF_TOKEN \(HTTP 401: Repository not found\)$/,
  ],
  ['revision', hubError(401), 'remote-unauthorised', /wants a token: set HF_TOKEN/],
  [
    'revision',
    hubError(403, 'GatedRepo', 'Held at border D-2026-0042'),
    'remote-gated',
    /org\/name is gated: ask for access .* \(HTTP 403: Held at border D-2026-0042\)$/,
  ],
  ['revision', hubError(404, 'RevisionNotFound'), 'remote-no-revision', /has no revision main/],
  ['revision', hubError(451, 'RevisionNotFound', 'banned'), 'remote-no-revision', /HTTP 451: banned/],
  [
    'tree',
    { kind: 'status', status: 403, body: '{"error":"not for \\u001b[2J you"}' },
    'remote-forbidden',
    /\(HTTP 403: not for \\u\{1b\}\[2J you\)$/,
  ],
  [
    `resolve ${MODEL}`,
    hubError(404, 'EntryNotFound'),
    'remote-no-file',
    /org\/name at .* has no file model\.safetensors/,
  ],
  [MODEL, hubError(404), 'remote-not-found', /does not have org\/name \(HTTP 404/],
  ['tree', { kind: 'status', status: 200, body: 'not json' }, 'remote-protocol', /no JSON/],
]

for (const [route, fault, code, message] of REFUSALS) {
  test(`openArtefact() says what ${route.split(' ')[0]} refused by ${code} means, and tries once`, async (context) => {
    const { hub, waits, open, finalNames } = await arrive(context)
    hub.plant(route, fault)
    await assert.rejects(open(), { code, message })
    assert.deepEqual(waits, [])
    assert.deepEqual(finalNames(), [])
  })
}

test('openArtefact() says that a token is not enough when there is one', async (context) => {
  const { hub, open } = await arrive(context, { HF_TOKEN: 'hf_x' })
  hub.plant('revision', hubError(401))
  await assert.rejects(
    open(),
    (fault: Error) => fault.message.includes('the token does not give access') && !fault.message.includes('hf_x'),
  )
})

test('openArtefact() waits as long as a busy hub asks, and goes on', async (context) => {
  const { hub, waits, open } = await arrive(context)
  hub.plant('revision', [{ kind: 'status', status: 429, headers: { 'retry-after': '7' } }])
  hub.plant('tree', [{ kind: 'status', status: 429, headers: { ratelimit: '"api";r=0;t=55' } }])
  hub.plant(MODEL, [hubError(503), hubError(503)])
  assert.equal((await open()).artefact.files.length, 1)
  assert.deepEqual(waits, [7000, 55_000, 1000, 2000])
})

test('openArtefact() gives up on a hub that keeps failing, or asks for too long a wait', async (context) => {
  const { hub, waits, open } = await arrive(context)
  hub.plant('revision', hubError(500, undefined, 'out of order'))
  await assert.rejects(open(), { code: 'remote-failed', message: /HTTP 500: out of order\); tried 5 times/ })
  assert.deepEqual(waits, [1000, 2000, 4000, 8000])
  hub.plant('revision', { kind: 'status', status: 429, headers: { 'retry-after': '7200' } })
  await assert.rejects(open(), { code: 'remote-busy', message: /wait 120 minutes/ })
})

test('openArtefact() refuses wrong bytes and keeps nothing of them', async (context) => {
  const { hub, open, finalNames, partLength } = await arrive(context)
  hub.plant(MODEL, { kind: 'bytes', bytes: BYTES.toReversed() })
  await assert.rejects(open(), {
    code: 'wrong-bytes',
    message: new RegExp(`^${MODEL}: SHA-256 ${sha256(BYTES)} was declared`),
  })
  assert.deepEqual(finalNames(), [])
  assert.equal(partLength(), 0)
})

test('openArtefact() refuses a wrong length at once and keeps nothing', async (context) => {
  for (const bytes of [BYTES.subarray(1), Buffer.concat([BYTES, BYTES])]) {
    const { hub, open, finalNames, partLength } = await arrive(context)
    hub.plant(MODEL, { kind: 'bytes', bytes })
    await assert.rejects(open(), { code: 'wrong-length', message: new RegExp(`${BYTES.length} bytes were declared`) })
    assert.deepEqual(finalNames(), [])
    assert.equal(partLength(), 0)
  }
})

/** What the system had received but not yet handed over is lost when a connection is cut: the rest begins at or before the cut. */
function assertResumed(range: string | undefined, cut: number): void {
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1])
  assert.ok(from > 0 && from <= cut, `${range} after a cut at ${cut}`)
}

test('openArtefact() goes on where a connection was cut, with one request for the rest', async (context) => {
  const { hub, open } = await arrive(context)
  hub.plant(MODEL, [{ kind: 'cut', after: 1_234_567 }])
  assert.equal((await open()).artefact.files[0]?.sha256, sha256(BYTES))
  const ranges = hub.seen.filter(({ server }) => server === 'storage').map(({ headers }) => headers)
  assert.equal(ranges.length, 2)
  assertResumed(ranges[1]?.range, 1_234_567)
  assert.match(String(ranges[1]?.['if-range']), /^"[0-9a-f]{16}"$/)
})

test('openArtefact() begins again at a server that ignores ranges or sends another one', async (context) => {
  const cut: HubFault = { kind: 'cut', after: 1_000_000 }
  const { length } = BYTES
  const otherRange = { 'content-range': `bytes 5-${length - 1}/${length}` }
  const faults: readonly HubFault[] = [{ kind: 'ignore-range' }, { kind: 'headers', headers: otherRange }]
  for (const fault of faults) {
    const { hub, open } = await arrive(context)
    hub.plant(MODEL, [cut, fault])
    assert.equal((await open()).artefact.files[0]?.sha256, sha256(BYTES))
    const ranges = hub.seen.filter(({ server }) => server === 'storage').map(({ headers }) => headers.range)
    assert.equal(ranges[0], undefined)
    assertResumed(ranges[1], 1_000_000)
    assert.deepEqual(ranges.slice(2), fault.kind === 'headers' ? [undefined] : [])
  }
})

test('openArtefact() gives up a connection that stays silent', async (context) => {
  const { hub, open, waits, finalNames } = await arrive(context)
  hub.plant(MODEL, { kind: 'stall' })
  await assert.rejects(open({ stallAfter: 300 }), { code: 'remote-stalled' })
  assert.equal(waits.length, 4)
  assert.deepEqual(finalNames(), [])
})

test('openArtefact() stops at a signal in every stage, leaves no final name, and goes on later', async (context) => {
  const { hub, open, finalNames, partLength } = await arrive(context)
  for (const stage of ['revision', 'tree', 'file', 'wait'] as const) {
    const controller = new AbortController()
    const fetchAndStop: OpenOptions['fetch'] = async (url, init) => {
      if (url.includes(`/${stage}/`)) controller.abort()
      return fetch(url, init)
    }
    const sleep: OpenOptions['sleep'] = async (_, signal) => {
      controller.abort()
      signal?.throwIfAborted()
    }
    const onProgress: OpenOptions['onProgress'] = ({ done }) => stage === 'file' && done > 0 && controller.abort()
    if (stage === 'wait') hub.plant(MODEL, [hubError(503)])
    const options = { signal: controller.signal, fetch: fetchAndStop, sleep, onProgress }
    await assert.rejects(open(options), { code: 'aborted' }, stage)
    assert.deepEqual(finalNames(), [], stage)
  }
  const kept = partLength()
  assert.ok(kept > 0)
  hub.seen.length = 0
  await open()
  assert.equal(hub.seen.find(({ server }) => server === 'storage')?.headers.range, `bytes=${kept}-`)
})

test('openArtefact() follows no redirect from https to http, and none to another scheme', async (context) => {
  const { hub, open } = await arrive(context)
  const redirect = (location: string): HubFault => ({ kind: 'status', status: 302, headers: { location } })
  hub.plant('revision', redirect('file:///etc/passwd'))
  await assert.rejects(open(), { code: 'remote-protocol' })
  hub.plant('revision', redirect('/api/models/org/name/revision/main'))
  await assert.rejects(open(), { code: 'remote-protocol', message: /more than 5 redirects/ })
  const secure: OpenOptions['fetch'] = async () =>
    new Response(null, { status: 302, headers: { location: 'http://a.example/' } })
  const environment = { HF_ENDPOINT: 'https://hub.example' }
  await assert.rejects(open({ fetch: secure, environment }), { code: 'remote-downgrade' })
})

test('openArtefact() follows the list of files to no other host', async (context) => {
  const { hub, open } = await arrive(context)
  const headers = { link: `<${hub.storageUrl}/tree>; rel="next"`, 'content-type': 'application/json' }
  hub.plant('tree', { kind: 'status', status: 200, headers, body: '[]' })
  await assert.rejects(open(), { code: 'remote-protocol', message: /another host/ })
})

test('openArtefact() says which host is not there', async (context) => {
  const { open } = await arrive(context)
  await assert.rejects(open({ environment: { HF_ENDPOINT: 'http://127.0.0.1:1' } }), (thrown) => {
    return isFault(thrown, 'remote-unreachable') && thrown.message.includes('127.0.0.1:1 cannot be reached')
  })
})

test('openArtefact() refuses a list of files that is malformed', async (context) => {
  const entries = [
    { type: 'file', path: 1 },
    { type: 'file', path: 'a', size: -1, oid: 'ab'.repeat(20) },
    { type: 'file', path: 'a', size: 1, oid: 'x' },
  ]
  for (const entry of [...entries, null, { type: 'file', path: 'a', lfs: { oid: 'x', size: 1 } }]) {
    const { hub, open } = await arrive(context)
    hub.plant('tree', { kind: 'status', status: 200, body: JSON.stringify([entry]) })
    await assert.rejects(open(), { code: 'remote-protocol', message: /malformed/ }, JSON.stringify(entry))
  }
})
