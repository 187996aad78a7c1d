/** A first look at models in real stores: an S3-compatible server and an OCI registry on this machine. */
import assert from 'node:assert/strict'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { temporaryFolder, type Cleanable } from '../../src/testing/folders.ts'
import { jsonOf, ROOT, runTidewaiter } from '../cli/program.ts'
import { CACHE } from './packages.ts'

const MOTO = '5.2.5'
const WEIGHTS = readFileSync(join(ROOT, 'examples/oak/model.safetensors'))
const PICKLE = readFileSync(join(ROOT, 'examples/pickle/cargo.pkl'))

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function waitFor(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    )
    if (answered) return
    await setTimeout(100)
  }
  assert.fail(`${url} does not answer`)
}

function keepUntilEnd(context: Cleanable, child: ChildProcess): void {
  context.after(() => child.kill('SIGKILL'))
}

/** The program of moto, in a virtual environment of the cache; or why it is not to be had. */
function findMoto(): { readonly moto: string; readonly skip: false } | { readonly skip: string } {
  const folder = join(CACHE, `moto-${MOTO}`)
  const moto = join(folder, 'bin/moto_server')
  if (existsSync(moto)) return { moto, skip: false }
  try {
    mkdirSync(CACHE, { recursive: true })
    const options = { stdio: 'pipe', timeout: 600_000 } as const
    execFileSync('python3', ['-m', 'venv', folder], options)
    execFileSync(join(folder, 'bin/pip'), ['install', '--quiet', `moto[server,s3]==${MOTO}`], options)
    return { moto, skip: false }
  } catch (thrown) {
    return { skip: `moto cannot be installed: ${(thrown as Error).message.slice(0, 200)}` }
  }
}

const found = findMoto()

test('peek looks at an object of an S3-compatible store by a signed address', { skip: found.skip }, async (context) => {
  assert.ok('moto' in found)
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  keepUntilEnd(context, spawn(found.moto, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' }))
  await waitFor(endpoint)
  for (const [path, body] of [
    ['models', undefined],
    ['models/a/oak.safetensors', WEIGHTS],
    ['models/cargo.pkl', PICKLE],
  ] as const) {
    const answer = await fetch(`${endpoint}/${path}`, {
      method: 'PUT',
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request' },
      ...(body === undefined ? {} : { body }),
    })
    assert.equal(answer.status, 200)
  }
  const env = { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'secret' }
  const good = jsonOf(
    await runTidewaiter(['peek', 's3://models/a/oak.safetensors', '--format', 'json', '--quiet'], { env }),
  )
  assert.deepEqual([good.verdict, good.files[0].path, good.files[0].seen], ['pending', 'oak.safetensors', true])
  assert.ok(good.files[0].bytes < WEIGHTS.length / 2)
  const other = await runTidewaiter(['peek', 's3://models/cargo.pkl', '--format', 'json', '--quiet'], { env })
  assert.notEqual(jsonOf(other).verdict, 'pending')
})

const registry = '/usr/bin/docker-registry'
const skip = existsSync(registry) ? false : 'docker-registry is not on this machine'

async function startRegistry(context: Cleanable): Promise<string> {
  const folder = temporaryFolder(context)
  const port = await freePort()
  const config = join(folder, 'config.yml')
  const settings = [
    'version: 0.1',
    `storage: {filesystem: {rootdirectory: ${JSON.stringify(join(folder, 'data'))}}}`,
    `http: {addr: "127.0.0.1:${port}"}`,
    'log: {level: error}',
  ]
  writeFileSync(config, `${settings.join('\n')}\n`)
  keepUntilEnd(context, spawn(registry, ['serve', config], { stdio: 'ignore', env: { OTEL_TRACES_EXPORTER: 'none' } }))
  await waitFor(`http://127.0.0.1:${port}/v2/`)
  return `127.0.0.1:${port}`
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

async function pushBlob(base: string, bytes: Uint8Array): Promise<string> {
  const begun = await fetch(`${base}/blobs/uploads/`, { method: 'POST' })
  const location = new URL(begun.headers.get('location') ?? '', base)
  location.searchParams.set('digest', digestOf(bytes))
  const headers = { 'content-type': 'application/octet-stream' }
  assert.equal((await fetch(location, { method: 'PUT', headers, body: bytes })).status, 201)
  return digestOf(bytes)
}

test('peek looks at the layers of an artefact in an OCI registry', { skip }, async (context) => {
  const host = await startRegistry(context)
  const base = `http://${host}/v2/example/oak`
  const config = Buffer.from('{}')
  await pushBlob(base, config)
  const layer = async (title: string, bytes: Uint8Array) => ({
    mediaType: 'application/octet-stream',
    digest: await pushBlob(base, bytes),
    size: bytes.length,
    annotations: { 'org.opencontainers.image.title': title },
  })
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(config), size: config.length },
    layers: [await layer('model.safetensors', WEIGHTS), await layer('../escape.pkl', PICKLE)],
  }
  const body = JSON.stringify(manifest)
  const headers = { 'content-type': manifest.mediaType }
  assert.equal((await fetch(`${base}/manifests/v1`, { method: 'PUT', headers, body })).status, 201)
  for (const ref of [`oci:${host}/example/oak:v1`, `oci:${host}/example/oak@${digestOf(Buffer.from(body))}`]) {
    const value = jsonOf(await runTidewaiter(['peek', ref, '--format', 'json', '--quiet']))
    assert.equal(value.pin, digestOf(Buffer.from(body)))
    assert.deepEqual(value.files.map(({ path, seen }: { path: string; seen: boolean }) => [path, seen]).slice(0, 1), [
      ['model.safetensors', true],
    ])
    assert.equal(value.files[1].path, 'layer-1')
    assert.ok(value.files[0].bytes < WEIGHTS.length / 2)
  }
})
