/**
 * The bytes that a witness signs about a checkpoint.
 *
 * With Ed25519 two lines and the text of the checkpoint; with ML-DSA-44 a structure that also holds the name of the witness
 * and can speak of a part of the log. It does not cover lines after the root, so checkpoints here have none.
 *
 * Source: C2SP tlog-cosignature 1.1.0-rc.1.
 */
import { Fault } from '../../base/index.ts'
import { concatBytes, toUtf8 } from '../encoding.ts'

/** Largest time and size that can be signed. */
const MAX = 2n ** 63n - 1n

/** 8 bytes, the highest first. @throws Fault `cosignature` when it is negative or above 2^63-1 */
export function encodeUint64(value: bigint): Uint8Array {
  if (value < 0n || value > MAX) throw new Fault('cosignature', `${value} is outside 0 … 2^63-1`)
  return Uint8Array.from({ length: 8 }, (_, at) => Number((value >> BigInt(56 - 8 * at)) & 255n))
}

/** Seconds since 1970 at the head of a cosignature. @throws Fault `cosignature` above 2^63-1 */
export function readTime(signature: Uint8Array): bigint {
  const time = signature.subarray(0, 8).reduce((value, byte) => value * 256n + BigInt(byte), 0n)
  if (time > MAX) throw new Fault('cosignature', `the time ${time} is above 2^63-1`)
  return time
}

/** What an Ed25519 witness signs: `text` is that of the checkpoint, with its last newline. */
export function cosignedText(time: bigint, text: string): Uint8Array {
  return toUtf8(`cosignature/v1\ntime ${time}\n${text}`)
}

/** What {@link cosignedMessage} states. */
export interface CosignedStatement {
  readonly cosigner: string
  /** Seconds since 1970; 0 says nothing about when, and is due when `start` is not 0. */
  readonly time: bigint
  readonly origin: string
  readonly start: bigint
  readonly end: bigint
  /** 32 bytes: root of leaves [start, end). */
  readonly hash: Uint8Array
}

function vector(text: string): Uint8Array {
  const bytes = toUtf8(text)
  if (bytes.length < 1 || bytes.length > 255)
    throw new Fault('cosignature', `"${text.slice(0, 60)}" has ${bytes.length} bytes; 1 to 255 can be signed`)
  return concatBytes(Uint8Array.of(bytes.length), bytes)
}

/** What an ML-DSA-44 witness or log signs. @throws Fault `cosignature` when a field cannot be written */
export function cosignedMessage(statement: CosignedStatement): Uint8Array {
  const { cosigner, time, origin, start, end, hash } = statement
  if (hash.length !== 32) throw new Fault('cosignature', `a hash of ${hash.length} bytes`)
  if (start !== 0n && time !== 0n) throw new Fault('cosignature', 'a statement about a part of a log has no time')
  const numbers = [encodeUint64(start), encodeUint64(end)]
  const head = [toUtf8('subtree/v1\n\0'), vector(cosigner), encodeUint64(time), vector(origin)]
  return concatBytes(...head, ...numbers, hash)
}
