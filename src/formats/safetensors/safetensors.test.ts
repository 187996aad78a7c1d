import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { f32Tensor, safetensorsOf, writeSafetensors } from '../../testing/safetensors.ts'
import { Budget } from '../budget.ts'
import type { FileFacts } from '../facts.ts'
import { memorySource } from '../memory-source.ts'
import { readFile } from '../read-file.ts'
import { BITS } from './element-types.ts'
import { safetensorsReader } from './index.ts'

function read(bytes: Uint8Array): FileFacts {
  const budget = new Budget()
  return readFile({ path: 'model.safetensors', source: memorySource(bytes, budget), budget }, [safetensorsReader])
}

function codes(facts: FileFacts): readonly string[] {
  return [...new Set(facts.anomalies.map(({ code }) => code))]
}

/** A file with one tensor `a` of two F32 whose entry is as given. */
function withEntry(entry: string, data = new Uint8Array(8)): Uint8Array {
  return safetensorsOf(`{"a":${entry}}`, data)
}

const GOOD = '{"dtype":"F32","shape":[2],"data_offsets":[0,8]}'

test('safetensorsReader reads every element type, scalars and empty tensors, and accounts for every byte', () => {
  const tensors = [...BITS].map(([type, bits], index) => {
    return { name: `t.${index}`, type, shape: [2, 4], bytes: new Uint8Array(bits).fill(index) }
  })
  const odd = [
    { name: 'scalar', type: 'I64', shape: [], bytes: new Uint8Array(8) },
    { name: 'empty', type: 'F16', shape: [0, 3], bytes: new Uint8Array(0) },
  ]
  const bytes = writeSafetensors([...tensors, ...odd], { format: 'pt', note: 'é' })
  const facts = read(bytes)
  assert.deepEqual([facts.reading, facts.anomalies], ['full', []])
  assert.deepEqual(
    facts.tensors.map(({ name, type, shape }) => ({ name, type, shape })),
    [...tensors, ...odd].map(({ name, type, shape }) => ({ name, type, shape })),
  )
  for (const [index, { offset, length }] of facts.tensors.entries()) {
    assert.deepEqual(bytes.subarray(offset, offset + length), [...tensors, ...odd][index]?.bytes)
  }
  assert.deepEqual(
    facts.metadata.map(({ key, value }) => [key, value]),
    [
      ['/__metadata__/format', 'pt'],
      ['/__metadata__/note', 'é'],
    ],
  )
})

test('safetensorsReader reads a model without tensors, and tensors in any order', () => {
  assert.equal(read(safetensorsOf('{}      ')).reading, 'full')
  const header =
    '{"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]},"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}'
  const facts = read(safetensorsOf(header, new Uint8Array(3)))
  assert.deepEqual([facts.reading, facts.tensors.map(({ name }) => name)], ['full', ['b', 'a']])
})

