/** The status list of this installation with the key that signs it, when it has one that may. */
import { isFault, systemClock } from '../../base/index.ts'
import type { TransparencyLog } from '../../log/index.ts'
import type { Context } from '../context.ts'
import { findSigner } from '../keys/load-signer.ts'
import { rememberIssuer, whoMaySpeak } from './issuers.ts'
import { OwnStatusList } from './status-list.ts'

/**
 * Opens it; undefined where there is no key yet, or none that may sign status lists, which is logged.
 *
 * @throws Fault those of keys
 */
export async function ownStatusList(context: Context, log: TransparencyLog): Promise<OwnStatusList | undefined> {
  const signer = await findSigner(context)
  if (signer === undefined) return undefined
  rememberIssuer(context, signer.keyId)
  try {
    return new OwnStatusList({ log, signer, mayIssue: await whoMaySpeak(context), clock: systemClock })
  } catch (thrown) {
    if (!isFault(thrown, 'role')) throw thrown
    context.log.warn({ message: thrown.message }, 'status.no-list')
    return undefined
  }
}
