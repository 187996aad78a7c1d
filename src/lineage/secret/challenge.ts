/**
 * A challenge: three tensors of a registered model that a public random value chooses.
 *
 * Two are taken among the matrices whose unit signs the kit holds and one among its other places. The choice follows
 * from the kit's digest and the value of a beacon that was published after the registration, so neither the vendor
 * nor the registry can choose, and anybody can work it out again.
 *
 * A registrant of whose sign-bearing matrices a share f does not fit the kit escapes one challenge with probability at
 * most (1 − f)²: with every sign forged, never. See `docs/method/secret-models.md`, section 5.
 */
import { z } from 'zod'
import { Fault, sha256 } from '../../base/index.ts'
import { PrfStream } from './prf.ts'
import { encodeKit, type SecretKit } from './secret-kit.ts'
import { leafTargets } from './tensor-leaves.ts'

/** Chosen among sign-bearing matrices, and among the other places. */
export const CHOSEN = { bearing: 2, others: 1 } as const
const LONGEST_BEACON = 4096

const challengeSchema = z.strictObject({
  schema: z.literal('tidewaiter/kit-challenge/v1'),
  kit: z.string().regex(/^[0-9a-f]{64}$/),
  beacon: z.string().min(1).max(LONGEST_BEACON),
  leaves: z.array(z.int().min(0)).min(1).max(3),
})

/** See the module. */
export type Challenge = Readonly<z.infer<typeof challengeSchema>>

/** Distinct numbers from `from` on, each equally likely. */
function choose(stream: PrfStream, range: { from: number; size: number; count: number }): number[] {
  const left = Array.from({ length: range.size }, (_, i) => range.from + i)
  return Array.from(
    { length: Math.min(range.count, range.size) },
    () => left.splice(stream.below(left.length), 1)[0] ?? 0,
  )
}

/**
 * The challenge that a beacon gives for a kit.
 *
 * @param beacon as published, to the character
 * @throws Fault `bad-beacon` when it is empty or longer than 4,096 characters
 */
export function challengeKit(kit: SecretKit, beacon: string): Challenge {
  if (beacon === '' || beacon.length > LONGEST_BEACON || !beacon.isWellFormed())
    throw new Fault('bad-beacon', `a beacon has 1 to ${LONGEST_BEACON} characters`)
  const digest = sha256(encodeKit(kit))
  const stream = new PrfStream(Buffer.from(sha256(`${digest}\n${beacon}`), 'hex'), 'challenge')
  const { targets, bearing } = leafTargets(kit)
  const leaves = [
    ...choose(stream, { from: 0, size: bearing, count: CHOSEN.bearing }),
    ...choose(stream, { from: bearing, size: targets.length - bearing, count: CHOSEN.others }),
  ]
  return { schema: 'tidewaiter/kit-challenge/v1', kit: digest, beacon, leaves }
}

/** Reads a challenge and works it out again. @throws Fault `bad-challenge` when it is not the one that its beacon gives */
export function readChallenge(text: string, kit: SecretKit): Challenge {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw new Fault('bad-challenge', 'not JSON', { cause })
  }
  const { success, data } = challengeSchema.safeParse(parsed)
  if (!success) throw new Fault('bad-challenge', 'not a challenge')
  const expected = challengeKit(kit, data.beacon)
  if (data.kit !== expected.kit) throw new Fault('bad-challenge', 'it was made for another kit')
  if (data.leaves.join() !== expected.leaves.join())
    throw new Fault(
      'bad-challenge',
      `it names the leaves ${data.leaves.join()}, and its beacon gives ${expected.leaves.join()}`,
    )
  return expected
}
