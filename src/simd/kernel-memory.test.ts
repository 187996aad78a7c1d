import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  addressOf,
  newKernelArena,
  newKernelBuffer,
  releaseKernelArena,
  releaseKernelBuffer,
  releaseWindow,
  shareWindow,
} from './kernel-memory.ts'

const MIB = 2 ** 20

test('newKernelBuffer() gives aligned buffers that do not overlap, in any order of taking and giving back', () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 3 * MIB })), { maxLength: 40 })
  fc.assert(
    fc.property(steps, (list) => {
      const held: Uint8Array[] = []
      for (const [give, length] of list) {
        if (give && held.length > 0) releaseKernelBuffer(held.splice(length % held.length, 1)[0]!)
        else if (held.length < 5) held.push(newKernelBuffer(length))
      }
      const sorted = held.toSorted((a, b) => a.byteOffset - b.byteOffset)
      assert.ok(sorted.every((buffer) => buffer.byteOffset % 64 === 0 && addressOf(buffer) === buffer.byteOffset))
      assert.ok(
        sorted.every((buffer, i) => i === 0 || buffer.byteOffset >= sorted[i - 1]!.byteOffset + sorted[i - 1]!.length),
      )
      held.forEach(releaseKernelBuffer)
    }),
  )
})

test('newKernelBuffer() uses all of its 16 MiB again and refuses more', () => {
  const whole = newKernelBuffer(16 * MIB)
  assert.throws(() => newKernelBuffer(1), { code: 'kernel-memory' })
  releaseKernelBuffer(whole)
  const halves = [newKernelBuffer(8 * MIB), newKernelBuffer(8 * MIB)]
  halves.forEach(releaseKernelBuffer)
  assert.throws(() => releaseKernelBuffer(whole), { code: 'kernel-memory' })
  assert.throws(() => releaseKernelBuffer(new Uint8Array(8)), { code: 'kernel-memory' })
})

test('shareWindow() leaves the views of earlier buffers valid', () => {
  const buffer = newKernelBuffer(64)
  buffer[0] = 7
  const { window } = shareWindow()
  assert.equal(buffer[0], 7)
  assert.equal(addressOf(buffer), buffer.byteOffset)
  releaseWindow(window)
  assert.equal(shareWindow().window, window, 'a window that was given back is used again')
  releaseKernelBuffer(buffer)
})

test('newKernelArena() gives memory beyond all windows, takes what was given back again, and refuses too much', () => {
  const arena = newKernelArena(100 * MIB)
  arena[100 * MIB - 1] = 9
  const { window } = shareWindow()
  const other = newKernelArena(1)
  assert.ok(other.byteOffset >= arena.byteOffset + arena.length)
  assert.equal(addressOf(arena), arena.byteOffset)
  releaseKernelArena(arena)
  assert.throws(() => releaseKernelArena(arena), { code: 'kernel-memory' })
  const again = newKernelArena(128 * MIB)
  assert.equal(again.byteOffset, arena.byteOffset)
  assert.throws(() => newKernelArena(4096 * MIB), { code: 'kernel-memory' })
  for (const each of [again, other]) releaseKernelArena(each)
  releaseWindow(window)
})
