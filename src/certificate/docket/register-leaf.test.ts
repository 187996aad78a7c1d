import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson, isFault, sha256, systemRandomness } from '../../base/index.ts'
import { applyChange, changes } from '../../testing/by-schema.ts'
import { familyIdOf, modelOf } from '../../testing/dockets.ts'
import { SAMPLES } from '../../testing/statements.ts'
import type { ReadPredicate } from '../statements/predicate-types.ts'
import { STATEMENT_KINDS, type StatementKind } from '../statements/schemas.ts'
import { isTextOf, pseudonymOf, saltText } from './pseudonym.ts'
import {
  buildRegisterLeaf,
  chainOf,
  checkLeafOf,
  describeLeaf,
  MAX_REGISTER_LEAF_BYTES,
  readRegisterLeaf,
} from './register-leaf.ts'

const docket = { modelId: modelOf('a'), familyId: familyIdOf('a'), seq: 1, prev: { index: 3, leafHash: sha256('x') } }

function logged(kind: StatementKind, change: object = {}) {
  const content = { ...SAMPLES[kind], docket, log: { origin: 'log.example' }, ...change }
  return { predicate: { kind, content } as ReadPredicate, statement: sha256('pae'), entry: sha256('entry') }
}

const KINDS = STATEMENT_KINDS.filter((kind) => kind !== 'status-list')

test('buildRegisterLeaf() writes a leaf of every kind that is read again, small and without words', () => {
  for (const kind of KINDS) {
    const bytes = buildRegisterLeaf(logged(kind))
    const leaf = readRegisterLeaf(bytes)
    assert.equal(leaf.kind, kind)
    assert.deepEqual(leaf, describeLeaf(logged(kind)))
    assert.ok(bytes.length < MAX_REGISTER_LEAF_BYTES / 2, `${kind}: ${bytes.length}`)
    assert.doesNotMatch(
      Buffer.from(bytes).toString(),
      /Oak|trees|vendor|pickle/,
      'no name and no text of the statement',
    )
  }
})

test('checkLeafOf() finds a leaf that says something else than the statement', () => {
  const said = logged('mot-result')
  const leaf = readRegisterLeaf(buildRegisterLeaf(said))
  checkLeafOf(leaf, said)
  assert.equal(leaf.worst, 'advisory')
  for (const change of [
    { result: 'pass' },
    { worst: 'minor' },
    { intent: sha256('other') },
    { statement: sha256('y') },
  ])
    assert.throws(() => checkLeafOf({ ...leaf, ...change } as typeof leaf, said), { code: 'leaf-mismatch' })
})

test('chainOf() puts a leaf into the chain of its model', () => {
  const key = `docket:${modelOf('a')}`
  assert.deepEqual(chainOf(describeLeaf(logged('reply'))), { key, seq: 1, prev: sha256('x') })
  const { prev: _, ...first } = docket
  assert.deepEqual(chainOf(describeLeaf(logged('reply', { docket: { ...first, seq: 0 } }))), {
    key,
    seq: 0,
    prev: null,
  })
})

test('buildRegisterLeaf() refuses a statement that is not logged, a status list, and what is too long', () => {
  assert.throws(() => buildRegisterLeaf(logged('reply', { docket: undefined })), { code: 'leaf-kind' })
  assert.throws(() => buildRegisterLeaf(logged('status-list')), { code: 'leaf-kind' })
  const place = { list: 'l'.repeat(MAX_REGISTER_LEAF_BYTES), index: 1 }
  assert.throws(() => buildRegisterLeaf(logged('clearance', { statusIndex: place })), { code: 'leaf-size' })
})

