/**
 * The beacon: which probes a test asks is decided by the log, after the test was announced.
 *
 * The seed is the digest of the root of the first checkpoint that contains the intent, followed by the hash of the
 * intent's leaf. The station cannot know it when it announces the test, and whoever has the log can compute it again.
 * From the seed the probes are drawn out of a sealed bank, whose Merkle root was published before, in an order and with
 * variants that the seed decides too.
 *
 * The sampler. Block i is SHA-256(seed ‖ "tidewaiter/draw/v1" ‖ i as 8 bytes, big-endian) and gives four words of 64 bits,
 * big-endian. For j = 0, 1, … the next word below the largest multiple of n − j in 2^64 is taken modulo n − j (others are
 * passed over); it says which of the positions that are left is drawn, by the shuffle of Fisher and Yates.
 *
 * Guarantee: every ordered choice of k among n has the same probability if SHA-256 is a random function.
 * Assumed: whoever writes the log does not hold back checkpoints until one has a root that it likes; witnesses that see
 * each checkpoint bound that, and `docs/adr/0017-dockets.md` says what is left.
 * Source: Durstenfeld, Algorithm 235, CACM 7 (1964).
 */
import { canonicalJson, Fault } from '../../base/index.ts'
import type { Cryptography } from '../cryptography.ts'
import { concatBytes, decodeHex, toHex, toUtf8 } from '../encoding.ts'

/** Probes that are drawn at most. */
const MAX_DRAW = 100_000
const DRAW = toUtf8('tidewaiter/draw/v1')
const VARIANT = toUtf8('tidewaiter/variant/v1')
const WORDS = 2n ** 64n

/** What the seed is the digest of. @throws Fault `hex` */
export function seedInput(root: string, intent: string): Uint8Array {
  return concatBytes(decodeHex(root, 'root'), decodeHex(intent, 'intent'))
}

/**
 * The seed of a test.
 *
 * @param root root of the first checkpoint that contains the intent, 64 hex digits
 * @param intent hash of the register leaf of the intent, 64 hex digits
 * @throws Fault `hex`
 */
export async function deriveSeed(root: string, intent: string, cryptography: Cryptography): Promise<string> {
  return toHex(await cryptography.sha256(seedInput(root, intent)))
}

function counted(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value)
  return bytes
}

async function* wordsOf(seed: Uint8Array, cryptography: Cryptography): AsyncGenerator<bigint> {
  for (let block = 0n; ; block++) {
    const hash = await cryptography.sha256(concatBytes(seed, DRAW, counted(block)))
    const view = new DataView(hash.buffer, hash.byteOffset, hash.length)
    for (let at = 0; at < 32; at += 8) yield view.getBigUint64(at)
  }
}

/** What is drawn. */
export interface Draw {
  /** 64 hex digits; see {@link deriveSeed}. */
  readonly seed: string
  /** Probes in the bank, at least 1. */
  readonly size: number
  /** How many are drawn, at most `size`. */
  readonly count: number
}

/**
 * Draws positions of the bank, without repetition, in the order in which they are asked.
 *
 * @throws Fault `draw-size`, `hex`
 */
export async function drawProbes({ seed, size, count }: Draw, cryptography: Cryptography): Promise<readonly number[]> {
  if (!Number.isSafeInteger(size) || !Number.isInteger(count) || count < 0 || count > Math.min(size, MAX_DRAW))
    throw new Fault('draw-size', `${count} of ${size} probes cannot be drawn; at most ${MAX_DRAW}`)
  const drawn: number[] = []
  /** Where a position of the shuffled bank does not hold its own number. */
  const moved = new Map<number, number>()
  const words = wordsOf(decodeHex(seed, 'seed'), cryptography)
  while (drawn.length < count) {
    const left = BigInt(size - drawn.length)
    const { value: word } = await words.next()
    if (typeof word !== 'bigint' || word >= WORDS - (WORDS % left)) continue
    const at = drawn.length + Number(word % left)
    drawn.push(moved.get(at) ?? at)
    moved.set(at, moved.get(drawn.length - 1) ?? drawn.length - 1)
  }
  return drawn
}

/** Digest of what was drawn, as a result states it: SHA-256 of the positions as canonical JSON. */
export async function digestOfDraw(positions: readonly number[], cryptography: Cryptography): Promise<string> {
  return toHex(await cryptography.sha256(toUtf8(canonicalJson(positions))))
}

/** The seed of the variant (paraphrase, order of answers) of the probe at a position: SHA-256(seed ‖ "tidewaiter/variant/v1" ‖ position). */
export async function variantSeed(seed: string, position: number, cryptography: Cryptography): Promise<string> {
  return toHex(await cryptography.sha256(concatBytes(decodeHex(seed, 'seed'), VARIANT, counted(BigInt(position)))))
}
