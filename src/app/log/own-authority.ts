/**
 * The timestamp authority of this installation, beside its log: keys and certificates in the folder of keys, serials at
 * random.
 */
import { createPublicKey } from 'node:crypto'
import { join } from 'node:path'
import { isFault, systemClock, systemRandomness } from '../../base/index.ts'
import {
  issueTimestamp,
  loadOrCreateAuthority,
  refuseTimestamp,
  webCryptography,
  writeTrustedRoot,
  type OwnAuthority,
} from '../../certificate/index.ts'
import type { Context } from '../context.ts'
import type { Stamp } from '../http/log-timestamp.ts'
import type { OpenedLog } from './open-log.ts'

/** Bytes of a serial: so many that chance never gives one twice. */
const SERIAL_BYTES = 16

/** Makes keys and certificates at the first call. @throws Fault like {@link loadOrCreateAuthority} */
export function openOwnAuthority({ places }: Context): Promise<OwnAuthority> {
  const folder = join(places.keys, 'tsa')
  const now = systemClock.now()
  return loadOrCreateAuthority(folder, { organization: 'Tidewaiter', name: 'Tidewaiter timestamps', now })
}

/** Answers requests: a timestamp, or a refusal in the words of the protocol. Throws only for what is our own fault. */
export function stampBy({ key, chain }: OwnAuthority): Stamp {
  return async (request) => {
    const serial = BigInt(`0x${Buffer.from(systemRandomness(SERIAL_BYTES)).toString('hex')}`)
    try {
      return await issueTimestamp(request, { key, chain, now: systemClock.now(), serial })
    } catch (thrown) {
      const refusal = isFault(thrown) ? refuseTimestamp(thrown) : undefined
      if (refusal === undefined) throw thrown
      return refusal
    }
  }
}

/**
 * What others need to trust log and authority: `trusted_root.json`.
 *
 * @param baseUrl where the log is served; its host is the origin
 * @throws Fault `trusted-root` when the host is another
 */
export function describeTrust(
  { log, publicKeyPem }: OpenedLog,
  { chain, validFrom }: OwnAuthority,
  baseUrl: string,
): Promise<string> {
  const publicKey = createPublicKey(publicKeyPem).export({ type: 'spki', format: 'der' }).subarray(-32)
  const trustedLog = { baseUrl, origin: log.origin, publicKey, validFrom }
  const authority = { chain, uri: `${baseUrl}/api/v1/timestamp`, validFrom }
  return writeTrustedRoot({ logs: [trustedLog], timestampAuthorities: [authority] }, webCryptography)
}
