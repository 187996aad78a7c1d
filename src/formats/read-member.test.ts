import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/index.ts'
import { Budget, type BudgetLimits } from './budget.ts'
import type { FileFacts } from './facts.ts'
import { memorySource } from './memory-source.ts'
import { Pending } from './pending.ts'
import { readFile } from './read-file.ts'
import type { FormatReader, ReadRequest } from './reader.ts'
import { sliceSource } from './slice-source.ts'

const BOX = 0x42

function factsOf({ path, source }: ReadRequest, changes: Partial<FileFacts> = {}): FileFacts {
  const claims = [{ from: 0, to: source.size, role: 'opaque' as const }]
  const nothing = { tensors: [], metadata: [], references: [], anomalies: [] }
  return { path, size: source.size, format: 'box', reading: 'full', ...nothing, claims, ...changes }
}

/** A box is the letter B, the letter s (stored) or p (packed) and what is in it. */
const box: FormatReader = {
  format: 'box',
  title: 'Box',
  version: 1,
  extensions: [],
  sniff: ({ head }) => (head[0] === BOX ? 'magic' : null),
  read(request) {
    const { source, budget, readMember } = request
    const isStored = source.read(1, 1)[0] === 's'.charCodeAt(0)
    const content = sliceSource(source, 2, source.size - 2)
    if (isStored) readMember({ name: 'in', source: content, at: 2 })
    else readMember({ name: 'in', source: memorySource(content.read(0, content.size).slice(), budget) })
    return factsOf(request)
  },
}

/** Weights are the letter W and one tensor. */
const weights: FormatReader = {
  format: 'weights',
  title: 'Weights',
  version: 1,
  extensions: [],
  sniff: ({ head }) => (head[0] === 'W'.charCodeAt(0) ? 'magic' : null),
  read(request) {
    const length = request.source.size - 1
    const tensor = { name: 'w', type: 'U8', shape: [length], file: request.path, offset: 1, length }
    return factsOf(request, { format: 'weights', tensors: [tensor] })
  },
}

function read(text: string, limits: Partial<BudgetLimits> = {}): FileFacts {
  const budget = new Budget(limits)
  return readFile({ path: 'm', source: memorySource(Buffer.from(text), budget), budget }, [box, weights])
}

test('readFile() keeps the facts of members and of theirs in the order in which they were read', () => {
  const { members = [], ...facts } = read('BsBsWxyz')
  assert.deepEqual([facts.path, facts.reading, facts.container], ['m', 'full', undefined])
  assert.deepEqual(
    members.map(({ path, format, container }) => [path, format, container]),
    [
      ['m!/in', 'box', 'm'],
      ['m!/in!/in', 'weights', 'm'],
    ],
  )
})

test('readFile() says where in the file of the artefact the tensors of a stored member lie', () => {
  const tensor = read('BsBsWxyz').members?.[1]?.tensors[0]
  assert.deepEqual(tensor, { name: 'w', type: 'U8', shape: [3], file: 'm', offset: 5, length: 3 })
})

test('readFile() marks the tensors of what was unpacked on the way', () => {
  for (const text of ['BpBsWxyz', 'BsBpWxyz']) {
    const tensor = read(text).members?.[1]?.tensors[0]
    assert.deepEqual([tensor?.file, tensor?.offset, tensor?.packed], ['m!/in!/in', 1, 'compressed'])
  }
})

test('readFile() bounds how many members there are and how deep they lie', () => {
  const deep = read('Bs'.repeat(20))
  assert.deepEqual(deep.members?.map(({ path }) => path).length, 8)
  assert.equal(deep.members?.[7]?.anomalies[0]?.code, 'budget-nesting')
  assert.equal(read('BsBsW', { members: 1 }).members?.[0]?.anomalies[0]?.code, 'budget-members')
})

test('readFile() answers for a member that cannot be read', () => {
  assert.deepEqual(
    read('Bs?').members?.map(({ reading, anomalies }) => [reading, anomalies[0]?.code]),
    [['unread', 'unknown-format']],
  )
  assert.equal(read('Bs').members?.[0]?.anomalies[0]?.code, 'empty-file')
})

test('readFile() lets a member wait', () => {
  const waiting: FormatReader = {
    ...weights,
    read: () => {
      throw new Pending(Promise.resolve())
    },
  }
  const budget = new Budget()
  const file = { path: 'm', source: memorySource(Buffer.from('BsW'), budget), budget }
  assert.throws(() => readFile(file, [box, waiting]), Pending)
})

test('sliceSource() gives no byte outside its part', () => {
  const slice = sliceSource(memorySource(Buffer.from('abcdef'), new Budget()), 2, 3)
  assert.equal(Buffer.from(slice.read(0, 3)).toString(), 'cde')
  for (const [offset, length] of [
    [0, 4],
    [-1, 1],
    [3, 1],
  ] as const)
    assert.throws(() => slice.read(offset, length), Fault)
  assert.throws(() => sliceSource(memorySource(Buffer.from('ab'), new Budget()), 1, 2), { code: 'truncated' })
})