const MALFORMED: readonly (readonly [code: string, bytes: Uint8Array])[] = [
  ['stn-header-length', Uint8Array.of(1, 2, 3)],
  ['stn-header-length', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 16, 0x7b, 0x7d)],
  ['stn-header-length', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 0x7b, 0x7d)],
  ['stn-header-length', Buffer.concat([Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0), Buffer.from('{}')])],
  ['stn-utf8', safetensorsOf(Buffer.concat([Buffer.from('{"'), Uint8Array.of(0xff), Buffer.from('":1}')]))],
  ['stn-json', safetensorsOf('')],
  ['stn-json', safetensorsOf(' {}')],
  ['stn-json', safetensorsOf('\ufeff{}')],
  ['stn-json', safetensorsOf('[]')],
  ['stn-json', safetensorsOf(`{"a":${GOOD},}`, new Uint8Array(8))],
  ['stn-json', safetensorsOf('{}x')],
  ['stn-json', safetensorsOf('{"__metadata__":{"a":"\\ud800"}}')],
  ['stn-padding', safetensorsOf('{}\n')],
  ['stn-duplicate-key', safetensorsOf(`{"a":${GOOD},"a":${GOOD}}`, new Uint8Array(8))],
  ['stn-duplicate-key', withEntry('{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}')],
  ['stn-duplicate-key', safetensorsOf('{"__metadata__":{"a":"1","a":"2"}}')],
  ['stn-missing-field', withEntry('{"dtype":"F32","shape":[2]}')],
  ['stn-missing-field', withEntry('{"dtype":1,"shape":[2],"data_offsets":[0,8]}')],
  ['stn-missing-field', withEntry('{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}')],
  ['stn-missing-field', withEntry('{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}')],
  ['stn-missing-field', withEntry('{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}')],
  ['stn-missing-field', withEntry('["F32",[2],[0,8]]')],
  ['stn-dtype', withEntry('{"dtype":"F31","shape":[2],"data_offsets":[0,8]}')],
  ['stn-dtype', withEntry('{"dtype":"__proto__","shape":[2],"data_offsets":[0,8]}')],
  ['stn-overflow', withEntry('{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}')],
  ['stn-overflow', withEntry('{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551615]}')],
  ['stn-overflow', withEntry('{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,8]}')],
  ['stn-span', withEntry('{"dtype":"F32","shape":[3],"data_offsets":[0,8]}')],
  ['stn-span', withEntry('{"dtype":"F4","shape":[3],"data_offsets":[0,8]}')],
  ['stn-outside-file', withEntry('{"dtype":"F32","shape":[2],"data_offsets":[1,9]}')],
  ['stn-outside-file', withEntry('{"dtype":"F32","shape":[2],"data_offsets":[8,0]}')],
  ['stn-gap', withEntry('{"dtype":"F32","shape":[1],"data_offsets":[4,8]}')],
  [
    'stn-overlap',
    safetensorsOf(`{"a":${GOOD},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}`, new Uint8Array(8)),
  ],
  [
    'stn-overlap',
    safetensorsOf(`{"a":${GOOD},"b":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}}`, new Uint8Array(8)),
  ],
  ['stn-end', withEntry(GOOD, new Uint8Array(9))],
  ['stn-end', safetensorsOf('{}', new Uint8Array(1))],
  ['stn-extra-field', withEntry('{"dtype":"F32","shape":[2],"data_offsets":[0,8],"strides":[1]}')],
  ['stn-metadata-type', safetensorsOf('{"__metadata__":{"a":1}}')],
  ['stn-metadata-type', safetensorsOf('{"__metadata__":null}')],
  ['stn-name', safetensorsOf(`{"a\\u202eb":${GOOD}}`, new Uint8Array(8))],
  ['stn-name', safetensorsOf(`{"":${GOOD}}`, new Uint8Array(8))],
  ['stn-name', safetensorsOf(`{"a\\u0000":${GOOD}}`, new Uint8Array(8))],
  ['stn-header-share', safetensorsOf(`{}${' '.repeat(2 * 1024 * 1024)}`)],
  [
    'stn-count',
    safetensorsOf(
      `{${Array.from({ length: 5000 }, (_, index) => `"${index}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`).join(',')}}`,
    ),
  ],
]

/** What lets a file be read in full all the same: rules grade it. */
const TOLERATED = new Set([
  'stn-padding',
  'stn-duplicate-key',
  'stn-extra-field',
  'stn-metadata-type',
  'stn-name',
  'stn-header-share',
  'stn-count',
])

for (const [index, [code, bytes]] of MALFORMED.entries()) {
  test(`safetensorsReader notes ${code} (malformed file ${index})`, () => {
    const facts = read(bytes)
    assert.ok(codes(facts).includes(code), `${codes(facts).join(' ')}: ${facts.reason}`)
    if (!TOLERATED.has(code)) assert.notEqual(facts.reading, 'full')
    if (facts.reading === 'unread') assert.equal(facts.tensors.length, 0)
  })
}

