/**
 * The root of trust: planned once, signed offline by one keyholder after another, replaced by both old and new holders.
 *
 * The ceremony goes by files: `planRoot` writes a root that nobody signed; each keyholder adds a signature where the key
 * lies; whoever publishes counts. A root that follows another needs the threshold of the one before and its own. Online
 * keys never are root keys, no key stands twice, and more than half of the root keys must sign, so that two halves
 * cannot sign two roots of one version.
 *
 * Source: TUF specification 1.0.34, sections 5.3 and 6.1.
 */
import { Root, type Key, type Metadata } from '@tufjs/models'
import { Fault, formatTime } from '../../base/index.ts'
import type { Signer } from '../keys/signing-key.ts'
import {
  addSignature,
  checkTufKey,
  digestOf,
  hasSignature,
  makeTufKey,
  readMetadata,
  SPEC_VERSION,
  TUF_ROLES,
  writeMetadata,
  type TufRole,
} from './metadata.ts'

/** Who holds which role: public keys in PEM. */
export interface RootPlan {
  readonly root: readonly string[]
  /** Root keys that must sign; more than half of them. */
  readonly threshold: number
  readonly targets: string
  readonly snapshot: string
  readonly timestamp: string
  /** When the root ends, ms since 1970. */
  readonly expires: number
}

/** What changes with the next root; what is left out stays. */
export type RootChange = Partial<Omit<RootPlan, 'expires'>> & Pick<RootPlan, 'expires'>

/** What a root says, and who signed it. */
export interface RootState {
  readonly version: number
  /** RFC 3339. */
  readonly expires: string
  readonly threshold: number
  /** Hex SHA-256 of the bytes that are signed. */
  readonly digest: string
  /** Ids of the root keys. */
  readonly keys: readonly string[]
  /** Those of them whose signature holds. */
  readonly signed: readonly string[]
  /** Ids of the keys of the online roles. */
  readonly roles: { readonly targets: string; readonly snapshot: string; readonly timestamp: string }
}

const ONLINE = ['targets', 'snapshot', 'timestamp'] as const

function keysOf({ keys, roles }: Root, role: TufRole): readonly Key[] {
  return (roles[role]?.keyIDs ?? []).flatMap((keyId) => keys[keyId] ?? [])
}

function checkOnline(signed: Root, role: (typeof ONLINE)[number], rootKeys: readonly string[]): void {
  const [key, ...more] = keysOf(signed, role)
  if (key === undefined || more.length > 0 || signed.roles[role]?.threshold !== 1)
    throw new Fault('tuf-roles', `the role ${role} has not exactly one key`)
  if (rootKeys.includes(key.keyID)) throw new Fault('tuf-roles', `the key of the role ${role} is also a root key`)
}

function checkRoles(signed: Root): void {
  const { keys, roles } = signed
  for (const key of Object.values(keys)) checkTufKey(key)
  const { threshold = 0 } = roles['root'] ?? {}
  const rootKeys = keysOf(signed, 'root').map(({ keyID }) => keyID)
  if (new Set(rootKeys).size < rootKeys.length) throw new Fault('tuf-threshold', 'a root key stands twice')
  if (threshold > rootKeys.length || threshold * 2 <= rootKeys.length)
    throw new Fault('tuf-threshold', `${threshold} of ${rootKeys.length} root keys: more than half must sign`)
  for (const role of ONLINE) checkOnline(signed, role, rootKeys)
  if (Object.keys(roles).length !== TUF_ROLES.length || !signed.consistentSnapshot)
    throw new Fault('tuf-roles', 'the root has other roles than the four, or no consistent snapshots')
}

/** Reads a root and holds it to our rules; its signatures are not counted. @throws Fault `tuf-metadata`, `tuf-key`, `tuf-threshold`, `tuf-roles` */
export function readRoot(bytes: Uint8Array): Metadata<Root> {
  const root = readMetadata('root', bytes)
  checkRoles(root.signed)
  return root
}

function buildRoot(plan: RootPlan, version: number): Uint8Array {
  const root = new Root({
    version,
    specVersion: SPEC_VERSION,
    expires: formatTime(plan.expires),
    consistentSnapshot: true,
  })
  const holders = plan.root.map(makeTufKey)
  for (const key of holders) root.addKey(key, 'root')
  if (new Set(holders.map(({ keyID }) => keyID)).size < holders.length)
    throw new Fault('tuf-threshold', 'a root key stands twice')
  for (const role of ONLINE) root.addKey(makeTufKey(plan[role]), role)
  // The class gives its roles as read-only; the threshold is set through its JSON, as it is written and read.
  const json = root.toJSON() as { readonly roles: Record<string, { readonly keyids: string[]; threshold: number }> }
  if (json.roles['root'] !== undefined) json.roles['root'].threshold = plan.threshold
  return Buffer.from(JSON.stringify({ signatures: [], signed: json }))
}

