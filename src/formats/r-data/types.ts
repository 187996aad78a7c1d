/**
 * The types of items of serialised R data, by their number.
 *
 * Source: `serialize.c` and `Rinternals.h` of R 4.
 */

/** Numbers that stand in the flags of an item. */
export const T = {
  nil: 0,
  symbol: 1,
  list: 2,
  closure: 3,
  environment: 4,
  promise: 5,
  call: 6,
  special: 7,
  builtin: 8,
  character: 9,
  logical: 10,
  integer: 13,
  real: 14,
  complex: 15,
  strings: 16,
  dots: 17,
  vector: 19,
  expression: 20,
  bytecode: 21,
  pointer: 22,
  weakReference: 23,
  raw: 24,
  object: 25,
  alternative: 238,
  attributedList: 239,
  attributedCall: 240,
  repetition: 243,
  repeated: 244,
  persistent: 247,
  package: 248,
  namespace: 249,
  reference: 255,
} as const

/** Items that are all said by their number: empty and base environments, missing and unbound values, nothing. */
export const CONSTANTS: ReadonlySet<number> = new Set([T.nil, 241, 242, 250, 251, 252, 253, 254])

/** Bytes of one number of a vector of numbers. */
export const NUMBER_BYTES: ReadonlyMap<number, number> = new Map([
  [T.logical, 4],
  [T.integer, 4],
  [T.real, 8],
  [T.complex, 16],
])

/** What the flags of an item say. */
export interface Flags {
  readonly type: number
  readonly hasAttributes: boolean
  readonly hasTag: boolean
  /** For a reference: its number, when it fits in the flags. */
  readonly packed: number
}

/** Takes flags apart. @example parseFlags(1026).hasTag // true */
export function parseFlags(flags: number): Flags {
  return {
    type: flags & 255,
    hasAttributes: (flags & 512) !== 0,
    hasTag: (flags & 1024) !== 0,
    packed: flags >>> 8,
  }
}