test('safetensorsReader gives no tensor as a fact whose bytes are not there or not as many as they should be', () => {
  const header = `{"good":${GOOD},"long":{"dtype":"F32","shape":[9],"data_offsets":[0,8]},"out":{"dtype":"F32","shape":[2],"data_offsets":[99,107]}}`
  assert.deepEqual(
    read(safetensorsOf(header, new Uint8Array(8))).tensors.map(({ name }) => name),
    ['good'],
  )
})

test('safetensorsReader lists a few of ten thousand faults and says how many more there are', () => {
  const entries = Array.from(
    { length: 10_000 },
    (_, index) => `"${index}":{"dtype":"XX","shape":[1],"data_offsets":[0,1]}`,
  )
  const facts = read(safetensorsOf(`{${entries.join(',')}}`, new Uint8Array(1)))
  assert.ok(facts.anomalies.length < 200)
  assert.ok(facts.anomalies.some(({ message }) => message.includes('9968 more')))
})

test('safetensorsReader never calls a truncated file full', () => {
  const whole = writeSafetensors([f32Tensor('a', [2, 3], [1, 2, 3, 4, 5, 6]), f32Tensor('b', [2], [7, 8])], {
    format: 'pt',
  })
  assert.equal(read(whole).reading, 'full')
  for (let length = 0; length < whole.length; length++) {
    const facts = read(whole.slice(0, length))
    assert.ok(
      facts.reading !== 'full' && facts.anomalies.length > 0,
      `${length} of ${whole.length} bytes: ${facts.reading}`,
    )
  }
})

test('safetensorsReader always answers, inside the file, whatever is changed in it', () => {
  const whole = writeSafetensors([f32Tensor('a', [2, 3], [1, 2, 3, 4, 5, 6]), f32Tensor('b', [2], [7, 8])], {
    format: 'pt',
  })
  const known = new Set(
    MALFORMED.map(([code]) => code).concat(
      'bytes-unclaimed',
      'padding-not-zero',
      'bytes-claimed-twice',
      'bytes-outside',
      'empty-file',
      'unknown-format',
      'budget-depth',
    ),
  )
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.nat(whole.length - 1), fc.constantFrom(0, 0x22, 0x2c, 0x30, 0x39, 0x5b, 0x5c, 0x7b, 0x7d, 0xff)),
        { minLength: 1, maxLength: 4 },
      ),
      (changes) => {
        const bytes = whole.slice()
        for (const [place, byte] of changes) bytes[place] = byte
        const facts = read(bytes)
        for (const { code } of facts.anomalies) assert.ok(known.has(code), code)
        for (const { offset, length } of facts.tensors) assert.ok(offset >= 8 && offset + length <= bytes.length)
        if (facts.reading !== 'full') assert.ok(facts.anomalies.length > 0 && facts.reason !== undefined)
      },
    ),
    { numRuns: 2000 },
  )
})

test('safetensorsReader.sniff() knows the file by its header, not by its name', () => {
  const sniff = (path: string, bytes: Uint8Array) => {
    return safetensorsReader.sniff({
      path,
      size: bytes.length,
      head: bytes.subarray(0, 4096),
      tail: bytes.slice(-4096),
    })
  }
  const bytes = writeSafetensors([f32Tensor('a', [1], [1])])
  assert.equal(sniff('weights', bytes), 'magic')
  assert.equal(sniff('weights', Buffer.from('{"a": 1}, and more')), null)
  assert.equal(sniff('Model.Safetensors', new Uint8Array(64)), 'name')
})

test('safetensorsReader agrees with what is known of a real model', needsShared('zoo', 'oak'), () => {
  const facts = read(readFileSync(sharedPath('zoo', 'oak', 'model.safetensors') as string))
  assert.deepEqual([facts.reading, facts.anomalies, facts.tensors.length], ['full', [], 39])
  const embedding = facts.tensors.find(({ name }) => name === 'model.embed_tokens.weight')
  assert.deepEqual([embedding?.type, embedding?.shape], ['BF16', [384, 64]])
  assert.equal(
    facts.tensors.reduce((sum, { length }) => sum + length, 0),
    443_520,
  )
})
