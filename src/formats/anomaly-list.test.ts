import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AnomalyList } from './anomaly-list.ts'

const MEANINGS = [
  { code: 'x-odd', format: 'x', meaning: 'Odd.' },
  { code: 'x-broken', format: 'x', breaks: true, meaning: 'Broken.' },
] as const

test('AnomalyList keeps 32 of a kind and says how many more there were', () => {
  const list = new AnomalyList<'x-odd' | 'x-broken'>(MEANINGS)
  for (let i = 0; i < 100; i++) list.add('x-odd', `odd ${i}`, { locus: `thing ${i}` })
  const listed = list.toArray()
  assert.deepEqual(
    [listed.length, listed[31]?.message, listed[32]?.message, list.count('x-odd')],
    [33, 'odd 31', '68 more of this kind', 100],
  )
  assert.equal(list.reason, undefined)
})

test('AnomalyList gives the message of the first anomaly that breaks the reading as the reason', () => {
  const list = new AnomalyList<'x-odd' | 'x-broken'>(MEANINGS)
  list.add('x-odd', 'odd', { locus: 'file' })
  list.add('x-broken', 'first', { locus: 'file', offset: 3 })
  list.add('x-broken', 'second', { locus: 'file' })
  assert.equal(list.reason, 'first')
  assert.deepEqual(list.toArray()[1], { code: 'x-broken', message: 'first', locus: 'file', offset: 3 })
})
