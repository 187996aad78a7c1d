import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { Budget } from '../budget.ts'
import type { FileFacts } from '../facts.ts'
import { memorySource } from '../memory-source.ts'
import { readFile } from '../read-file.ts'
import { READERS } from '../registry.ts'
import vectors from './vectors.json' with { type: 'json' }

/** Format of each model, and the anomalies that it must have. */
const EXPECTED: Readonly<Record<keyof typeof vectors, readonly [format: string, codes: readonly string[]]>> = {
  'net.pdmodel': ['paddle', []],
  'net.pdiparams': ['paddle-params', []],
  'python.pdmodel': ['paddle', ['net-python']],
  'plain.mlmodel': ['core-ml', []],
  'custom.mlmodel': ['core-ml', ['net-native']],
  'whole.mlmodel': ['core-ml', ['net-native']],
  'program.mlmodel': ['core-ml', []],
  'escape.mlmodel': ['core-ml', ['net-path']],
  'unigram.model': ['sentencepiece', []],
  'bpe.model': ['sentencepiece', []],
}
const FILES = Object.entries(vectors).map(([path, text]) => {
  return { path: path as keyof typeof vectors, bytes: gunzipSync(Buffer.from(text, 'base64')) }
})

function read(path: string, bytes: Uint8Array): FileFacts {
  const budget = new Budget()
  return readFile({ path, source: memorySource(bytes, budget), budget }, READERS)
}

for (const { path, bytes } of FILES) {
  test(`readFile() reads ${path} of its framework in full`, () => {
    const { format, reading, anomalies } = read(path, bytes)
    const codes = [...new Set(anomalies.map(({ code }) => code))]
    assert.deepEqual(
      [format, reading, codes],
      [EXPECTED[path][0], 'full', EXPECTED[path][1]],
      JSON.stringify(anomalies),
    )
  })
}

test('readFile() finds the parameters of PaddlePaddle where they lie', () => {
  const { tensors, claims } = read(
    'net.pdiparams',
    FILES.find(({ path }) => path === 'net.pdiparams')?.bytes ?? Buffer.alloc(0),
  )
  assert.deepEqual(
    tensors.map(({ type, shape, length }) => [type, shape, length]),
    [
      ['F32', [3], 12],
      ['F32', [4, 3], 48],
    ],
  )
  assert.equal(claims.filter(({ role }) => role === 'tensor').length, 2)
})

test('readFile() of these models, cut or mutated, never ends in a mistake of a reader', () => {
  const mutation = fc.record({ at: fc.nat(), byte: fc.nat(255) })
  const property = fc.property(
    fc.constantFrom(...FILES),
    fc.array(mutation, { minLength: 1, maxLength: 5 }),
    fc.nat(),
    ({ path, bytes }, mutations, cut) => {
      const changed = Uint8Array.from(bytes)
      for (const { at, byte } of mutations) changed[at % changed.length] = byte
      const facts = read(path, cut % 3 === 0 ? changed.subarray(0, 1 + (cut % changed.length)) : changed)
      assert.ok(!facts.anomalies.some(({ code }) => code === 'reader-crashed'), facts.reason)
    },
  )
  fc.assert(property, { numRuns: 1000 })
})
