import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fail, ok, type Result } from './result.ts'

test('ok() and fail() are told apart by one member', () => {
  const half = (n: number): Result<number> => (n % 2 === 0 ? ok(n / 2) : fail(`${n} is odd`))
  assert.deepEqual(
    [half(4), half(3)],
    [
      { ok: true, value: 2 },
      { ok: false, reason: '3 is odd' },
    ],
  )
})
