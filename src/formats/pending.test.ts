import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pending, readUntilReady } from './pending.ts'

test('readUntilReady() waits and reads again', async () => {
  let ready = false
  const result = await readUntilReady(() => {
    if (ready) return 'read'
    throw new Pending(
      Promise.resolve().then(() => {
        ready = true
      }),
    )
  })
  assert.equal(result, 'read')
})

test('readUntilReady() passes on what is thrown, and what the wait ends with', async () => {
  await assert.rejects(
    readUntilReady(() => {
      throw new RangeError('other')
    }),
    RangeError,
  )
  await assert.rejects(
    readUntilReady(() => {
      throw new Pending(Promise.reject(new TypeError('gone')))
    }),
    TypeError,
  )
})

test('readUntilReady() does not wait for ever', async () => {
  await assert.rejects(
    readUntilReady(() => {
      throw new Pending(Promise.resolve())
    }),
    { code: 'reader-fault' },
  )
})
