/**
 * A byte source over bytes in memory: for tests, and for members that were unpacked.
 */
import { Fault } from '../base/index.ts'
import type { Budget } from './budget.ts'
import type { ByteSource } from './byte-source.ts'

/** Throws `truncated` unless the range lies within `size` bytes. @throws Fault `truncated` */
export function checkRange(size: number, offset: number, length: number): void {
  const inside = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0
  if (!inside || offset + length > size) {
    throw new Fault('truncated', `${length} bytes wanted at ${offset} of a file of ${size}`)
  }
}

/** A source over `bytes`; every read is spent from the budget. The views are those of the bytes themselves. */
export function memorySource(bytes: Uint8Array, budget: Budget): ByteSource {
  return {
    size: bytes.length,
    read(offset, length) {
      checkRange(bytes.length, offset, length)
      budget.spendRead(length)
      return bytes.subarray(offset, offset + length)
    },
  }
}
