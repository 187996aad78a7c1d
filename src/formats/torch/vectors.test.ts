import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { accountFor } from '../claims.ts'
import { Budget } from '../budget.ts'
import type { FileFacts } from '../facts.ts'
import { memorySource } from '../memory-source.ts'
import { checkProof } from '../pickle/checker/index.ts'
import { POLICIES } from '../pickle/policy/index.ts'
import { readFile } from '../read-file.ts'
import { READERS } from '../registry.ts'

interface Vector {
  readonly name: string
  readonly format: string
  readonly base64: string
  /** False where only the policy of a library proves the pickle. */
  readonly proved: boolean
  readonly tensors: readonly (readonly [name: string, type: string, shape: readonly number[], hex: string])[]
}

const FILE = new URL('vectors.json', import.meta.url)
const VECTORS = JSON.parse(readFileSync(FILE, 'utf8')) as readonly Vector[]

function read(bytes: Uint8Array, path = 'model.pt'): FileFacts {
  const budget = new Budget()
  return readFile({ path, source: memorySource(bytes, budget), budget }, READERS)
}

for (const { name, format, base64, proved, tensors } of VECTORS) {
  test(`READERS read what torch writes: ${name}`, () => {
    const bytes = Buffer.from(base64, 'base64')
    const facts = read(bytes, format === 'torch-export' ? 'model.pt2' : 'model.pt')
    assert.equal(facts.format, format)
    const files = [facts, ...(facts.members ?? [])]
    const verdicts = files.flatMap(({ proofs = [] }) => proofs.map(({ verdict }) => verdict))
    assert.equal(
      verdicts.every((verdict) => verdict === 'proved'),
      proved,
    )
    assert.deepEqual(
      files.map(({ path, reading, reason, anomalies }) => [path, reading, reason, anomalies]),
      files.map(({ path }) => [path, 'full', undefined, []]),
    )
    assert.ok(accountFor(facts.claims, memorySource(bytes, new Budget())).complete)
    const found = new Map(facts.tensors.map((tensor) => [tensor.name, tensor]))
    for (const [key, type, shape, hex] of tensors) {
      const tensor = found.get(key) ?? assert.fail(`no tensor ${key}`)
      const there = bytes.subarray(tensor.offset, tensor.offset + tensor.length).toString('hex')
      assert.deepEqual([tensor.type, tensor.shape, tensor.packed, there], [type, shape, undefined, hex], key)
    }
  })
}

const CHECKED: ReadonlySet<string> = new Set(['torch-zip', 'torch-legacy', 'torch-package'])

test('checkProof() holds the proofs of the pickles that torch writes against their bytes', () => {
  for (const { name, format, base64 } of VECTORS.filter((vector) => CHECKED.has(vector.format))) {
    const bytes = Buffer.from(base64, 'base64')
    for (const proof of read(bytes).proofs ?? []) {
      const persistent = format !== 'torch-legacy' || proof.locus === 'object' ? 'torch' : 'none'
      const stream = bytes.subarray(proof.from, proof.to)
      assert.deepEqual(checkProof(stream, proof, { persistent, policies: POLICIES }), { holds: true }, name)
    }
  }
})

test('READERS tell a tensor that does not lie as it is: of strange strides, or of a type of torch alone', () => {
  const variants = VECTORS.find(({ name }) => name === 'variants') ?? assert.fail()
  const packed = read(Buffer.from(variants.base64, 'base64')).tensors.filter((tensor) => tensor.packed !== undefined)
  assert.deepEqual(
    packed.map((tensor) => [tensor.name, tensor.packed]),
    [
      ['complex128', 'typed'],
      ['transposed', 'strided'],
      ['columns', 'strided'],
      ['expanded', 'strided'],
    ],
  )
})
