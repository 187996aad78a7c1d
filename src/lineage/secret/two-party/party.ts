/**
 * One party of the comparison of two secret sketches: learns whether their dot product reaches the threshold.
 *
 * Both send and receive in ten rounds: shares of their vectors; the vectors masked by the dealt ones; the masked
 * distance from the threshold; six rounds for the sign of the distance from the bits of its mask; shares of the answer.
 * Everything that is opened on the way is uniform, whatever the secrets are.
 *
 * Guarantee: parties who follow the protocol learn the answer and nothing else, without any assumption on computing
 * power, as long as the dealer works with neither. A party who deviates can make the answer wrong or learn one bit of
 * his choosing: this is for parties who are honest but curious.
 * Source: D. Beaver, CRYPTO 1991; parallel prefix: P. Kogge, H. Stone, IEEE Trans. Comput. C-22 (1973).
 */
import { z } from 'zod'
import { canonicalJson, Fault, type Randomness } from '../../../base/index.ts'
import { parseJson, type Dealt } from './dealer.ts'
import { add, dotRing, randomRing, ringBytes, ringOf, subtract, toRing, wrap, type Ring } from './ring.ts'

const messageSchema = z.strictObject({
  schema: z.literal('tidewaiter/two-party/v1'),
  session: z.string().regex(/^[0-9a-f]{64}$/),
  from: z.union([z.literal(0), z.literal(1)]),
  round: z.int().min(0).max(15),
  data: z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/),
})

/** Bits below the sign. */
const LOW_BITS = 63

/** A party in the middle of a run: yields messages to the other and takes the other's; returns the answer. */
export type PartyRun = Generator<string, boolean, string>

/** Shares modulo 2 of whether a run of bits makes a borrow, and of whether it passes one on. */
interface Borrow {
  readonly makes: number
  readonly passes: number
}

class Exchange {
  readonly #dealt: Dealt
  #round = 0

  constructor(dealt: Dealt) {
    this.#dealt = dealt
  }

  /** Sends bytes and gives those of the other, which must be as many. */
  *swap(bytes: Uint8Array): Generator<string, Uint8Array, string> {
    const { session, role } = this.#dealt
    const round = this.#round++
    const data = Buffer.from(bytes).toString('base64')
    const reply = yield canonicalJson({ schema: 'tidewaiter/two-party/v1', session, from: role, round, data })
    return this.#read(reply, round, bytes.length)
  }

  /** As {@link swap}, for bits. */
  *swapBits(bits: Uint8Array): Generator<string, Uint8Array, string> {
    const theirs = yield* this.swap(bits)
    if (theirs.some((bit) => bit > 1)) throw new Fault('bad-message', 'a bit is neither 0 nor 1')
    return theirs
  }

