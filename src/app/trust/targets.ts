/**
 * What is distributed, what of it must be readable, and where it lies at home.
 *
 * A target that we cannot read is refused before it is published and before it takes the place of one that we can.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, parseStrictJson } from '../../base/index.ts'
import {
  checkSuccessor,
  equalBytes,
  idOfLog,
  loadTuf,
  logIdInside,
  readKeyring,
  trustedKeysOf,
  webCryptography,
  type Keyring,
} from '../../certificate/index.ts'
import { readPolicy, readTrustedRoot, type VerificationOptions } from '../../verify.ts'
import { KEYRING_NAME } from '../keys/keyring-file.ts'

const TRUSTED_ROOT_NAME = 'trusted_root.json'
const POLICY_NAME = 'policy.txt'
const MAX_BYTES = 8 * 1024 * 1024

/** The targets, in the order in which they are fetched. */
export const TARGETS: readonly string[] = [KEYRING_NAME, TRUSTED_ROOT_NAME, 'signing_config.json', POLICY_NAME]

/** Folder of what is trusted. */
export function trustFolder(home: string): string {
  return join(home, 'trust')
}

/** True when what is trusted was refreshed once; also when a refresh died as it was about to replace it. */
export function wasRefreshed(home: string): boolean {
  return ['targets', 'targets.old'].some((name) => existsSync(join(trustFolder(home), name)))
}

/** Holds the content of a target. @throws Fault `trust-target` for a name that is not distributed, and those of their readers */
export async function checkTarget(name: string, bytes: Uint8Array): Promise<void> {
  if (!TARGETS.includes(name))
    throw new Fault('trust-target', `"${name.slice(0, 100)}" is not distributed; ${TARGETS.join(', ')} are`)
  if (name === KEYRING_NAME) await readKeyring(bytes, webCryptography)
  else if (name === TRUSTED_ROOT_NAME) await readTrustedRoot(bytes, webCryptography)
  else if (name === POLICY_NAME) await readPolicy(bytes, webCryptography)
  else parseStrictJson(bytes, { maxBytes: MAX_BYTES })
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

/** What is trusted when nothing is named, for whoever verifies. */
export interface UsableTrust {
  readonly keyring: Keyring | undefined
  /** Keys, logs, clocks and witnesses. */
  readonly options: Partial<VerificationOptions>
  /** The file that the logs and clocks were read from, for whoever asks another tool the same. */
  readonly trustedRoot?: string
}

/** The file by which strangers trust log and authority of this installation. */
export function ownRootPath(home: string): string {
  return join(trustFolder(home), 'own', TRUSTED_ROOT_NAME)
}

/**
 * Log and clock of this installation, when it has made them; not asked for. They are for what says that it stands in this
 * log: whose bundle is of another is not refused because a log of one's own is there.
 *
 * @throws Fault `trusted-root`
 */
async function ownTrust(home: string, bundle: Uint8Array | undefined): Promise<UsableTrust | undefined> {
  const path = ownRootPath(home)
  if (!existsSync(path)) return undefined
  const { logs, timestampAuthorities } = await readTrustedRoot(readFileSync(path), webCryptography)
  if (bundle !== undefined) {
    const named = logIdInside(Buffer.from(bundle).toString('utf8'))
    const ids = await Promise.all(logs.map((log) => idOfLog(log, webCryptography)))
    if (named === undefined || !ids.some((id) => equalBytes(id, named))) return undefined
  }
  return { keyring: undefined, options: { trustedLogs: logs, timestampAuthorities }, trustedRoot: path }
}

async function readWitnesses(bytes: Uint8Array | undefined): Promise<Partial<VerificationOptions>> {
  if (bytes === undefined) return {}
  return { witnessPolicy: await readPolicy(bytes, webCryptography) }
}

async function readLogs(bytes: Uint8Array | undefined): Promise<Partial<VerificationOptions>> {
  if (bytes === undefined) return {}
  const { logs, timestampAuthorities } = await readTrustedRoot(bytes, webCryptography)
  return {
    trustedLogs: logs,
    timestampAuthorities,
    requireLog: logs.length > 0,
    requireTimestamp: timestampAuthorities.length > 0,
  }
}

/**
 * What the last refresh says is to be trusted; log and clock of this installation, if it has any, when it was never told
 * whom to trust and the bundle, where one is given, says that it stands in this log.
 *
 * @throws Fault `trust-stale` when the state is too old, and those of {@link openInstalledTrust}
 */
export async function installedTrust(home: string, now: number, bundle?: Uint8Array): Promise<UsableTrust | undefined> {
  if (!wasRefreshed(home)) return ownTrust(home, bundle)
  const { isStale, expires, keyring, targets } = await openInstalledTrust(home, now)
  if (isStale)
    throw new Fault('trust-stale', `what is trusted here ended ${expires}; run: tidewaiter trust refresh --from …`)
  const options = {
    ...(keyring === undefined ? {} : { trustedKeys: trustedKeysOf(keyring, now) }),
    ...(await readLogs(targets.get(TRUSTED_ROOT_NAME))),
    ...(await readWitnesses(targets.get(POLICY_NAME))),
  }
  return {
    keyring,
    options,
    ...(targets.has(TRUSTED_ROOT_NAME) ? { trustedRoot: join(trustFolder(home), 'targets', TRUSTED_ROOT_NAME) } : {}),
  }
}

/**
 * A check of targets for a repository or home that holds some already: a keyring must follow the one before.
 *
 * @throws Fault like {@link checkTarget}, `keyring-successor`
 */
export function checkAfter(before: Uint8Array | undefined): (name: string, bytes: Uint8Array) => Promise<void> {
  return async (name, bytes) => {
    await checkTarget(name, bytes)
    if (name !== KEYRING_NAME || before === undefined) return
    checkSuccessor(await readKeyring(before, webCryptography), await readKeyring(bytes, webCryptography))
  }
}
