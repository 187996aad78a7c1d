/**
 * What the dealer hands out before the two parties meet: randomness that fits together and knows nothing of them.
 *
 * A dot product of shared vectors costs one Beaver triple of vectors, the comparison with the threshold one masked
 * number with the bits of its mask, and 124 triples of bits. The dealer sees no message and no secret; whoever has both
 * dealt shares and the messages can compute the secrets, so the dealer must not work with either party.
 *
 * Source: D. Beaver, CRYPTO 1991; comparison by masked opening: T. Nishide, K. Ohta, PKC 2007.
 */
import { z } from 'zod'
import { canonicalJson, Fault, sha256, type Randomness } from '../../../base/index.ts'
import { dotRing, randomRing, ringBytes, ringOf, subtract, wrap, type Ring } from './ring.ts'

/** Triples of bits that one comparison takes: two for each of the 62 inner nodes over 63 bits. */
export const BIT_TRIPLES = 124
const BITS = 64
/** Longest vectors, and largest threshold by magnitude. */
const MOST_LENGTH = 65_536
const MOST_THRESHOLD = 2 ** 40

/** What both parties must agree on. */
export interface Terms {
  /** Hex, new for every run. */
  readonly session: string
  readonly length: number
  /** The dot product from which the answer is yes. */
  readonly threshold: number
}

/** Shares of three bits u, v and u·v for each triple. */
export interface BitTriples {
  readonly u: Uint8Array
  readonly v: Uint8Array
  readonly w: Uint8Array
}

/** What one party is dealt. */
export interface Dealt extends Terms {
  readonly role: 0 | 1
  readonly a: Ring
  readonly b: Ring
  readonly c: bigint
  /** Share of the mask, and shares modulo 2 of its bits. */
  readonly mask: bigint
  readonly maskBits: Uint8Array
  readonly triples: BitTriples
}

function randomBits(randomness: Randomness, length: number): Uint8Array {
  return Uint8Array.from(randomness(length), (byte) => byte & 1)
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((bit, i) => bit ^ (b[i] ?? 0))
}

function ensureTerms({ length, threshold }: Pick<Terms, 'length' | 'threshold'>): void {
  if (!Number.isSafeInteger(length) || length < 1 || length > MOST_LENGTH)
    throw new Fault('bad-terms', `vectors of ${length} numbers; 1 to ${MOST_LENGTH} can be compared`)
  if (!Number.isSafeInteger(threshold) || Math.abs(threshold) > MOST_THRESHOLD)
    throw new Fault('bad-terms', `the threshold ${threshold} is no whole number up to 2^40`)
}

/** Deals for one run. @throws Fault `bad-terms` */
export function deal(terms: Pick<Terms, 'length' | 'threshold'>, randomness: Randomness): readonly [Dealt, Dealt] {
  ensureTerms(terms)
  const { length, threshold } = terms
  const session = sha256(canonicalJson({ id: Buffer.from(randomness(32)).toString('hex'), length, threshold }))
  const [a, b, a0, b0] = [0, 1, 2, 3].map(() => randomRing(randomness, length)) as [Ring, Ring, Ring, Ring]
  const [c0 = 0n, mask = 0n, mask0 = 0n] = randomRing(randomness, 3)
  const maskBits = Uint8Array.from({ length: BITS }, (_, i) => Number((mask >> BigInt(i)) & 1n))
  const maskBits0 = randomBits(randomness, BITS)
  const bits = (): Uint8Array => randomBits(randomness, BIT_TRIPLES)
  const [u, v] = [bits(), bits()]
  const w = u.map((bit, i) => bit & (v[i] ?? 0))
  const first = { u: bits(), v: bits(), w: bits() }
  const second = { u: xor(u, first.u), v: xor(v, first.v), w: xor(w, first.w) }
  const shared = { session, length, threshold }
  return [
    { ...shared, role: 0, a: a0, b: b0, c: c0, mask: mask0, maskBits: maskBits0, triples: first },
    {
      ...shared,
      role: 1,
      a: subtract(a, a0),
      b: subtract(b, b0),
      c: wrap(dotRing(a, b) - c0),
      mask: wrap(mask - mask0),
      maskBits: xor(maskBits, maskBits0),
      triples: second,
    },
  ]
}

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)
const dealtSchema = z.strictObject({
  schema: z.literal('tidewaiter/two-party-dealt/v1'),
  session: z.string().regex(/^[0-9a-f]{64}$/),
  length: z.int().min(1).max(MOST_LENGTH),
  threshold: z.int().min(-MOST_THRESHOLD).max(MOST_THRESHOLD),
  role: z.union([z.literal(0), z.literal(1)]),
  numbers: base64,
  bits: base64,
})

/** Writes what a party is dealt as JSON. */
export function encodeDealt({ session, length, threshold, role, a, b, c, mask, maskBits, triples }: Dealt): string {
  const numbers = [a, b, BigUint64Array.of(c, mask)].map(ringBytes)
  const bits = Buffer.concat([maskBits, triples.u, triples.v, triples.w])
  return canonicalJson({
    schema: 'tidewaiter/two-party-dealt/v1',
    session,
    length,
    threshold,
    role,
    numbers: Buffer.concat(numbers).toString('base64'),
    bits: bits.toString('base64'),
  })
}

/** Reads what a party was dealt. @throws Fault `bad-dealt` */
export function decodeDealt(text: string): Dealt {
  const { data } = dealtSchema.safeParse(parseJson(text))
  if (data === undefined) throw new Fault('bad-dealt', 'not what a dealer writes')
  const { session, length, threshold, role } = data
  const numbers = ringOf(wholeNumbers(data.numbers))
  const bits = Uint8Array.from(Buffer.from(data.bits, 'base64'))
  if (numbers.length !== 2 * length + 2 || bits.length !== BITS + 3 * BIT_TRIPLES || bits.some((bit) => bit > 1))
    throw new Fault('bad-dealt', 'numbers or bits are missing')
  const cut = (i: number): Uint8Array => bits.slice(BITS + i * BIT_TRIPLES, BITS + (i + 1) * BIT_TRIPLES)
  return {
    session,
    length,
    threshold,
    role,
    a: numbers.slice(0, length),
    b: numbers.slice(length, 2 * length),
    c: numbers[2 * length] ?? 0n,
    mask: numbers[2 * length + 1] ?? 0n,
    maskBits: bits.slice(0, BITS),
    triples: { u: cut(0), v: cut(1), w: cut(2) },
  }
}

function wholeNumbers(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  return bytes.subarray(0, bytes.length - (bytes.length % 8))
}

/** A JSON value, or undefined for what is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