test('an officer stands in the leaf by the pseudonym of the year', () => {
  const key = systemRandomness(32)
  const id = pseudonymOf('officer 7', 2026, key)
  assert.match(id, /^2026-[0-9a-f]{32}$/)
  assert.equal(id, pseudonymOf('officer 7', 2026, key))
  assert.notEqual(id.slice(5), pseudonymOf('officer 7', 2027, key).slice(5))
  assert.notEqual(id, pseudonymOf('officer 8', 2026, key))
  assert.notEqual(id, pseudonymOf('officer 7', 2026, systemRandomness(32)))
  assert.throws(() => pseudonymOf('officer 7', 2026, new Uint8Array(16)), { code: 'pseudonym-key' })
  assert.throws(() => pseudonymOf('officer 7', 26, key), { code: 'pseudonym-year' })
  const issuer = { keyId: sha256('k'), role: 'officer', id }
  assert.equal(describeLeaf(logged('clearance', { issuer })).officer, id)
})

test('saltText() binds a text, and tells nothing without the salt', () => {
  const salted = saltText('no', systemRandomness)
  assert.ok(isTextOf(salted))
  assert.ok(!isTextOf({ ...salted, text: 'yes' }))
  assert.ok(!isTextOf({ ...salted, salt: `${salted.salt}\nn`, text: 'o' }), 'the boundary of salt and text is fixed')
  assert.notEqual(salted.digest, sha256('no'))
  assert.notEqual(salted.digest, saltText('no', systemRandomness).digest)
})

test('readRegisterLeaf() refuses other forms, and facts that the kind does not have', () => {
  const leaf = JSON.parse(Buffer.from(buildRegisterLeaf(logged('test-intent'))).toString())
  const read = (spec: object): unknown =>
    readRegisterLeaf(Buffer.from(canonicalJson({ ...leaf, spec: { ...leaf.spec, ...spec } })))
  assert.throws(() => read({ result: 'pass' }), { code: 'leaf-member' })
  assert.throws(() => read({ deadline: undefined }), { code: 'leaf-member' })
  assert.throws(() => read({ seq: 0 }), { code: 'leaf-member' })
  assert.throws(() => read({ prev: undefined }), { code: 'leaf-member' })
  assert.throws(() => read({ name: 'Jane' }), { code: 'predicate-member' })
  assert.throws(() => readRegisterLeaf(Buffer.from(JSON.stringify(leaf, null, 1))), { code: 'leaf-form' })
  assert.throws(() => readRegisterLeaf(Buffer.from('['.repeat(4000))), { code: 'json-limit' })
  assert.throws(() => readRegisterLeaf(new Uint8Array(4097)), { code: 'leaf-size' })
})

test('attack: a leaf that does what only the leaf of another kind can', () => {
  const actions = { revocation: 'expire', reply: 'outcome', family: 'merge' } as const
  for (const [kind, own] of Object.entries(actions)) {
    const leaf = JSON.parse(Buffer.from(buildRegisterLeaf(logged(kind as StatementKind))).toString())
    const read = (action: string): unknown =>
      readRegisterLeaf(Buffer.from(canonicalJson({ ...leaf, spec: { ...leaf.spec, action } })))
    read(own)
    for (const foreign of Object.values(actions).filter((action) => action !== own))
      assert.throws(() => read(foreign), { code: 'leaf-member' }, `${kind} ${foreign}`)
  }
})

test('readRegisterLeaf() throws nothing but Fault, and takes one form of one leaf', () => {
  const samples = KINDS.map((kind) => Buffer.from(buildRegisterLeaf(logged(kind))))
  fc.assert(
    fc.property(fc.constantFrom(...samples), changes, fc.nat(5000), fc.nat(255), (bytes, change, at, byte) => {
      const edited = Buffer.from(bytes)
      edited[at % edited.length] = byte
      const changed = Buffer.from(canonicalJson(applyChange(JSON.parse(bytes.toString()), change)))
      for (const candidate of [edited, changed, bytes.subarray(0, at % bytes.length)]) {
        try {
          const leaf = readRegisterLeaf(candidate)
          assert.equal(canonicalJson({ apiVersion: '1', kind: 'register', spec: leaf }), candidate.toString())
        } catch (thrown) {
          assert.ok(isFault(thrown), String(thrown))
        }
      }
    }),
    { numRuns: 500 },
  )
})
