import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { makeBase, writeModel } from '../../testing/zoo.ts'
import type { Fingerprint, TensorRecord } from './fingerprint.ts'
import { fingerprintModel } from './fingerprint-model.ts'
import { decodeFingerprint, encodeFingerprint } from './twf.ts'

async function sample(context: Parameters<typeof temporaryFolder>[0]): Promise<Fingerprint> {
  const { opened, facts } = await openModel(writeModel(temporaryFolder(context), makeBase(1)))
  return fingerprintModel(opened, facts, { threads: 0 })
}

/** Puts the right digest behind changed bytes, so that the reader goes on past it. */
function seal(bytes: Uint8Array): Uint8Array {
  const body = bytes.subarray(0, -32)
  return Buffer.concat([body, createHash('sha256').update(body).digest()])
}

function record(layer: number, role: TensorRecord['role'], shape: readonly [number, number]): TensorRecord {
  const [rows, columns] = shape
  const isMatrix = rows > 1
  const digests = { raw: '0123456789abcdef', canonical: 'fedcba9876543210' }
  return {
    role,
    bias: false,
    layer,
    parts: 1,
    type: 'BF16',
    rows,
    columns,
    ...digests,
    rms: 0.02,
    zeros: 0,
    sketch: isMatrix ? new Uint8Array(32).fill(layer) : null,
  }
}

const [WIDTH, HIDDEN, KEYS] = [8192, 28672, 1024]
const SHAPES = [
  ['attention-norm', 1, WIDTH],
  ['mlp-norm', 1, WIDTH],
  ['q', WIDTH, WIDTH],
  ['k', KEYS, WIDTH],
  ['v', KEYS, WIDTH],
  ['o', WIDTH, WIDTH],
  ['gate', HIDDEN, WIDTH],
  ['up', HIDDEN, WIDTH],
  ['down', WIDTH, HIDDEN],
] as const

/** A fingerprint in the shape of a model of 70B parameters: 80 layers, 8,192 dimensions. */
function largeFingerprint(layers = 80): Fingerprint {
  const records = Array.from({ length: layers }, (_, layer) =>
    SHAPES.map(([role, rows, columns]) => record(layer, role, [rows, columns])),
  ).flat()
  const bitsPerView = 32
  const kitLayers = Array.from({ length: layers }, (_, layer) => ({
    layer,
    views: ['down', 'gate', 'up'] as const,
    bits: new Uint8Array(64 * 3 * 4),
  }))
  const gains = records
    .filter(({ rows }) => rows === 1)
    .map(({ role, layer }) => ({ role, bias: false, layer, sketch: new Int8Array(64) }))
  const kit = { width: HIDDEN, units: 64, inner: WIDTH, bitsPerView, layers: kitLayers }
  const residual = (['embedding', 'head'] as const).map((role) => ({
    role,
    vocabulary: 128_256,
    tokens: 512,
    dimensions: 64,
    bits: new Uint8Array(64 * 64),
  }))
  const digest = 'a'.repeat(64)
  const words = {
    schema: 'tidewaiter/fingerprint/v1',
    artefact: `tw1:${digest}`,
    seed: digest,
    family: 'llama',
    modelType: 'llama',
    insufficient: null,
    unread: 0,
  } as const
  return {
    ...words,
    width: WIDTH,
    layers,
    fileCount: 30,
    files: digest,
    root: digest,
    records: [
      ...records,
      record(-1, 'embedding', [128_256, WIDTH]),
      record(-1, 'head', [128_256, WIDTH]),
      record(-1, 'final-norm', [1, WIDTH]),
    ],
    kit,
    residual,
    gains,
  }
}

test('decodeFingerprint() gives back what encodeFingerprint() wrote, byte for byte', async (context) => {
  const fingerprint = await sample(context)
  const bytes = encodeFingerprint(fingerprint)
  assert.deepEqual(decodeFingerprint(bytes), fingerprint)
  assert.deepEqual(Buffer.from(encodeFingerprint(decodeFingerprint(bytes))), Buffer.from(bytes))
})

test('encodeFingerprint() needs at most 130,000 bytes for a model of 70B parameters', () => {
  const bytes = encodeFingerprint(largeFingerprint())
  assert.ok(bytes.length <= 130_000, `${bytes.length} bytes`)
  assert.ok(bytes.length > 100_000, `${bytes.length} bytes are fewer than the kit alone`)
  assert.equal(decodeFingerprint(bytes).records.length, 723)
})

test('encodeFingerprint() refuses what is larger than a fingerprint may be', () => {
  assert.throws(() => encodeFingerprint(largeFingerprint(140)), { code: 'fingerprint-too-large' })
})

test('decodeFingerprint() refuses a fingerprint that was changed or cut anywhere', async (context) => {
  const bytes = encodeFingerprint(await sample(context))
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Uint8Array.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ by
      assert.throws(() => decodeFingerprint(changed), { code: 'bad-fingerprint' })
      assert.throws(() => decodeFingerprint(bytes.subarray(0, at)), { code: 'bad-fingerprint' })
    }),
    { numRuns: 60 },
  )
})

test('decodeFingerprint() throws nothing but faults on bytes whose digest is right', async (context) => {
  const bytes = encodeFingerprint(await sample(context))
  const decodes = (changed: Uint8Array): boolean => {
    try {
      return Buffer.compare(encodeFingerprint(decodeFingerprint(changed)), changed) === 0
    } catch (thrown) {
      return isFault(thrown, 'bad-fingerprint')
    }
  }
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(1500), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
      (edits) => {
        const changed = Uint8Array.from(bytes)
        for (const [at, value] of edits) changed[at] = value
        return decodes(seal(changed)) && decodes(seal(bytes.subarray(0, edits[0]?.[0] ?? 0)))
      },
    ),
    { numRuns: 200 },
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), decodes))
})

test('decodeFingerprint() refuses bytes after the end and another form of the same header', async (context) => {
  const bytes = encodeFingerprint(await sample(context))
  assert.throws(() => decodeFingerprint(seal(Buffer.concat([bytes.subarray(0, -32), Buffer.alloc(33)]))), {
    code: 'bad-fingerprint',
  })
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true)
  const spaced = Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(4), Buffer.from(' '), bytes.subarray(8)])
  spaced.writeUInt32LE(length + 1, 4)
  assert.throws(() => decodeFingerprint(seal(spaced)), { code: 'bad-fingerprint' })
})
