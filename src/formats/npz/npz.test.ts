import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { writeNpy } from '../../testing/npy.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { writeZip } from '../../testing/zip.ts'
import { Budget } from '../budget.ts'
import { memorySource } from '../memory-source.ts'
import { npyReader } from '../npy/index.ts'
import { readFile } from '../read-file.ts'
import { npzReader } from './index.ts'

interface Vector {
  readonly name: string
  readonly base64: string
  readonly tensors: readonly string[]
  readonly packed: boolean
}

const FILE = new URL('vectors.json', import.meta.url)
const VECTORS = JSON.parse(readFileSync(FILE, 'utf8')) as readonly Vector[]

function read(bytes: Uint8Array): ReturnType<typeof readBytes> {
  return readBytes(npzReader, bytes, { path: 'm.npz', readers: [npyReader] })
}

for (const { name, base64, tensors } of VECTORS) {
  test(`npzReader.read() reads what NumPy writes: ${name}`, () => {
    const { facts, members, accounting, codes } = read(Buffer.from(base64, 'base64'))
    assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
    assert.deepEqual(
      members.map((member) => [member.format, member.reading, member.anomalies]),
      tensors.map(() => ['npy', 'full', []]),
    )
    assert.deepEqual(
      members.flatMap((member) => member.tensors.map((tensor) => tensor.name)),
      tensors,
    )
    assert.equal(npzReader.sniff(glimpse(Buffer.from(base64, 'base64'))), 'magic')
  })
}

test('npzReader.read() gives arrays that are stored their places in the archive, and marks those that are packed', () => {
  for (const { base64, packed } of VECTORS) {
    const bytes = Buffer.from(base64, 'base64')
    const budget = new Budget()
    const facts = readFile({ path: 'm.npz', source: memorySource(bytes, budget), budget }, [npzReader, npyReader])
    for (const member of facts.members ?? [])
      for (const { file, offset, length, packed: how } of member.tensors) {
        assert.equal(how === 'compressed' || how === 'typed', packed || how === 'typed')
        if (!packed) assert.ok(file === 'm.npz' && offset + length < bytes.length)
      }
  }
})

const array = writeNpy({ descr: '<f4', shape: [2], data: new Uint8Array(8) })
const valid = new Uint8Array(
  writeZip([
    { name: 'a.npy', data: array, method: 0 },
    { name: 'b.npy', data: array },
  ]),
)

test('npzReader.read() keeps what is wrong with a member with that member', () => {
  const { facts, members } = read(writeZip([{ name: 'a.npy', data: array.subarray(0, 130) }]))
  assert.deepEqual([facts.reading, members[0]?.reading, members[0]?.anomalies[0]?.code], ['full', 'unread', 'npy-size'])
})

test('npzReader.read() is not full when a member cannot be opened', () => {
  const encrypted = writeZip([{ name: 'a.npy', data: array, local: { flags: 1 }, central: { flags: 1 } }])
  const unknown = writeZip([{ name: 'a.npy', data: array, method: 99 }])
  for (const bytes of [encrypted, unknown]) {
    const { facts, codes } = read(bytes)
    assert.ok(facts.reading !== 'full' && codes.length > 0, codes.join(' '))
  }
})

test('npzReader.read() of a file cut anywhere is never full', () => {
  for (let length = 1; length < valid.length; length++) {
    const { facts, codes } = read(valid.subarray(0, length))
    assert.ok(facts.reading !== 'full' && codes.length > 0, `cut to ${length}`)
  }
})

test('npzReader.read() of mutated files throws nothing but Fault and reads nothing outside', () => {
  const mutation = fc.record({ at: fc.nat(valid.length - 1), byte: fc.nat(255) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
    const bytes = valid.slice()
    for (const { at, byte } of mutations) bytes[at] = byte
    try {
      read(bytes)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  })
  fc.assert(property, { numRuns: 500 })
})

test('npzReader.sniff() leaves archives of other formats to their readers', () => {
  const sniff = (...names: readonly string[]) => npzReader.sniff(glimpse(writeZip(names.map((name) => ({ name })))))
  assert.deepEqual([sniff('a.npy'), sniff('1.npy', 'schema.json'), sniff('m/data.pkl', 'a.npy'), sniff('a.txt')], ['magic', null, null, null]) // prettier-ignore
})
