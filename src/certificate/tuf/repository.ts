/**
 * The repository: a folder of metadata and targets that any web server can serve.
 *
 * Consistent snapshots: every version keeps its file, named by number or digest, and `timestamp.json` alone is replaced,
 * last of all, so that a client sees the old state or the new one and never a mixture. A version that is already there
 * is never written again: two publishers that run together cannot make two states of one number.
 *
 * Source: TUF specification 1.0.34, section 6.2 and "Consistent snapshots".
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Metadata, MetaFile, Snapshot, TargetFile, Targets, Timestamp, type Root } from '@tufjs/models'
import { Fault, formatTime, sha256, toFault } from '../../base/index.ts'
import type { Signer } from '../keys/signing-key.ts'
import { addSignature, makeTufKey, readMetadata, SPEC_VERSION, writeMetadata, type TufRole } from './metadata.ts'
import { checkRoot, readRoot } from './root.ts'

/** What is published. */
export interface Publication {
  /** All targets by name; undefined to leave them as they are and renew the time alone. */
  readonly files: ReadonlyMap<string, Uint8Array> | undefined
  readonly signers: { readonly targets?: Signer; readonly snapshot?: Signer; readonly timestamp: Signer }
  /** ms since 1970. */
  readonly now: number
}

/** Versions after a publication. */
export interface PublishedState {
  readonly root: number
  readonly targets: number
  readonly snapshot: number
  readonly timestamp: number
  /** When clients stop to believe the timestamp, RFC 3339. */
  readonly expires: string
}

const DAY = 24 * 60 * 60 * 1000
/** How long metadata holds: a client that is shown an old state for longer notices. */
const VALIDITY = { targets: 90 * DAY, snapshot: 30 * DAY, timestamp: DAY } as const
const MAX_TARGET = 8 * 1024 * 1024
const TARGET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

function writeNew(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes, { flag: 'wx', flush: true })
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    if (exists) throw new Fault('tuf-version', `${path} is there already; a version is published once`, { cause })
    throw new Fault('cannot-write', `${path} cannot be written: ${toFault(cause).message}`, { cause })
  }
}

function currentRootVersion(folder: string): number {
  const names = existsSync(join(folder, 'metadata')) ? readdirSync(join(folder, 'metadata')) : []
  return Math.max(0, ...names.map((name) => Number(/^(\d{1,9})\.root\.json$/.exec(name)?.[1] ?? 0)))
}

/** The newest root of a repository; undefined when it has none. */
export function currentRoot(folder: string): Uint8Array | undefined {
  const version = currentRootVersion(folder)
  return version === 0 ? undefined : readFileSync(join(folder, 'metadata', `${version}.root.json`))
}

/** Puts a root into the repository, after its signatures were counted. @throws Fault like {@link checkRoot} */
export function publishRoot(folder: string, bytes: Uint8Array, now: number): number {
  const { signed } = checkRoot(bytes, currentRoot(folder), now)
  mkdirSync(join(folder, 'metadata'), { recursive: true })
  mkdirSync(join(folder, 'targets'), { recursive: true })
  writeNew(join(folder, 'metadata', `${signed.version}.root.json`), bytes)
  return signed.version
}

interface Place {
  readonly folder: string
  readonly root: Root
}

interface Before {
  /** What the snapshot says of the targets; undefined when nothing is published yet. */
  readonly snapshot: MetaFile | undefined
  readonly timestamp: number
}

function metadataPath({ folder }: Pick<Place, 'folder'>, name: string): string {
  return join(folder, 'metadata', name)
}

function readBefore(place: Pick<Place, 'folder'>): Before {
  const path = metadataPath(place, 'timestamp.json')
  if (!existsSync(path)) return { snapshot: undefined, timestamp: 0 }
  const { version, snapshotMeta } = readMetadata('timestamp', readFileSync(path)).signed
  return { snapshot: snapshotMeta, timestamp: version }
}

