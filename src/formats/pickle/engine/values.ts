/**
 * The abstract domain: what the engine knows of a value.
 *
 * A value is two numbers, so that ten million of them cost no objects: a kind, whose upper bits say more (which global,
 * whether a tuple can be hashed), and a load (the number of an integer, the offset of a text's opcode, the cell of a
 * container). Strings are never copied out of the stream unless somebody asks for one.
 */

/** Python's None. */
export const NONE = 0
/** Load: 0 or 1. */
export const BOOL = 1
/** Load: the number, NaN when it is beyond 2^53. */
export const INT = 2
/** A float, whichever. */
export const FLOAT = 3
/** Load: the offset of the opcode. */
export const STR = 4
/** Load: the offset of the opcode. */
export const BYTES = 5
/** Load: the offset of the opcode. */
export const BYTEARRAY = 6
/** Load of this and the following five: the cell, or {@link LOST}. */
export const TUPLE = 7
/** See {@link TUPLE}. */
export const LIST = 8
/** See {@link TUPLE}. */
export const DICT = 9
/** See {@link TUPLE}. */
export const SET = 10
/** See {@link TUPLE}. */
export const FROZENSET = 11
/** An instance; the detail is the number of its class. */
export const INST = 12
/** The detail is the number of the global. */
export const GLOBAL = 13
/** A torch storage; load: its number. */
export const STORAGE = 14
/** Anything at all. */
export const TOP = 15

/** Detail of a STR: a string of Python 2, which the loader's `encoding` decides. */
export const NATIVE = 1
/** Detail of BYTES: the text at the load, encoded as Latin-1. */
export const LATIN1 = 1
/** Detail of BYTES: none. */
export const EMPTY = 2
/** Detail of a TUPLE: it holds something that has no hash. */
export const UNHASHABLE = 1
/** Detail of a TUPLE: it holds something whose hash is not known to be that of data. */
export const UNKNOWN_HASH = 2

/** The load of a container whose contents were not kept. */
export const LOST = -1

const SHIFT = 5
const MASK = 31

/** The kind without its detail. */
export function kindOf(kind: number): number {
  return kind & MASK
}

/** The upper bits of a kind. */
export function detailOf(kind: number): number {
  return kind >> SHIFT
}

/** A kind with its detail. */
export function withDetail(kind: number, detail: number): number {
  return kind | (detail << SHIFT)
}

/** For messages. */
export const KIND_NAMES: readonly string[] = [
  'None',
  'a bool',
  'an int',
  'a float',
  'a str',
  'bytes',
  'a bytearray',
  'a tuple',
  'a list',
  'a dict',
  'a set',
  'a frozenset',
  'an instance',
  'a global',
  'a storage',
  'an unknown value',
]
