import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { buildFlat, type FlatRecord } from '../../testing/flatbuffer.ts'
import { readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FormatReader } from '../reader.ts'
import { ANOMALIES, type FlatAnomaly } from './anomalies.ts'
import { claimFlat, claimTail, openFlat } from './open.ts'
import { parseSchema } from './schema.ts'
import type { FlatTable } from './table.ts'

const schema = parseSchema(`
Leaf: size i64, colour string
Stone: weight f64
union Thing: Leaf Stone
Tree: height u8, leaves [Leaf], thingType u8, thing <Thing>, rings [f64], names [string], child Tree, place {12:4}, raw [u8]!, sibling Tree
`)
const OAK: FlatRecord = {
  height: 7,
  leaves: [{ size: 2n ** 40n, colour: 'green' }, { colour: 'brown' }],
  thing: ['Stone', { weight: 2.5 }],
  rings: [1, 2.5],
  names: ['Quercus', 'robur'],
  child: { height: 1 },
  place: new Uint8Array(12).fill(3),
  raw: Uint8Array.of(9, 8, 7),
}
const valid = buildFlat({ schema, root: 'Tree', value: OAK, identifier: 'TREE' })

let seen: FlatTable | undefined
const reader: FormatReader = {
  format: 'tree',
  title: 'Tree',
  version: 1,
  extensions: [],
  sniff: () => null,
  read(request) {
    const facts = new FactCollector<FlatAnomaly>(request, 'tree', ANOMALIES)
    const flat = openFlat(request, facts, { schema, root: 'Tree' })
    seen = flat?.root
    if (flat !== undefined) {
      claimFlat(flat, facts)
      claimTail(flat, facts, flat.end)
    }
    return facts.finish()
  },
}

/** The file with numbers of the given bytes overwritten. */
function withBytes(at: number, ...bytes: readonly number[]): Uint8Array {
  const copy = valid.slice()
  copy.set(bytes, at)
  return copy
}

const root = new DataView(valid.buffer).getUint32(0, true)
const fields = root - new DataView(valid.buffer).getInt32(root, true)
const placeOf = (slot: number): number => root + new DataView(valid.buffer).getUint16(fields + 4 + 2 * slot, true)

function read(bytes: Uint8Array): BytesRead {
  return readBytes(reader, bytes, { limits: { items: 10_000 } })
}

test('openFlat() reads a FlatBuffer in full and every byte of it belongs to one structure', () => {
  const { facts, codes, accounting } = read(valid)
  assert.deepEqual([facts.reading, codes, accounting], ['full', [], { complete: true, anomalies: [] }])
  assert.ok(facts.claims.some(({ role, from, to }) => role === 'tensor' && to - from === 7))
})

test('FlatTable gives what stands in the fields, and the default for what does not', () => {
  read(valid)
  const tree = seen as FlatTable
  assert.deepEqual([tree.number('height'), tree.number('absent', 3), tree.has('child')], [7, 3, true])
  assert.deepEqual(
    [...tree.tables('leaves')].map((leaf) => [leaf.size64('size'), leaf.string('colour')]),
    [
      [2 ** 40, 'green'],
      [0, 'brown'],
    ],
  )
  assert.deepEqual([tree.union('thing')?.name, tree.union('thing')?.number('weight')], ['Stone', 2.5])
  assert.deepEqual(
    [[...tree.numbers('rings')], [...tree.strings('names')]],
    [
      [1, 2.5],
      ['Quercus', 'robur'],
    ],
  )
  assert.deepEqual([tree.table('child')?.number('height'), tree.table('child')?.table('child')], [1, undefined])
  assert.deepEqual([tree.vector('raw')?.count, tree.count('leaves'), tree.count('absent')], [3, 2, 0])
})

