import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { Budget } from '../budget.ts'
import type { MetadataFact } from '../facts.ts'
import { JsonCursor } from './cursor.ts'
import { Flattener, pointerStep } from './flatten.ts'

function flatten(text: string): readonly MetadataFact[] {
  const facts: MetadataFact[] = []
  const cursor = new JsonCursor(Buffer.from(text), { budget: new Budget(), report: () => {} })
  new Flattener(cursor, { metadata: (fact) => facts.push(fact) }).take('', '')
  return facts
}

test('Flattener gives one fact for each scalar and each list of scalars', () => {
  assert.deepEqual(
    flatten('{"a":{"b/c":1.5,"~":null},"l":["x","y"],"e":{},"n":[],"m":[1,{"k":true}],"big":18446744073709551615}'),
    [
      { key: '/a/b~1c', type: 'number', value: 1.5 },
      { key: '/a/~0', type: 'null', value: null },
      { key: '/l', type: 'array<string>', value: ['x', 'y'] },
      { key: '/e', type: 'object', value: {}, count: 0 },
      { key: '/n', type: 'array', value: [] },
      { key: '/m/1/k', type: 'boolean', value: true },
      { key: '/m/0', type: 'integer', value: 1 },
      { key: '/big', type: 'integer', value: '18446744073709551615' },
    ],
  )
})

test('Flattener cuts long strings and lists and gives the digest of their text in the file', () => {
  const long = JSON.stringify('é'.repeat(5000))
  const list = `[ ${Array.from({ length: 100 }, (_, index) => index).join(' , ')} ]`
  const [text, numbers] = flatten(`{"t": ${long} ,"l": ${list} }`)
  const digest = (value: string) => createHash('sha256').update(value).digest('hex')
  assert.deepEqual(text, { key: '/t', type: 'string', value: 'é'.repeat(4096), count: 5000, digest: digest(long) })
  assert.equal(numbers?.count, 100)
  assert.equal((numbers?.value as unknown[]).length, 64)
  assert.equal(numbers?.digest, digest(list))
})

test('pointerStep() escapes what has a meaning in a pointer', () => {
  assert.equal(pointerStep('a/b~c'), '/a~1b~0c')
})
