/**
 * The timestamp authority of this installation, beside its log: keys and certificates in the folder of keys, serials at
 * random.
 */
import { join } from 'node:path'
import { isFault, systemClock, systemRandomness } from '../../base/index.ts'
import {
  issueTimestamp,
  loadOrCreateAuthority,
  refuseTimestamp,
  webCryptography,
  writeTrustedRoot,
  type OwnAuthority,
  type RootLog,
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

/** A log of this installation as others trust it: since there is an authority to stamp its entries. */
export function describeLog({ log, publicKey }: OpenedLog, { validFrom }: OwnAuthority, baseUrl: string): RootLog {
  return { baseUrl, origin: log.origin, publicKey, validFrom }
}

/**
 * What others need to trust log and authority: `trusted_root.json`.
 *
 * @param baseUrl where the log is served; its host is the origin
 * @throws Fault `trusted-root` when the host is another
 */
export function describeTrust(opened: OpenedLog, own: OwnAuthority, baseUrl: string): Promise<string> {
  const { chain, validFrom } = own
  const authority = { chain, uri: `${baseUrl}/api/v1/timestamp`, validFrom }
  const root = { logs: [describeLog(opened, own, baseUrl)], timestampAuthorities: [authority] }
  return writeTrustedRoot(root, webCryptography)
}
