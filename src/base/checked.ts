/**
 * Arithmetic on sizes that come from untrusted bytes.
 *
 * A declared count times a declared size overflows the 53 bits in which a JavaScript number is exact;
 * the parser CVEs of 2025 and 2026 in GGUF readers are this and nothing else. Every size that an artefact
 * declares goes through these functions.
 *
 * Guarantee: a result is a safe non-negative integer or a `Fault` `size-overflow`; nothing is rounded.
 */
import { Fault } from './fault.ts'

function ensure(value: number, what: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value + 0 // -0 becomes 0
  throw new Fault('size-overflow', `${what} is outside 0 … 2^53-1`)
}

/** Adds sizes. @throws Fault `size-overflow` */
export function addChecked(...sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => ensure(sum + ensure(size, `${size}`), `${sum} + ${size}`), 0)
}

/** Multiplies sizes. @throws Fault `size-overflow` */
export function mulChecked(...sizes: readonly number[]): number {
  return sizes.reduce((product, size) => ensure(product * ensure(size, `${size}`), `${product} × ${size}`), 1)
}

/** A 64-bit integer as a number. @throws Fault `size-overflow` when it is negative or above 2^53-1 */
export function toSize(value: bigint): number {
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER))
    throw new Fault('size-overflow', `${value} is outside 0 … 2^53-1`)
  return Number(value)
}

/** The smallest multiple of `alignment` that is at least `offset`. @throws Fault `size-overflow` */
export function alignUp(offset: number, alignment: number): number {
  const from = ensure(offset, `${offset}`)
  const rest = from % alignment
  return rest === 0 ? from : addChecked(from, alignment - rest)
}
