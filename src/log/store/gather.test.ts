import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { test } from 'node:test'
import { Gatherer } from './gather.ts'

function recording(fails: (items: readonly number[]) => boolean = () => false) {
  const batches: (readonly number[])[] = []
  const run = async (items: readonly number[]): Promise<readonly string[]> => {
    batches.push(items)
    await setImmediate()
    if (fails(items)) throw new Error(`no ${items.join()}`)
    return items.map(String)
  }
  return { batches, line: new Gatherer({ run, weigh: (item: number) => item, most: 10 }) }
}

test('Gatherer makes one batch of what waits while another is written, up to its weight', async () => {
  const { batches, line } = recording()
  const first = [line.add(1), line.add(2)]
  await setImmediate()
  const rest = [4, 5, 6, 30, 1].map((item) => line.add(item))
  assert.deepEqual(await Promise.all([...first, ...rest]), ['1', '2', '4', '5', '6', '30', '1'])
  assert.deepEqual(batches, [[1, 2], [4, 5], [6], [30], [1]])
})

test('Gatherer rejects those of a failed batch alone, and goes on', async () => {
  const { line } = recording((items) => items.includes(9))
  const answers = await Promise.allSettled([3, 9, 4].map((item) => line.add(item)))
  assert.deepEqual(
    answers.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  await line.settle()
  assert.equal(await line.add(2), '2')
})