/** The version after the highest that lies in the folder, published or left over by a publisher that died. */
function nextVersion({ folder }: Place, role: 'targets' | 'snapshot'): number {
  const pattern = new RegExp(`^(\\d{1,9})\\.${role}\\.json$`)
  const versions = readdirSync(join(folder, 'metadata')).map((name) => Number(pattern.exec(name)?.[1] ?? 0))
  return Math.max(0, ...versions) + 1
}

async function sign(
  metadata: Metadata<Targets> | Metadata<Snapshot> | Metadata<Timestamp>,
  signer: Signer | undefined,
  { root }: Place,
): Promise<Uint8Array> {
  const role: TufRole = metadata.signed.type
  if (signer === undefined)
    throw new Fault('tuf-signer', `the role ${role} has to sign, and no signer was given for it`)
  const { keyID } = makeTufKey(signer.publicKeyPem)
  if (!root.roles[role]?.keyIDs.includes(keyID))
    throw new Fault('tuf-keyholder', `the key ${keyID} does not hold the role ${role} in the root`)
  await addSignature(metadata, signer)
  return writeMetadata(metadata)
}

function commonOf(version: number, now: number, role: keyof typeof VALIDITY): CommonFields {
  return { version, specVersion: SPEC_VERSION, expires: formatTime(now + VALIDITY[role]) }
}

interface CommonFields {
  readonly version: number
  readonly specVersion: string
  readonly expires: string
}

function describeFile(version: number, bytes: Uint8Array): MetaFile {
  return new MetaFile({ version, length: bytes.length, hashes: { sha256: sha256(bytes) } })
}

/** A file that is to be written; nothing is before everything is signed. */
interface Prepared {
  readonly path: string
  readonly bytes: Uint8Array
}

function prepareTargets(place: Place, files: ReadonlyMap<string, Uint8Array>, targets: Targets): readonly Prepared[] {
  return [...files].map(([name, bytes]) => {
    if (!TARGET_NAME.test(name) || bytes.length > MAX_TARGET)
      throw new Fault('tuf-target', `the target "${name.slice(0, 100)}" of ${bytes.length} bytes cannot be published`)
    const hash = sha256(bytes)
    targets.addTarget(new TargetFile({ path: name, length: bytes.length, hashes: { sha256: hash } }))
    return { path: join(place.folder, 'targets', `${hash}.${name}`), bytes }
  })
}

async function prepareFiles(
  place: Place,
  files: ReadonlyMap<string, Uint8Array>,
  { now, signers }: Publication,
): Promise<{ readonly prepared: readonly Prepared[]; readonly snapshot: MetaFile }> {
  const targets = new Targets(commonOf(nextVersion(place, 'targets'), now, 'targets'))
  const contents = prepareTargets(place, files, targets)
  const targetsBytes = await sign(new Metadata(targets), signers.targets, place)
  const version = nextVersion(place, 'snapshot')
  const meta = { 'targets.json': describeFile(targets.version, targetsBytes) }
  const snapshot = new Snapshot({ ...commonOf(version, now, 'snapshot'), meta })
  const snapshotBytes = await sign(new Metadata(snapshot), signers.snapshot, place)
  const metadata = [
    { path: metadataPath(place, `${targets.version}.targets.json`), bytes: targetsBytes },
    { path: metadataPath(place, `${version}.snapshot.json`), bytes: snapshotBytes },
  ]
  return { prepared: [...contents, ...metadata], snapshot: describeFile(version, snapshotBytes) }
}

function replaceTimestamp(place: Place, bytes: Uint8Array, before: number): void {
  const path = metadataPath(place, 'timestamp.json')
  const aside = `${path}.${before + 1}.new`
  rmSync(aside, { force: true })
  writeNew(aside, bytes)
  if (readBefore(place).timestamp !== before)
    throw new Fault('tuf-version', 'another publisher was faster; publish once more')
  renameSync(aside, path)
}