/** The first root, without signatures. @throws Fault `key-unreadable`, `tuf-threshold`, `tuf-roles` */
export function planRoot(plan: RootPlan): Uint8Array {
  return writeMetadata(readRoot(buildRoot(plan, 1)))
}

function pemOf(signed: Root, role: TufRole): string {
  return keysOf(signed, role)[0]?.keyVal['public'] ?? ''
}

/** The root that follows, without signatures. @throws Fault like {@link planRoot} */
export function planNextRoot(current: Uint8Array, change: RootChange): Uint8Array {
  const { signed } = readRoot(current)
  const plan: RootPlan = {
    root: keysOf(signed, 'root').map(({ keyVal }) => keyVal['public'] ?? ''),
    threshold: signed.roles['root']?.threshold ?? 0,
    targets: pemOf(signed, 'targets'),
    snapshot: pemOf(signed, 'snapshot'),
    timestamp: pemOf(signed, 'timestamp'),
    ...change,
  }
  return writeMetadata(readRoot(buildRoot(plan, signed.version + 1)))
}

/**
 * Adds the signature of one keyholder.
 *
 * @param previous the root before, whose keyholders sign too
 * @throws Fault `tuf-keyholder` when the key holds neither root; `signer`
 */
export async function signRoot(bytes: Uint8Array, signer: Signer, previous?: Uint8Array): Promise<Uint8Array> {
  const root = readRoot(bytes)
  const { keyID } = makeTufKey(signer.publicKeyPem)
  const roots = [root, ...(previous === undefined ? [] : [readRoot(previous)])]
  if (!roots.some(({ signed }) => keysOf(signed, 'root').some((key) => key.keyID === keyID)))
    throw new Fault('tuf-keyholder', `the key ${keyID} is not a root key, neither of this root nor of the one before`)
  await addSignature(root, signer)
  return writeMetadata(root)
}

/** How many keyholders of one root signed another, and how many must. */
export function countSigned(root: Metadata<Root>, holders: Root): { readonly have: number; readonly need: number } {
  const have = keysOf(holders, 'root').filter((key) => hasSignature(root, key)).length
  return { have, need: holders.roles['root']?.threshold ?? Infinity }
}

/**
 * Holds a root against the one before it, or against itself when it is the first.
 *
 * @throws Fault `tuf-threshold` with what is missing, `tuf-version`, `tuf-expired`
 */
export function checkRoot(bytes: Uint8Array, previous: Uint8Array | undefined, now: number): Metadata<Root> {
  const root = readRoot(bytes)
  const before = previous === undefined ? undefined : readRoot(previous)
  const expected = (before?.signed.version ?? 0) + 1
  if (root.signed.version !== expected)
    throw new Fault('tuf-version', `the root has version ${root.signed.version}; ${expected} follows`)
  if (Date.parse(root.signed.expires) <= now)
    throw new Fault('tuf-expired', `the root has ended at ${root.signed.expires}`)
  for (const [which, holders] of [
    ['new', root.signed],
    ['old', before?.signed],
  ] as const) {
    if (holders === undefined) continue
    const { have, need } = countSigned(root, holders)
    if (have < need) throw new Fault('tuf-threshold', `${have} of the ${which} root keys signed; ${need} must`)
  }
  return root
}

/** What a root says, and who of its own keyholders signed it. @throws Fault like {@link readRoot} */
export function describeRoot(bytes: Uint8Array): RootState {
  const root = readRoot(bytes)
  const { signed } = root
  const holders = keysOf(signed, 'root')
  const idOf = (role: TufRole): string => keysOf(signed, role)[0]?.keyID ?? ''
  return {
    version: signed.version,
    expires: signed.expires,
    threshold: signed.roles['root']?.threshold ?? 0,
    digest: digestOf(root),
    keys: holders.map(({ keyID }) => keyID),
    signed: holders.filter((key) => hasSignature(root, key)).map(({ keyID }) => keyID),
    roles: { targets: idOf('targets'), snapshot: idOf('snapshot'), timestamp: idOf('timestamp') },
  }
}