  #read(text: string, round: number, length: number): Uint8Array {
    const { data } = messageSchema.safeParse(parseJson(text))
    if (data === undefined) throw new Fault('bad-message', 'not a message of this protocol')
    if (data.session !== this.#dealt.session) throw new Fault('bad-message', 'a message of another session')
    if (data.from === this.#dealt.role) throw new Fault('bad-message', 'a message of one’s own')
    if (data.round !== round) throw new Fault('bad-message', `round ${data.round} where ${round} is due`)
    const bytes = Uint8Array.from(Buffer.from(data.data, 'base64'))
    if (bytes.length !== length) throw new Fault('bad-message', `${bytes.length} bytes, not ${length}`)
    return bytes
  }
}

/** Splits the own vector and gives the share of it that is kept, and the share of the other's that came. */
function* shareVectors(
  exchange: Exchange,
  own: Ring,
  randomness: Randomness,
): Generator<string, { kept: Ring; got: Ring }, string> {
  const sent = randomRing(randomness, own.length)
  const got = ringOf(yield* exchange.swap(ringBytes(sent)))
  return { kept: subtract(own, sent), got }
}

/** The share of the dot product. */
function* multiply(exchange: Exchange, dealt: Dealt, shares: { x: Ring; y: Ring }): Generator<string, bigint, string> {
  const { a, b, c, role, length } = dealt
  const ours = [subtract(shares.x, a), subtract(shares.y, b)] as const
  const theirs = ringOf(yield* exchange.swap(Buffer.concat(ours.map(ringBytes))))
  const d = add(ours[0], theirs.subarray(0, length))
  const e = add(ours[1], theirs.subarray(length))
  return wrap(c + dotRing(d, b) + dotRing(e, a) + (role === 0 ? dotRing(d, e) : 0n))
}

/** Shares of the products of shared bits. */
function* andBits(
  exchange: Exchange,
  { role, triples }: Dealt,
  input: { x: readonly number[]; y: readonly number[]; from: number },
): Generator<string, number[], string> {
  const { x, y, from } = input
  const triple = (i: number): { u: number; v: number; w: number } => ({
    u: triples.u[from + i] ?? 0,
    v: triples.v[from + i] ?? 0,
    w: triples.w[from + i] ?? 0,
  })
  const ours = Uint8Array.from([...x.map((bit, i) => bit ^ triple(i).u), ...y.map((bit, i) => bit ^ triple(i).v)])
  const theirs = yield* exchange.swapBits(ours)
  return x.map((_, i) => {
    const { u, v, w } = triple(i)
    const d = (ours[i] ?? 0) ^ (theirs[i] ?? 0)
    const e = (ours[x.length + i] ?? 0) ^ (theirs[x.length + i] ?? 0)
    return w ^ (d & v) ^ (e & u) ^ (role === 0 ? d & e : 0)
  })
}

/** Halves the list: each pair becomes the borrow of both runs, the lower first. */
function* joinPairs(
  exchange: Exchange,
  dealt: Dealt,
  level: { runs: readonly Borrow[]; from: number },
): Generator<string, Borrow[], string> {
  const { runs, from } = level
  const pairs = Array.from({ length: runs.length >> 1 }, (_, i) => [runs[2 * i], runs[2 * i + 1]] as [Borrow, Borrow])
  const passes = pairs.map(([, high]) => high.passes)
  const x = [...passes, ...passes]
  const y = [...pairs.map(([low]) => low.makes), ...pairs.map(([low]) => low.passes)]
  const products = yield* andBits(exchange, dealt, { x, y, from })
  const joined = pairs.map(([, high], i) => ({
    makes: high.makes ^ (products[i] ?? 0),
    passes: products[pairs.length + i] ?? 0,
  }))
  const rest = runs.length % 2 === 1 ? runs.slice(-1) : []
  return [...joined, ...rest]
}

/** The share of the sign of `masked` − mask, both modulo 2^64. */
function* signOf(exchange: Exchange, dealt: Dealt, masked: bigint): Generator<string, number, string> {
  const open = (i: number): number => Number((masked >> BigInt(i)) & 1n)
  const own = dealt.role === 0 ? 1 : 0
  let runs: readonly Borrow[] = Array.from({ length: LOW_BITS }, (_, i) => {
    const bit = dealt.maskBits[i] ?? 0
    return { makes: (1 ^ open(i)) & bit, passes: bit ^ (own & (1 ^ open(i))) }
  })
  for (let from = 0; runs.length > 1;) {
    const used = 2 * (runs.length >> 1)
    runs = yield* joinPairs(exchange, dealt, { runs, from })
    from += used
  }
  return (own & open(LOW_BITS)) ^ (dealt.maskBits[LOW_BITS] ?? 0) ^ (runs[0]?.makes ?? 0)
}

/** What a party brings. */
export interface PartyInput {
  readonly dealt: Dealt
  /** The secret sketch, as long as the terms say. */
  readonly sketch: Int8Array
  readonly randomness: Randomness
}

/**
 * Begins a run. Each `next` takes the other's last message and gives the own next one; the first takes none.
 *
 * @returns true when the dot product of both sketches is at least the threshold
 * @throws Fault `length-mismatch` when the sketch does not fit the terms; `bad-message` for any message that the other
 *   would not have sent
 */
export function* runParty({ dealt, sketch, randomness }: PartyInput): PartyRun {
  if (sketch.length !== dealt.length)
    throw new Fault('length-mismatch', `a sketch of ${sketch.length} numbers, terms of ${dealt.length}`)
  const exchange = new Exchange(dealt)
  const { kept, got } = yield* shareVectors(exchange, toRing(sketch), randomness)
  const shares = dealt.role === 0 ? { x: kept, y: got } : { x: got, y: kept }
  const product = yield* multiply(exchange, dealt, shares)
  const distance = wrap(product - (dealt.role === 0 ? BigInt(dealt.threshold) : 0n))
  const ours = BigUint64Array.of(wrap(distance + dealt.mask))
  const theirs = ringOf(yield* exchange.swap(ringBytes(ours)))
  const sign = yield* signOf(exchange, dealt, wrap((ours[0] ?? 0n) + (theirs[0] ?? 0n)))
  const [other = 0] = yield* exchange.swapBits(Uint8Array.of(sign))
  return (sign ^ other) === 0
}
