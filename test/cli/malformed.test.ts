/** Broken and hostile files, one by one and many at once: nothing of them is ever taken for read. */
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { measureChild } from '../../bench/measuring/child.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { buildGguf } from '../../src/testing/gguf.ts'
import { f32Tensor, safetensorsOf, writeSafetensors } from '../../src/testing/safetensors.ts'
import { assertNothingDecided, dossiersOf, homeWithRegister } from './home.ts'
import { assertFault, jsonOf, ROOT, runTidewaiter } from './program.ts'

/** A small right file of each format, of which every byte matters. */
const WHOLE = {
  safetensors: writeSafetensors([
    f32Tensor(
      'a.weight',
      [2, 4],
      Array.from({ length: 8 }, (_, i) => i - 3.5),
    ),
    f32Tensor('b.weight', [3], [1, 2, 3]),
  ]),
  gguf: buildGguf({
    metadata: [
      ['general.architecture', 'string', 'llama'],
      ['general.license', 'string', 'mit'],
      ['llama.block_count', 'u32', 1],
      ['tokenizer.ggml.tokens', 'array', { of: 'string', items: ['a', 'b'] }],
    ],
    tensors: [
      { name: 'a.weight', type: 'f32', shape: [2, 4], data: new Uint8Array(32).fill(1) },
      { name: 'b.weight', type: 'q4_0', shape: [32, 32], data: new Uint8Array(32 * 18).fill(1) },
    ],
  }),
} as const

interface Judged {
  readonly path: string
  readonly verdict: string
}

for (const format of ['safetensors', 'gguf'] as const) {
  test(`inspect takes no ${format} file for read that ends too early, wherever it is cut`, async (context) => {
    const folder = temporaryFolder(context)
    const whole = WHOLE[format]
    for (let length = 0; length < whole.length; length++)
      writeFileSync(join(folder, `cut-${String(length).padStart(4, '0')}.${format}`), whole.subarray(0, length))
    writeFileSync(join(folder, `whole.${format}`), whole)
    const run = await runTidewaiter(['inspect', folder, '--format', 'json', '--quiet'])
    assert.equal(run.status, 30)
    assert.equal(run.stderr, '')
    const { files, findings } = jsonOf(run)
    assert.equal(files.length, whole.length + 1)
    for (const { path, verdict } of files as Judged[]) {
      if (path === `whole.${format}`)
        assert.ok(['no-finding', 'proved'].includes(verdict), `the whole file is ${verdict}`)
      else {
        assert.ok(['defect', 'inconclusive'].includes(verdict), `${path} is ${verdict}`)
        assert.ok(
          findings.some((finding: Judged) => finding.path === path),
          `no finding speaks of ${path}`,
        )
      }
    }
  })
}

test('clear refuses a model that was cut short, with a whole dossier that says so', async (context) => {
  const folder = join(temporaryFolder(context), 'oak')
  cpSync(join(ROOT, 'examples/oak'), folder, { recursive: true })
  truncateSync(join(folder, 'model.safetensors'), 300_000)
  const home = await homeWithRegister(context)
  const run = await runTidewaiter(['clear', folder, '--home', home, '--format', 'json'])
  assert.equal(run.status, 30, run.stderr)
  const { decision, channel, reasons, certificate } = jsonOf(run)
  assert.deepEqual({ decision, channel }, { decision: 'refused', channel: 'red' })
  assert.ok(JSON.stringify(reasons).includes('model.safetensors'))
  assert.deepEqual(dossiersOf(home), [certificate.number])
})

const HUGE = 2n ** 60n
const HUGE_FILES: readonly (readonly [string, Uint8Array])[] = [
  ['header.safetensors', Buffer.concat([bigEndianFree(HUGE), Buffer.from('{}')])],
  [
    'shape.safetensors',
    safetensorsOf(`{"a":{"dtype":"F32","shape":[${HUGE}],"data_offsets":[0,8]}}      `, new Uint8Array(8)),
  ],
  [
    'span.safetensors',
    safetensorsOf(`{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,${HUGE}]}}       `, new Uint8Array(8)),
  ],
  ['tensors.gguf', buildGguf({ tensorCount: HUGE })],
  ['entries.gguf', buildGguf({ entryCount: HUGE })],
  ['list.gguf', buildGguf({ metadata: [['a', 'array', { of: 'u8', items: [1], declared: HUGE }]] })],
  ['dimension.gguf', buildGguf({ tensors: [{ name: 'a', type: 'f32', shape: [HUGE], data: new Uint8Array(32) }] })],
  [
    'product.gguf',
    buildGguf({ tensors: [{ name: 'a', type: 'f32', shape: [2n ** 32n, 2n ** 32n], data: new Uint8Array(32) }] }),
  ],
  ['offset.gguf', buildGguf({ tensors: [{ name: 'a', type: 'f32', shape: [8], offset: HUGE }] })],
]