const BROKEN: readonly (readonly [code: FlatAnomaly, what: string, bytes: Uint8Array])[] = [
  ['fbf-outside', 'a root beyond the end', withBytes(0, 0xff, 0xff, 0, 0)],
  ['fbf-outside', 'a root that is its own offset', withBytes(0, 0, 0, 0, 0)],
  ['fbf-outside', 'a vector of 2^32 items', withBytes(placeOf(1), ...offsetTo(placeOf(1), valid.length - 4))],
  ['fbf-outside', 'a list of fields before the file', withBytes(root, 0, 0, 0, 0x7f)],
  ['fbf-vtable', 'a field outside its table', withBytes(fields + 4, 0xf0, 0x0f)],
  ['fbf-vtable', 'a list of fields of an odd number of bytes', withBytes(fields, 5, 0)],
  ['fbf-vtable', 'a table of no bytes', withBytes(fields + 2, 0, 0)],
  ['fbf-string', 'a text without end', withBytes(Buffer.from(valid).indexOf('robur') + 5, 1)],
  ['fbf-union', 'a value without a kind', withBytes(placeOf(2), 0)],
  ['fbf-end', 'a last byte that is missing', valid.subarray(0, -1)],
  ['fbf-alignment', 'a number at an odd place', withBytes(fields + 4 + 2 * 4, ...misplaced())],
]

function offsetTo(at: number, target: number): readonly number[] {
  const step = target - at
  return [step & 255, (step >> 8) & 255, 0, 0]
}

/** A place for the rings that is one byte beside the right one. */
function misplaced(): readonly number[] {
  const place = new DataView(valid.buffer).getUint16(fields + 4 + 2 * 7, true) + 1
  return [place & 255, place >> 8]
}

for (const [code, what, bytes] of BROKEN) {
  test(`openFlat() notes ${code} for ${what}`, () => {
    const { codes, facts } = read(code === 'fbf-outside' && what.startsWith('a vector') ? endless(bytes) : bytes)
    assert.ok(codes.includes(code), `noted: ${codes.join(', ')}`)
    if (ANOMALIES.some((one) => one.code === code && 'breaks' in one)) assert.equal(facts.reading, 'unread')
  })
}

/** The file ends with the number of items of a vector that is not there. */
function endless(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  copy.set([0xff, 0xff, 0xff, 0xff], copy.length - 4)
  return copy
}

test('ANOMALIES of flatbuffer are each noted by a case of these tests', () => {
  const tested = new Set<string>(BROKEN.map(([code]) => code))
  assert.deepEqual(
    ANOMALIES.map(({ code }) => code).filter((code) => !tested.has(code)),
    [],
  )
})

test('openFlat() does not take what a newer schema may have added for understood', () => {
  const newer = parseSchema('Leaf: size i64, colour string, veins [u8]\nTree: height u8, leaves [Leaf]')
  const value = { height: 1, leaves: [{ colour: 'green', veins: new Uint8Array(40).fill(1) }] }
  const { facts, codes, accounting } = read(buildFlat({ schema: newer, root: 'Tree', value, identifier: 'TREE' }))
  assert.deepEqual([facts.reading, codes, accounting.complete], ['listed', [], true])
  assert.match(facts.reason ?? '', /a field 2 of a table Leaf/)
})

test('openFlat() leaves bytes that no structure owns to the accounting', () => {
  const longer = Buffer.concat([valid, Buffer.from('payload')])
  assert.equal(read(longer).accounting.complete, false)
})

test('openFlat() visits a table that two fields share once, and a chain of them no deeper than the budget', () => {
  let forest: FlatRecord = { height: 1 }
  for (let i = 0; i < 40; i++) forest = { child: forest, sibling: forest }
  const { facts, budget } = read(buildFlat({ schema, root: 'Tree', value: forest, identifier: 'TREE' }))
  assert.equal(facts.reading, 'full')
  assert.ok(budget.cost.items < 100)
  let deep: FlatRecord = { height: 1 }
  for (let i = 0; i < 100; i++) deep = { child: deep }
  assert.throws(() => read(buildFlat({ schema, root: 'Tree', value: deep })), { code: 'budget-depth' })
})

test('openFlat() of a file cut anywhere is never full without an anomaly', () => {
  for (let length = 0; length < valid.length; length++) {
    const { facts, accounting, codes } = read(valid.subarray(0, length))
    assert.ok(facts.reading !== 'full' || !accounting.complete || codes.length > 0, `cut to ${length}`)
  }
})

test('openFlat() of mutated and random files throws nothing but Fault and reads nothing outside', () => {
  const mutation = fc.record({ at: fc.nat(valid.length - 1), byte: fc.nat(255) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
    const bytes = valid.slice()
    for (const { at, byte } of mutations) bytes[at] = byte
    readOrFault(bytes)
  })
  fc.assert(property, { numRuns: 2000 })
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), readOrFault), { numRuns: 500 })
})

function readOrFault(bytes: Uint8Array): void {
  try {
    read(bytes)
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
  }
}
