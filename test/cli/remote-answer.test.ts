/** A first answer from ranged reads of a model that is not here. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder, type Cleanable } from '../../src/testing/folders.ts'
import { startHub, type TestHub } from '../../src/testing/hub-server.ts'
import { assertFault, jsonOf, ROOT, runTidewaiter, type Run } from './program.ts'
import { assertContract } from './schemas.ts'

const FILES = ['README.md', 'config.json', 'model.safetensors', 'tokenizer.json']

async function hubOf(context: Cleanable, example: string): Promise<TestHub> {
  const files = FILES.map((name) => [name, readFileSync(join(ROOT, 'examples', example, name))] as const)
  return startHub(context, { id: 'org/name', files: new Map(files), large: ['model.safetensors'] })
}

function run(hub: TestHub, folder: string, words: readonly string[]): Promise<Run> {
  const env = { HF_ENDPOINT: hub.url, TMPDIR: folder }
  return runTidewaiter([...words, '--remote', '--home', folder, '--quiet'], { env })
}

test('compare --remote finds a child at a hub kin by ranges, says what it read, and leaves nothing behind', async (context) => {
  const [hub, folder] = [await hubOf(context, 'oak-sft'), temporaryFolder(context)]
  const answered = await run(hub, folder, ['compare', 'hf:org/name', 'examples/oak', '--format', 'json'])
  assert.equal(answered.status, 0, answered.stderr)
  const value = jsonOf(answered)
  assertContract('comparison', value)
  assert.deepEqual([value['verdict'], value['direction']], ['common-origin', 'open'])
  const [a, b] = value['firstAnswer'] as [Record<string, number>, Record<string, number>]
  const config = hub.seen.filter(({ url, headers }) => url.endsWith('config.json') && headers.range !== undefined)
  assert.equal(a['requests'], hub.seen.filter(({ server }) => server === 'storage').length + config.length)
  assert.ok((a['requests'] ?? 0) < 64 && (a['bytes'] ?? 0) <= (a['size'] ?? 0))
  assert.equal(b['requests'], 0)
  assert.ok(hub.seen.every(({ url, headers }) => !url.includes('safetensors') || headers.range !== undefined))
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('tidewaiter-')),
    [],
  )
})

test('trace --remote orders what it is held against, finds nothing in a stranger, and names no merge', async (context) => {
  const [hub, folder] = [await hubOf(context, 'oak-sft'), temporaryFolder(context)]
  const words = ['trace', 'hf:org/name', '--against', 'examples/birch', '--against', 'examples/oak']
  const answered = await run(hub, folder, [...words, '--format', 'json'])
  assert.equal(answered.status, 0, answered.stderr)
  const value = jsonOf(answered)
  assertContract('trace', value)
  const candidates = value['candidates'] as { artefact: { ref: string }; verdict: string }[]
  assert.deepEqual(
    candidates.map(({ artefact, verdict }) => [artefact.ref, verdict]),
    [
      ['examples/oak', 'common-origin'],
      ['examples/birch', 'no-weight-evidence'],
    ],
  )
})

test('compare --remote refuses models that are all here, servers without ranges, and trace without --against', async (context) => {
  const [hub, folder] = [await hubOf(context, 'oak'), temporaryFolder(context)]
  assert.equal((await run(hub, folder, ['compare', 'examples/oak', 'examples/birch'])).status, 2)
  assert.equal((await run(hub, folder, ['trace', 'hf:org/name'])).status, 2)
  hub.plant('model.safetensors', { kind: 'ignore-range' })
  assertFault(await run(hub, folder, ['compare', 'hf:org/name', 'examples/oak']), 'remote-no-ranges')
})