function bigEndianFree(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}

test('inspect finds a defect in each file that declares 2^60 of something, and reserves no memory for it', async (context) => {
  const folder = temporaryFolder(context)
  for (const [name, bytes] of HUGE_FILES) writeFileSync(join(folder, name), bytes)
  const cost = await measureChild(join(ROOT, 'bin/tidewaiter'), ['inspect', folder, '--format', 'json'])
  assert.equal(cost.status, 30)
  const verdicts = (JSON.parse(cost.stdout).files as Judged[]).map(({ path, verdict }) => `${path} ${verdict}`)
  assert.deepEqual(verdicts, HUGE_FILES.map(([name]) => `${name} defect`).toSorted())
  assert.ok(cost.peakMemory < 600 * 2 ** 20, `${cost.peakMemory} bytes`)
})

const MILLION = 1_000_000
/** Number of the type of 8-bit integers in GGUF. */
const I8 = 24

function millionInSafetensors(): Uint8Array {
  const entries = Array.from({ length: MILLION }, (_, i) => `"${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`)
  return safetensorsOf(`{${entries.join(',')}}`)
}

/** A right file: empty metadata but for the architecture, then a million tensors of 32 bytes. */
function millionInGguf(): Uint8Array {
  const head = buildGguf({ metadata: [['general.architecture', 'string', 'llama']], tensorCount: MILLION })
  const infos = Buffer.alloc(MILLION * 39)
  for (let i = 0; i < MILLION; i++) {
    let at = infos.writeBigUInt64LE(7n, i * 39)
    at += infos.write(String(i).padStart(7, '0'), at)
    at = infos.writeUInt32LE(1, at)
    at = infos.writeBigUInt64LE(32n, at)
    at = infos.writeUInt32LE(I8, at)
    infos.writeBigUInt64LE(BigInt(i * 32), at)
  }
  const padding = Buffer.alloc((32 - ((head.length + infos.length) % 32)) % 32)
  return Buffer.concat([head, infos, padding, Buffer.alloc(MILLION * 32)])
}

for (const [name, make] of [
  ['million.safetensors', millionInSafetensors],
  ['million.gguf', millionInGguf],
] as const) {
  test(`inspect reads a million tensors (${name}) or says that it did not, in bounded memory`, async (context) => {
    const path = join(temporaryFolder(context), name)
    writeFileSync(path, make())
    const cost = await measureChild(join(ROOT, 'bin/tidewaiter'), ['inspect', path, '--format', 'json'])
    context.diagnostic(`${cost.cpu} s, ${Math.round(cost.peakMemory / 2 ** 20)} MiB, exit code ${cost.status}`)
    const { files, verdict } = JSON.parse(cost.stdout)
    const all = /^open +1 of 1 files read in full, 1000000 tensors/m.test(cost.stderr)
    assert.equal(files[0].reading === 'full', all, cost.stderr)
    assert.ok(all || verdict === 'inconclusive' || verdict === 'defect', `${verdict} without having read it`)
    assert.ok(cost.peakMemory < 1500 * 2 ** 20, `${cost.peakMemory} bytes`)
  })
}

test('clear refuses a reference that holds no file, in one line, and decides nothing', async (context) => {
  const folder = temporaryFolder(context)
  const home = join(folder, 'home')
  mkdirSync(join(folder, 'empty'))
  const run = (ref: string) => runTidewaiter(['clear', ref, '--home', home, '--quiet'])
  assertFault(await run(join(folder, 'empty')), 'empty-artefact')
  assertFault(await run(join(folder, 'absent')), 'no-such-path')
  assertFault(await run('/dev/zero'), 'not-a-file')
  assertNothingDecided(home)
})

test('clear does not clear an empty file', async (context) => {
  const folder = temporaryFolder(context)
  const path = join(folder, 'model.safetensors')
  writeFileSync(path, '')
  const home = await homeWithRegister(context)
  const run = await runTidewaiter(['clear', path, '--home', home, '--format', 'json'])
  assert.ok(run.status === 20 || run.status === 30, `exit code ${run.status}`)
  assert.notEqual(jsonOf(run).channel, 'green')
  assert.equal(readFileSync(path).length, 0)
})
