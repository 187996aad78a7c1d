import assert from 'node:assert/strict'
import { test } from 'node:test'
import { areOldNames } from './old-names.ts'

const NAMES = new Set(['g0', 'kernel:0'])

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

test('areOldNames() is true for names of the file, zeros and records of free space', () => {
  const record = `\x01${'\0'.repeat(7)}\x20${'\0'.repeat(7)}`
  assert.ok(areOldNames(bytes(`g0${'\0'.repeat(6)}kernel:0${'\0'.repeat(8)}${record}`), NAMES))
  assert.ok(areOldNames(bytes('\0'.repeat(16)), NAMES))
})

test('areOldNames() is false for anything else', () => {
  for (const text of [`other${'\0'.repeat(3)}`, `g0\0payload${'\0'.repeat(6)}`, '\x7fELF', 'g0x', '\0\0g0\0\0\0\0']) {
    assert.ok(!areOldNames(bytes(text), NAMES), text)
  }
})
