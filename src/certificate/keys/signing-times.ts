/**
 * When each of several signers signed, by the timestamps in their bundles.
 *
 * A timestamp covers the signature and not the key, so the time belongs to whoever's signature it is; that the key made
 * it is found out when the voices are counted.
 */
import { readBundle } from '../bundle.ts'
import { checkTimestamps } from '../check-timestamp.ts'
import type { Cryptography } from '../cryptography.ts'
import type { TimestampAuthority } from '../timestamp/verify.ts'

/** What times are read by. */
export interface SigningTimesContext {
  /** Clocks that are trusted; without any, no time is. */
  readonly authorities: readonly TimestampAuthority[]
  /** ms since 1970. */
  readonly now: number
  readonly cryptography: Cryptography
}

/**
 * The trusted times by key id, ms since 1970; a bundle without a timestamp is not among them.
 *
 * @throws Fault like `readBundle` and `checkTimestamps`
 */
export async function signingTimesOf(
  files: readonly Uint8Array[],
  context: SigningTimesContext,
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>()
  for (const file of files) {
    const bundle = readBundle(file)
    const { value } = await checkTimestamps(bundle, { ...context, required: false })
    if (value !== undefined && bundle.hint !== undefined) times.set(bundle.hint, value)
  }
  return times
}
