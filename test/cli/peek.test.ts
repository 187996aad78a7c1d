/** A first look at models that are not here. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder, type Cleanable } from '../../src/testing/folders.ts'
import { startHub } from '../../src/testing/hub-server.ts'
import { assertFault, jsonOf, ROOT, runTidewaiter, type Run } from './program.ts'
import { assertContract } from './schemas.ts'

const OAK = ['README.md', 'config.json', 'model.safetensors', 'tokenizer.json']
const BAD_PICKLE = Buffer.from('\x80\x02cos\nsystem\nX\x02\x00\x00\x00idq\x01\x85q\x02Rq\x03.', 'latin1')

/** Everything but this range is never sent, so that a file of any size costs nothing. */
interface Huge {
  readonly size: number
  bytes(from: number, to: number): Uint8Array
}

type Answer = (
  range: readonly [number, number] | undefined,
  request: IncomingMessage,
) => {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: Uint8Array
}

async function serve(context: Cleanable, answer: Answer): Promise<string> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    const range = from === undefined || to === undefined ? undefined : ([Number(from), Number(to) + 1] as const)
    const { status, headers = {}, body = new Uint8Array(0) } = answer(range, request)
    response.writeHead(status, { 'content-length': body.length, ...headers }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function ranged({ size, bytes }: Huge, etag = '"one"'): Answer {
  return (range) => {
    const [from, wanted] = range ?? [0, size]
    const to = Math.min(size, wanted)
    const headers = { etag, 'content-range': `bytes ${from}-${to - 1}/${size}` }
    return { status: 206, headers, body: bytes(from, to) }
  }
}

function whole(bytes: Uint8Array): Huge {
  return { size: bytes.length, bytes: (from, to) => bytes.subarray(from, to) }
}

function peek(ref: string, env: Readonly<Record<string, string>> = {}, ...more: readonly string[]): Promise<Run> {
  return runTidewaiter(['peek', ref, '--format', 'json', '--quiet', ...more], { env })
}

test('peek looks at a model on a hub, pins its commit and clears nothing', async (context) => {
  const files = new Map(OAK.map((name) => [name, readFileSync(join(ROOT, 'examples/oak', name))]))
  const hub = await startHub(context, { id: 'example/oak', files, large: ['model.safetensors'] })
  const run = await peek('hf:example/oak', { HF_ENDPOINT: hub.url })
  const value = jsonOf(run)
  assertContract('peek', value)
  assert.deepEqual([run.status, value.verdict, value.pin], [0, 'pending', hub.commit])
  const weights = value.files.find(({ path }: { path: string }) => path === 'model.safetensors')
  assert.deepEqual([weights.seen, weights.requests], [true, 2])
  assert.ok(weights.bytes <= 256 * 1024)
  const text = await runTidewaiter(['peek', 'hf:example/oak'], { env: { HF_ENDPOINT: hub.url } })
  assert.match(text.stdout, /PENDING\. Nothing that was seen speaks against fetching it\. Nothing is cleared/)
})

test('peek rejects by what a few pages show', async (context) => {
  const files = new Map([
    ['weights.pkl', BAD_PICKLE],
    ['config.json', readFileSync(join(ROOT, 'examples/oak/config.json'))],
  ])
  const hub = await startHub(context, { id: 'a/b', files, large: [] })
  const run = await peek('hf:a/b', { HF_ENDPOINT: hub.url })
  const value = jsonOf(run)
  assert.deepEqual([run.status, value.verdict], [30, 'rejected'])
  assert.ok(value.findings.some(({ rule }: { rule: string }) => rule === 'TW-PKL-01'))
  const chosen = await peek('hf:a/b', { HF_ENDPOINT: hub.url }, '--only', 'config.json')
  assert.equal(jsonOf(chosen).verdict, 'pending')
  assertFault(await peek('hf:a/b', { HF_ENDPOINT: hub.url }, '--only', 'nothing'), 'usage', 2)
})

test('peek reads the header of a 100 GB file in four requests and 256 KB', async (context) => {
  const length = 100e9
  const header = Buffer.from(JSON.stringify({ w: { dtype: 'U8', shape: [length], data_offsets: [0, length] } }))
  const begin = Buffer.alloc(8)
  begin.writeBigUInt64LE(BigInt(header.length))
  const start = Buffer.concat([begin, header])
  const bytes = (from: number, to: number): Uint8Array => {
    const part = new Uint8Array(to - from)
    part.set(start.subarray(from, to))
    return part
  }
  const url = await serve(context, ranged({ size: start.length + length, bytes }))
  const value = jsonOf(await peek(`${url}/model.safetensors`))
  const [file] = value.files
  assert.deepEqual([value.verdict, file.seen, file.size], ['pending', true, start.length + length])
  assert.ok(file.requests <= 4 && file.bytes <= 256 * 1024, `${file.requests} requests, ${file.bytes} bytes`)
})

test('peek does not fetch a whole file from a server that knows no ranges', async (context) => {
  let sent = 0
  const url = await serve(context, () => {
    sent += 1
    return { status: 200, headers: { etag: '"a"' }, body: new Uint8Array(10) }
  })
  assertFault(await peek(`${url}/model.gguf`), 'remote-no-ranges')
  assert.equal(sent, 1)
})

test('peek wants parts to be of one content', async (context) => {
  const file = whole(readFileSync(join(ROOT, 'examples/oak/model.safetensors')))
  const weak = await serve(context, ranged(file, 'W/"one"'))
  assertFault(await peek(`${weak}/model.safetensors`), 'remote-unbound')
  let asked = 0
  const changing = await serve(context, (range, request) => ranged(file, `"${(asked += 1)}"`)(range, request))
  const run = jsonOf(await peek(`${changing}/model.safetensors`))
  assert.equal(run.verdict, 'inconclusive')
  assert.match(JSON.stringify(run.findings), /changed while it was looked at/)
})

test('peek believes no range that it did not ask for', async (context) => {
  const file = whole(readFileSync(join(ROOT, 'examples/oak/model.safetensors')))
  const shifted = await serve(context, () => ({
    status: 206,
    headers: { etag: '"a"', 'content-range': `bytes 5-9/${file.size}` },
    body: file.bytes(5, 10),
  }))
  assertFault(await peek(`${shifted}/model.safetensors`), 'remote-protocol')
})

test('peek does not follow a server into the network of this machine', async (context) => {
  const url = await serve(context, () => ({ status: 302, headers: { location: 'http://[::1]:1/latest' } }))
  assertFault(await peek(`${url}/model.gguf`), 'remote-forbidden')
})

test('peek leaves nothing behind and refuses what is on this machine', async (context) => {
  const folder = temporaryFolder(context)
  const file = whole(BAD_PICKLE)
  const url = await serve(context, ranged(file))
  await peek(`${url}/a.pkl`, { TMPDIR: folder })
  assert.deepEqual(existsSync(folder) && readdirSync(folder), [])
  assertFault(await peek('examples/oak'), 'bad-reference', 2)
  assertFault(await peek('s3://Bad_Bucket/x'), 'bad-reference', 2)
  assertFault(await peek('oci:nothing'), 'bad-reference', 2)
})
