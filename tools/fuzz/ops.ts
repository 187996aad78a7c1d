/**
 * Opcodes with their arguments, as the fuzzer puts them together: a stream is a list of them until it is assembled.
 */
import { OPCODES, type Opcode, type OpcodeName } from '../../src/formats/pickle/opcodes.ts'

/** One opcode with the bytes that follow it. */
export interface Op {
  readonly name: OpcodeName
  readonly argument: Uint8Array
}

const BY_NAME: ReadonlyMap<OpcodeName, Opcode> = new Map(OPCODES.map((opcode) => [opcode.name, opcode]))
const NOTHING = new Uint8Array(0)

/** The opcode of a name. */
export function opcodeOf(name: OpcodeName): Opcode {
  return BY_NAME.get(name) as Opcode
}

/** An opcode; text becomes UTF-8. */
export function op(name: OpcodeName, argument: Uint8Array | string = NOTHING): Op {
  return { name, argument: typeof argument === 'string' ? Buffer.from(argument) : argument }
}

/** A little-endian number of so many bytes. @example u(258, 2) // Uint8Array.of(2, 1) */
export function u(value: number | bigint, bytes: number): Uint8Array {
  const out = new Uint8Array(bytes)
  let left = BigInt.asUintN(8 * bytes, BigInt(value))
  for (let i = 0; i < bytes; i++) {
    out[i] = Number(left & 0xffn)
    left >>= 8n
  }
  return out
}

/** Bytes after their length. */
export function counted(bytes: Uint8Array | string, width: 1 | 4 | 8): Uint8Array {
  const content = Buffer.from(bytes as string)
  return Buffer.concat([u(content.length, width), content])
}

/** A double as BINFLOAT has it. */
export function f64be(value: number): Uint8Array {
  const out = new Uint8Array(8)
  new DataView(out.buffer).setFloat64(0, value)
  return out
}

/** A number as LONG1 has it: two's complement, as short as can be. */
export function shortLong(value: bigint): Uint8Array {
  if (value === 0n) return NOTHING
  let bytes = 1
  while (BigInt.asIntN(8 * bytes, value) !== value) bytes += 1
  return u(value, bytes)
}

/** Bytes of one opcode. */
export function bytesOf({ name, argument }: Op): Uint8Array {
  return Buffer.concat([Uint8Array.of(opcodeOf(name).code), argument])
}
