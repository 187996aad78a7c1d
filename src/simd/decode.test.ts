import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from '../base/index.ts'
import { swapByteOrder } from './byte-order.ts'
import { decodeTensor } from './decode.ts'
import { newKernelBuffer, releaseKernelBuffer } from './kernel-memory.ts'
import { assertSameFloats } from './testing/same-floats.ts'
import { decodeTensorReference } from './reference/decode.ts'
import { findTensorLayout, GGML_TYPES, SAFETENSORS_TYPES } from './tensor-types.ts'

interface Vector {
  readonly type: string
  readonly blocks: string
  readonly elements: number
  readonly sha256: string
}

const { vectors } = JSON.parse(readFileSync(new URL('./vectors/dequantize.json', import.meta.url), 'utf8')) as {
  vectors: Vector[]
}
const DECODABLE = [...GGML_TYPES, ...SAFETENSORS_TYPES].filter(({ decodable }) => decodable).map(({ name }) => name)

function reference(type: string, bytes: Uint8Array): Float32Array {
  const { blockBytes, blockElements } = findTensorLayout(type)!
  const out = new Float32Array((bytes.length / blockBytes) * blockElements)
  decodeTensorReference(type, bytes, out)
  return out
}

/** Whole blocks of a type from arbitrary bytes, some of them of the kind that overflows or underflows. */
function arbitraryBlocks(type: string): fc.Arbitrary<Uint8Array> {
  const { blockBytes } = findTensorLayout(type)!
  const byte = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 255 }) },
    fc.constantFrom(0, 1, 127, 128, 255),
  )
  return fc
    .integer({ min: 0, max: 9 })
    .chain((blocks) => fc.array(byte, { minLength: blocks * blockBytes, maxLength: blocks * blockBytes }))
    .map((bytes) => Uint8Array.from(bytes))
}

for (const vector of vectors) {
  test(`decodeTensor() decodes ${vector.type} as the gguf package does`, () => {
    const values = decodeTensor(vector.type, Buffer.from(vector.blocks, 'base64'))
    assert.equal(values.length, vector.elements)
    assert.equal(sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)), vector.sha256)
  })
}

test('decodeTensor() gives the bits of the reference for any bytes of any type', () => {
  for (const type of DECODABLE) {
    fc.assert(
      fc.property(arbitraryBlocks(type), (bytes) => {
        assertSameFloats(decodeTensor(type, bytes), reference(type, bytes), type)
      }),
      { numRuns: 12 },
    )
  }
})

test('decodeTensor() gives every code of the 8 and 16-bit floats its value', () => {
  const codes = Uint8Array.from({ length: 131_072 }, (_, i) => (i & 1 ? i >> 9 : i >> 1))
  for (const type of ['F16', 'BF16', 'F8_E4M3', 'F8_E5M2', 'F8_E8M0'])
    assertSameFloats(decodeTensor(type, codes), reference(type, codes), type)
})

test('decodeTensor() makes subnormals of the tiny scales of mxfp4 and q8_k without arithmetic on them', () => {
  const mxfp4 = Uint8Array.from({ length: 2 * 17 }, (_, i) => (i % 17 === 0 ? i / 17 : 16 * (i % 17) - (i % 17)))
  assertSameFloats(decodeTensor('mxfp4', mxfp4), reference('mxfp4', mxfp4))
  for (const scale of [1, 0x7fffff, 0x80000001, 0x807fffff, 0x00800000, 0x80400000]) {
    const block = Uint8Array.from({ length: 292 }, (_, i) => i - 4)
    new DataView(block.buffer).setUint32(0, scale, true)
    assertSameFloats(decodeTensor('q8_k', block), reference('q8_k', block))
  }
})

test('decodeTensor() decodes into the kernel memory and out of it alike', () => {
  const bytes = Uint8Array.from({ length: 18 * 5000 }, (_, i) => (i * 7919) >> 3)
  const [input, output] = [newKernelBuffer(bytes.length + 1), newKernelBuffer(4 * 160_000)]
  input.set(bytes, 1)
  const out = new Float32Array(output.buffer, output.byteOffset, 160_000)
  assertSameFloats(decodeTensor('q4_0', input.subarray(1), { out }), decodeTensor('q4_0', bytes))
  releaseKernelBuffer(input)
  releaseKernelBuffer(output)
})

test('decodeTensor() of a big-endian file equals that of the little-endian one', () => {
  for (const type of DECODABLE)
    fc.assert(
      fc.property(arbitraryBlocks(type), (bytes) => {
        const swapped = swapByteOrder(type, bytes)
        assert.deepEqual(new Uint8Array(swapByteOrder(type, swapped)), bytes)
        assertSameFloats(decodeTensor(type, swapped, { bigEndian: true }), decodeTensor(type, bytes), type)
      }),
      { numRuns: 4 },
    )
})

test('decodeTensor() rounds 64-bit integers once', () => {
  const values = BigInt64Array.of(2n ** 62n + 2n ** 38n + 1n, -(2n ** 62n) - 2n ** 38n - 1n, 2n ** 24n + 1n)
  const decoded = decodeTensor('I64', new Uint8Array(values.buffer))
  assert.deepEqual([...decoded], [2 ** 62 + 2 ** 39, -(2 ** 62) - 2 ** 39, 2 ** 24])
})

test('decodeTensor() refuses what it cannot decode', () => {
  assert.throws(() => decodeTensor('q9_9', new Uint8Array(4)), { code: 'type-unknown' })
  assert.throws(() => decodeTensor('F4', new Uint8Array(4)), { code: 'type-undecodable' })
  assert.throws(() => decodeTensor('q4_0', new Uint8Array(17)), { code: 'partial-block' })
  assert.throws(() => decodeTensor('F32', new Uint8Array(8), { out: new Float32Array(1) }), { code: 'out-too-small' })
})
