import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { writeZip } from '../../testing/zip.ts'
import { npyReader } from '../npy/index.ts'
import { npzReader } from '../npz/index.ts'
import { skopsReader } from './index.ts'

interface Vector {
  readonly name: string
  readonly base64: string
  readonly untrusted: readonly string[]
}

const FILE = new URL('vectors.json', import.meta.url)
const VECTORS = JSON.parse(readFileSync(FILE, 'utf8')) as readonly Vector[]
const READERS = [npyReader, npzReader]

function read(bytes: Uint8Array): ReturnType<typeof readBytes> {
  return readBytes(skopsReader, bytes, { path: 'm.skops', readers: READERS })
}

/** A model of one node. */
function modelOf(node: object): Buffer {
  return writeZip([{ name: 'schema.json', data: JSON.stringify({ ...node, protocol: 2, _skops_version: '0.16' }) }])
}

const EXPECTED: ReadonlyMap<string, readonly string[]> = new Map([
  ['partial', ['sko-untrusted']],
  ['item getter', ['sko-untrusted']],
  ['attribute getter', ['sko-foreign']],
  ['method', ['sko-untrusted']],
])

for (const { name, base64 } of VECTORS) {
  test(`skopsReader.read() reads what skops writes: ${name}`, () => {
    const bytes = Buffer.from(base64, 'base64')
    const { facts, members, accounting, codes } = read(bytes)
    assert.deepEqual([facts.reading, accounting.complete, codes], ['full', true, EXPECTED.get(name) ?? []])
    assert.deepEqual(
      members.filter(({ reading }) => reading !== 'full').map(({ path }) => path),
      [],
    )
    assert.equal(skopsReader.sniff(glimpse(bytes)), 'magic')
  })
}

test('skopsReader.read() lists at least what skops itself would ask about', () => {
  for (const { name, base64, untrusted } of VECTORS) {
    const named = read(Buffer.from(base64, 'base64')).facts.references.map(({ target }) => target)
    for (const target of untrusted)
      assert.ok(
        named.some((each) => target === each || target.startsWith(`${each}.`)),
        `${name}: ${target}`,
      )
  }
})

const json = { __class__: 'str', __module__: 'builtins', __loader__: 'JsonNode', content: '"a"' }
const dict = { __class__: 'dict', __module__: 'builtins', __loader__: 'DictNode', content: {} }
const HOSTILE: readonly (readonly [about: string, code: string, node: object])[] = [
  ['a function that runs commands', 'sko-foreign', { __class__: 'system', __module__: 'os', __loader__: 'FunctionNode' }],
  ['a type that runs commands', 'sko-foreign', { __class__: 'Popen', __module__: 'subprocess', __loader__: 'TypeNode' }],
  ['an operator of another module', 'sko-foreign', { __class__: 'call', __module__: 'operator', __loader__: 'OperatorFuncNode', attrs: json }],
  ['a method caller', 'sko-foreign', { __class__: 'methodcaller', __module__: 'operator', __loader__: 'OperatorFuncNode', attrs: json }],
  ['a method of another class', 'sko-foreign', { __class__: 'dict', __module__: 'builtins', __loader__: 'MethodNode', content: { func: 'get', obj: { ...dict, __class__: 'Popen', __module__: 'subprocess' } } }],
  ['a dunder method', 'sko-foreign', { __class__: 'dict', __module__: 'builtins', __loader__: 'MethodNode', content: { func: '__reduce__', obj: dict } }],
  ['a call of a class', 'sko-foreign', { __class__: 'Popen', __module__: 'subprocess', __loader__: 'ConstructorFromReduceNode', content: json }],
  ['a class of the program', 'sko-untrusted', { __class__: 'Net', __module__: '__main__', __loader__: 'ObjectNode', content: dict }],
  ['a kind that nobody knows', 'sko-untrusted', { __class__: 'dict', __module__: 'builtins', __loader__: 'EvilNode', content: {} }],
  ['a node deep inside', 'sko-foreign', { ...dict, content: { a: { ...dict, content: { b: { __class__: 'eval', __module__: 'builtins', __loader__: 'FunctionNode' } } } } }],
  ['a node in a key of its own', 'sko-foreign', { ...dict, extra: [{ __class__: 'eval', __module__: 'builtins', __loader__: 'FunctionNode' }] }],
] // prettier-ignore

for (const [about, code, node] of HOSTILE) {
  test(`skopsReader.read() notes ${code} for ${about}`, () => assert.ok(read(modelOf(node)).codes.includes(code)))
}

test('skopsReader.read() notes a schema that is missing, broken, doubled or names files that are not there', () => {
  const schemas = ['[]', '{', '{"__loader__":"JsonNode","__loader__":"TypeNode"}', '{} {}', '\u0000', '']
  const files = schemas.map((data) => writeZip([{ name: 'schema.json', data }]))
  const missing = { __class__: 'ndarray', __module__: 'numpy', __loader__: 'NdArrayNode', type: 'numpy', file: 'x.npy' }
  for (const bytes of [...files, writeZip([{ name: 'a.npy' }]), modelOf(missing)]) {
    const { codes, facts } = read(bytes)
    assert.deepEqual([codes.includes('sko-schema'), facts.reading], [true, 'listed'])
  }
})

test('skopsReader.read() takes a schema of 200 objects within objects', () => {
  let node: object = { ...dict }
  for (let depth = 0; depth < 200; depth++) node = { ...dict, content: { a: node } }
  assert.deepEqual(read(modelOf(node)).codes, [])
})

const valid = new Uint8Array(Buffer.from(VECTORS.find(({ name }) => name === 'generator')?.base64 ?? '', 'base64'))

test('skopsReader.read() of a file cut anywhere is never full', () => {
  for (let length = 1; length < valid.length; length += 7) {
    const { facts, codes } = read(valid.subarray(0, length))
    assert.ok(facts.reading !== 'full' && codes.length > 0, `cut to ${length}`)
  }
})

test('skopsReader.read() of mutated schemas throws nothing but Fault', () => {
  const text = Buffer.from(JSON.stringify({ ...dict, content: { a: json, b: { ...dict } } }))
  const mutation = fc.record({ at: fc.nat(text.length - 1), byte: fc.constantFrom(...Buffer.from('"{}[]:,_a0')) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
    const data = Buffer.from(text)
    for (const { at, byte } of mutations) data[at] = byte
    try {
      read(writeZip([{ name: 'schema.json', data, method: 0 }]))
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  })
  fc.assert(property, { numRuns: 500 })
})