function openPlace(folder: string, now: number): Place {
  const bytes = currentRoot(folder)
  if (bytes === undefined) throw new Fault('tuf-root', `${folder} has no root yet`)
  const { signed: root } = readRoot(bytes)
  if (Date.parse(root.expires) <= now) throw new Fault('tuf-expired', `the root has ended at ${root.expires}`)
  return { folder, root }
}

/** Holds what is left as it is: a new root may have given its roles to others, and metadata ends. */
function checkKept({ folder, root }: Place, { version }: MetaFile, now: number): void {
  const holders = new Metadata(root)
  const read = (name: string): Buffer => readFileSync(metadataPath({ folder }, name))
  const snapshot = readMetadata('snapshot', read(`${version}.snapshot.json`))
  const targets = readMetadata('targets', read(`${snapshot.signed.meta['targets.json']?.version ?? 0}.targets.json`))
  try {
    holders.verifyDelegate('snapshot', snapshot)
    holders.verifyDelegate('targets', targets)
  } catch (cause) {
    throw new Fault(
      'tuf-keyholder',
      'what is published was signed by other keys than the root names; publish the targets anew',
      { cause },
    )
  }
  if (Math.min(Date.parse(snapshot.signed.expires), Date.parse(targets.signed.expires)) < now + VALIDITY.timestamp)
    throw new Fault('tuf-expired', 'what is published ends within a day; publish the targets anew')
}

/**
 * Publishes targets, or renews the time of what is published.
 *
 * @throws Fault `tuf-root` without a root, `tuf-expired`, `tuf-signer`, `tuf-keyholder`, `tuf-target`, `tuf-version`,
 * `cannot-write`
 */
export async function publishState(folder: string, publication: Publication): Promise<PublishedState> {
  const { files, now, signers } = publication
  const place = openPlace(folder, now)
  const before = readBefore(place)
  const made = files === undefined ? undefined : await prepareFiles(place, files, publication)
  const snapshotMeta = made?.snapshot ?? before.snapshot
  if (snapshotMeta === undefined) throw new Fault('tuf-target', 'the repository has no targets yet; name some')
  if (made === undefined) checkKept(place, snapshotMeta, now)
  const timestamp = new Timestamp({ ...commonOf(before.timestamp + 1, now, 'timestamp'), snapshotMeta })
  const bytes = await sign(new Metadata(timestamp), signers.timestamp, place)
  for (const file of made?.prepared ?? []) if (!isWritten(file)) writeNew(file.path, file.bytes)
  replaceTimestamp(place, bytes, before.timestamp)
  const { version: snapshot } = snapshotMeta
  const listed = readMetadata('snapshot', readFileSync(metadataPath(place, `${snapshot}.snapshot.json`))).signed
  const targets = listed.meta['targets.json']?.version ?? 0
  return { root: place.root.version, targets, snapshot, timestamp: timestamp.version, expires: timestamp.expires }
}

/** True for a target that lies there already: its name is its digest. */
function isWritten({ path, bytes }: Prepared): boolean {
  return existsSync(path) && readFileSync(path).equals(bytes)
}

/** The bytes of a target as it is published; undefined when there is none of that name. @throws Fault `tuf-metadata` */
export function publishedTarget(folder: string, name: string): Uint8Array | undefined {
  const { snapshot } = readBefore({ folder })
  if (snapshot === undefined) return undefined
  const read = (file: string): Buffer => readFileSync(metadataPath({ folder }, file))
  const listed = readMetadata('snapshot', read(`${snapshot.version}.snapshot.json`)).signed
  const version = listed.meta['targets.json']?.version ?? 0
  const { targets } = readMetadata('targets', read(`${version}.targets.json`)).signed
  const hash = Object.hasOwn(targets, name) ? targets[name]?.hashes['sha256'] : undefined
  return hash !== undefined && /^[0-9a-f]{64}$/.test(hash)
    ? readFileSync(join(folder, 'targets', `${hash}.${name}`))
    : undefined
}
