/**
 * What is distributed, what of it must be readable, and where it lies at home.
 *
 * A target that we cannot read is refused before it is published and before it takes the place of one that we can.
 */
import { join } from 'node:path'
import { Fault, parseStrictJson } from '../../base/index.ts'
import { loadTuf, readKeyring, webCryptography, type Keyring } from '../../certificate/index.ts'
import { KEYRING_NAME } from '../keys/keyring-file.ts'

/** The targets, in the order in which they are fetched. */
export const TARGETS: readonly string[] = [KEYRING_NAME, 'trusted_root.json', 'signing_config.json', 'policy.txt']

/** Folder of what is trusted. */
export function trustFolder(home: string): string {
  return join(home, 'trust')
}

/** Holds the content of a target. @throws Fault `trust-target` for a name that is not distributed, those of `readKeyring` and `parseStrictJson` */
export async function checkTarget(name: string, bytes: Uint8Array): Promise<void> {
  if (!TARGETS.includes(name))
    throw new Fault('trust-target', `"${name.slice(0, 100)}" is not distributed; ${TARGETS.join(', ')} are`)
  if (name === KEYRING_NAME) await readKeyring(bytes, webCryptography)
  else if (name.endsWith('.json')) parseStrictJson(bytes, { maxBytes: 8 * 1024 * 1024 })
  else new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

/** What this installation trusts by its last refresh. */
export interface InstalledTrust {
  /** RFC 3339; after it the state is too old to be relied on. */
  readonly expires: string
  readonly isStale: boolean
  readonly keyring: Keyring | undefined
  /** Target by name: `trusted_root.json`, `policy.txt`. */
  readonly targets: ReadonlyMap<string, Uint8Array>
}

/** Reads what was refreshed. @throws Fault `trust-anchor` when nothing was, `trust-refused`, those of `readKeyring` */
export async function openInstalledTrust(home: string, now: number): Promise<InstalledTrust> {
  const { readTrust } = await loadTuf()
  const { state, targets } = readTrust(trustFolder(home))
  const bytes = targets.get(KEYRING_NAME)
  const keyring = bytes === undefined ? undefined : await readKeyring(bytes, webCryptography)
  return { expires: state.expires, isStale: Date.parse(state.expires) <= now, keyring, targets }
}
