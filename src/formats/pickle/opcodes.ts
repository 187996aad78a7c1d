/**
 * The 68 opcodes of pickle protocols 0 to 5.
 *
 * Source: CPython, `Lib/pickletools.py` (PEP 307, PEP 3154, PEP 574): code, name, the protocol that introduced the
 * opcode and the form of its argument.
 */

/** How an argument stands in the stream. */
export type ArgumentForm =
  | 'none'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'i32'
  | 'u64'
  | 'f64be'
  | 'line' // up to a newline
  | 'two-lines' // module and name
  | 'counted8' // a length of one byte, then so many bytes
  | 'counted32' // a little-endian length of four bytes
  | 'signed-counted32'
  | 'counted64'

/** What the argument of an opcode means, beyond its form. */
export type ArgumentKind =
  | 'none'
  | 'number'
  | 'text'
  | 'bytes'
  | 'memo'
  | 'global'
  | 'length'
  | 'extension'
  | 'persistent-id'

/** One opcode. */
export interface Opcode {
  /** The byte. */
  readonly code: number
  /** pickletools' name. */
  readonly name: OpcodeName
  /** Protocol that introduced it. */
  readonly protocol: number
  readonly form: ArgumentForm
  readonly kind: ArgumentKind
}

const ROWS = [
  ['I', 'INT', 0, 'line', 'number'],
  ['J', 'BININT', 1, 'i32', 'number'],
  ['K', 'BININT1', 1, 'u8', 'number'],
  ['M', 'BININT2', 1, 'u16', 'number'],
  ['L', 'LONG', 0, 'line', 'number'],
  ['\x8a', 'LONG1', 2, 'counted8', 'number'],
  ['\x8b', 'LONG4', 2, 'signed-counted32', 'number'],
  ['S', 'STRING', 0, 'line', 'text'],
  ['T', 'BINSTRING', 1, 'signed-counted32', 'bytes'],
  ['U', 'SHORT_BINSTRING', 1, 'counted8', 'bytes'],
  ['B', 'BINBYTES', 3, 'counted32', 'bytes'],
  ['C', 'SHORT_BINBYTES', 3, 'counted8', 'bytes'],
  ['\x8e', 'BINBYTES8', 4, 'counted64', 'bytes'],
  ['\x96', 'BYTEARRAY8', 5, 'counted64', 'bytes'],
  ['\x97', 'NEXT_BUFFER', 5, 'none', 'none'],
  ['\x98', 'READONLY_BUFFER', 5, 'none', 'none'],
  ['N', 'NONE', 0, 'none', 'none'],
  ['\x88', 'NEWTRUE', 2, 'none', 'none'],
  ['\x89', 'NEWFALSE', 2, 'none', 'none'],
  ['V', 'UNICODE', 0, 'line', 'text'],
  ['\x8c', 'SHORT_BINUNICODE', 4, 'counted8', 'text'],
  ['X', 'BINUNICODE', 1, 'counted32', 'text'],
  ['\x8d', 'BINUNICODE8', 4, 'counted64', 'text'],
  ['F', 'FLOAT', 0, 'line', 'number'],
  ['G', 'BINFLOAT', 1, 'f64be', 'number'],
  [']', 'EMPTY_LIST', 1, 'none', 'none'],
  ['a', 'APPEND', 0, 'none', 'none'],
  ['e', 'APPENDS', 1, 'none', 'none'],
  ['l', 'LIST', 0, 'none', 'none'],
  [')', 'EMPTY_TUPLE', 1, 'none', 'none'],
  ['t', 'TUPLE', 0, 'none', 'none'],
  ['\x85', 'TUPLE1', 2, 'none', 'none'],
  ['\x86', 'TUPLE2', 2, 'none', 'none'],
  ['\x87', 'TUPLE3', 2, 'none', 'none'],
  ['}', 'EMPTY_DICT', 1, 'none', 'none'],
  ['d', 'DICT', 0, 'none', 'none'],
  ['s', 'SETITEM', 0, 'none', 'none'],
  ['u', 'SETITEMS', 1, 'none', 'none'],
  ['\x8f', 'EMPTY_SET', 4, 'none', 'none'],
  ['\x90', 'ADDITEMS', 4, 'none', 'none'],
  ['\x91', 'FROZENSET', 4, 'none', 'none'],
  ['0', 'POP', 0, 'none', 'none'],
  ['2', 'DUP', 0, 'none', 'none'],
  ['(', 'MARK', 0, 'none', 'none'],
  ['1', 'POP_MARK', 1, 'none', 'none'],
  ['g', 'GET', 0, 'line', 'memo'],
  ['h', 'BINGET', 1, 'u8', 'memo'],
  ['j', 'LONG_BINGET', 1, 'u32', 'memo'],
  ['p', 'PUT', 0, 'line', 'memo'],
  ['q', 'BINPUT', 1, 'u8', 'memo'],
  ['r', 'LONG_BINPUT', 1, 'u32', 'memo'],
  ['\x94', 'MEMOIZE', 4, 'none', 'none'],
  ['\x82', 'EXT1', 2, 'u8', 'extension'],
  ['\x83', 'EXT2', 2, 'u16', 'extension'],
  ['\x84', 'EXT4', 2, 'i32', 'extension'],
  ['c', 'GLOBAL', 0, 'two-lines', 'global'],
  ['\x93', 'STACK_GLOBAL', 4, 'none', 'none'],
  ['R', 'REDUCE', 0, 'none', 'none'],
  ['b', 'BUILD', 0, 'none', 'none'],
  ['i', 'INST', 0, 'two-lines', 'global'],
  ['o', 'OBJ', 1, 'none', 'none'],
  ['\x81', 'NEWOBJ', 2, 'none', 'none'],
  ['\x92', 'NEWOBJ_EX', 4, 'none', 'none'],
  ['\x80', 'PROTO', 2, 'u8', 'number'],
  ['.', 'STOP', 0, 'none', 'none'],
  ['\x95', 'FRAME', 4, 'u64', 'length'],
  ['P', 'PERSID', 0, 'line', 'persistent-id'],
  ['Q', 'BINPERSID', 1, 'none', 'none'],
] as const satisfies readonly (readonly [string, string, number, ArgumentForm, ArgumentKind])[]

/** A name of an opcode. */
export type OpcodeName = (typeof ROWS)[number][1]

/** All opcodes. */
export const OPCODES: readonly Opcode[] = ROWS.map(([character, name, protocol, form, kind]) => ({
  code: character.charCodeAt(0),
  name,
  protocol,
  form,
  kind,
}))

/** Opcodes by their byte; undefined where a byte is no opcode. */
export const OPCODE_BY_BYTE: readonly (Opcode | undefined)[] = Array.from({ length: 256 }, (_, code) =>
  OPCODES.find((opcode) => opcode.code === code),
)
