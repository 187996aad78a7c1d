/**
 * What `torch.save` wrote before its zip format: magic number, protocol, system, object and keys as five streams.
 *
 * A reader of its own takes such files apart; here they are only told from files that hold several streams for other
 * reasons. Source: `torch/serialization.py` (_legacy_save).
 */
import { Buffer } from 'node:buffer'
import type { ByteSource } from '../byte-source.ts'
import type { PickleProof } from './proof.ts'

/** The number, as LONG1 holds it, and STOP. */
const MAGIC = '8a0a6cfc9c46f9206aa850192e'
/** PROTO, perhaps FRAME, and the number. */
const HEADS = /^80(?:0[23]|0[45](?:95[0-9a-f]{16})?)$/
/** The second stream holds 1001, the version of the format. */
const VERSION = /^80(?:0[23]|0[45](?:95[0-9a-f]{16})?)4de9032e$/
const LONGEST_HEAD = 32

/** Streams before the storages. */
export const TORCH_STREAMS = 5
/** Number of the stream that holds the object. */
export const TORCH_OBJECT = 3

function hexOf(source: ByteSource, from: number, to: number): string {
  return Buffer.from(source.read(from, Math.min(to, source.size) - from)).toString('hex')
}

/** Whether a file begins with the magic number, written as a number. */
export function isLegacyTorch(source: ByteSource): boolean {
  const head = hexOf(source, 0, LONGEST_HEAD)
  const at = head.indexOf(MAGIC)
  return at > 0 && HEADS.test(head.slice(0, at))
}

/** Whether the second stream is the version that follows the magic number, in a file that does not begin with it. */
export function isComputedMagic(source: ByteSource, second: Pick<PickleProof, 'from' | 'to'>): boolean {
  return second.to - second.from <= LONGEST_HEAD && VERSION.test(hexOf(source, second.from, second.to))
}
