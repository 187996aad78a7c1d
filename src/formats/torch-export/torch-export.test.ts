import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { readBytes } from '../../testing/read-bytes.ts'
import { writeZip } from '../../testing/zip.ts'
import { torchExportReader } from './index.ts'

const WEIGHTS = 'data/weights/model_weights_config.json'

function weight(changes: object = {}): object {
  const sizes = [{ as_int: 2 }]
  const meta = { dtype: 7, sizes, strides: [{ as_int: 1 }], storage_offset: { as_int: 0 }, ...changes }
  return { path_name: 'weight_0', is_param: true, use_pickle: false, tensor_meta: meta }
}

function read(
  config: unknown = { config: { 'l.weight': weight() } },
  more: Readonly<Record<string, string>> = {},
): ReturnType<typeof readBytes> {
  const text = typeof config === 'string' ? config : JSON.stringify(config)
  const records = { archive_format: 'pt2', [WEIGHTS]: text, 'data/weights/weight_0': '\0'.repeat(8), ...more }
  const members = Object.entries(records).map(([name, data]) => ({ name: `oak/${name}`, data, method: 0 }))
  return readBytes(torchExportReader, new Uint8Array(writeZip(members)), { path: 'model.pt2', readers: [] })
}

test('torchExportReader.read() finds the weights where the record says they are', () => {
  const { facts, codes, accounting } = read()
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  assert.deepEqual(
    facts.tensors.map(({ name, type, shape, length }) => [name, type, shape, length]),
    [['l.weight', 'F32', [2], 8]],
  )
})

test('torchExportReader.read() notes weights that do not lie in their record', () => {
  const cases = [weight({ sizes: [{ as_int: 3 }] }), weight({ storage_offset: { as_int: 1 } })]
  for (const wrong of [...cases, { ...weight(), path_name: 'elsewhere' }]) {
    const { codes, facts } = read({ config: { w: wrong } })
    assert.deepEqual([codes, facts.reading, facts.tensors.length], [['pkl-tensor'], 'listed', 0])
  }
})

test('torchExportReader.read() notes a list of weights that is none', () => {
  const lists = ['[]', '{', '{"config":{"w":{}}}', '{"config":1}', '{"config":{},"config":{}}']
  const numbers = [weight({ dtype: 99 }), weight({ sizes: [{ as_expr: 'n' }] }), weight({ strides: 1 })]
  for (const list of [...lists, ...numbers.map((each) => ({ config: { w: each } }))]) {
    const { codes, facts } = read(list)
    assert.deepEqual([codes, facts.reading], [['tor-record'], 'listed'])
  }
})

test('torchExportReader.read() notes compiled libraries', () => {
  for (const name of ['data/aotinductor/model/m.so', 'x.dll', 'k.cubin'])
    assert.ok(read(undefined, { [name]: '\x7fELF' }).codes.includes('tsc-library'))
})

test('torchExportReader.read() of mutated lists throws nothing but Fault', () => {
  const text = JSON.stringify({ config: { w: weight() } })
  const mutation = fc.record({
    at: fc.nat(text.length - 1),
    character: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '0', '1', '9', '-'),
  })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
    let changed = text
    for (const { at, character } of mutations) changed = changed.slice(0, at) + character + changed.slice(at + 1)
    try {
      read(changed)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  })
  fc.assert(property, { numRuns: 400 })
})
