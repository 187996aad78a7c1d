/**
 * Is a manifest about these bytes?
 *
 * Compared by name and digest, never by the root, which depends on the order in which the signer's tool listed the
 * files. What the signer recorded is honoured: links are taken only where the record allows them, and what it left out
 * (`ignore_paths`) is no surplus; but files that nobody signed are named, and then the answer is partial. So it is when
 * only some files were asked for, and when digests are of a kind that is not computed here.
 *
 * Guarantee: an outcome that holds means that every file at hand is signed and every signed file is at hand, byte for
 * byte; anything less is a fault or a skipped check with its reason.
 */
import { Fault } from '../../base/index.ts'
import { held, skipped, type Outcome } from '../report.ts'
import { groupByPath, type ByteRange, type OmsHash, type OmsManifest, type Resource } from './oms.ts'
import { sizeOfShards } from './shards.ts'

/** A file at hand. */
export interface FoundFile {
  readonly path: string
  readonly sha256: string
  /** Bytes; wanted where shards are compared. */
  readonly size?: number
}

/** Something at hand that is not read: a link, a device, a name that cannot stand in a manifest. */
export interface UnreadEntry {
  readonly path: string
  readonly isLink: boolean
  /** What it is, for a person. */
  readonly message: string
}

/** Digests that only the one who has the bytes can compute. */
export interface WantedDigests {
  readonly hash: Exclude<OmsHash, 'blake3'>
  /** Without a range the whole file is wanted. */
  readonly pieces: readonly { readonly path: string; readonly range?: ByteRange }[]
}

/** The files at hand. */
export interface FilesAtHand {
  readonly files: readonly FoundFile[]
  /** True when the model is one file and not a folder with one file. */
  readonly isOneFile?: boolean
  readonly unread?: readonly UnreadEntry[]
  /** Lower-case hex in the order of the pieces; without it only SHA-256 of whole files is compared. */
  readonly recompute?: (wanted: WantedDigests) => Promise<readonly string[]>
}

/** What is to be compared. */
export interface ComparisonWishes {
  /** Only these files, and those in these folders: partial at best. */
  readonly only?: readonly string[] | undefined
  /** Pass over files that are not signed: partial when there are any. */
  readonly ignoreUnsigned?: boolean | undefined
  /** Path of the signature, where it lies inside the model. */
  readonly signature?: string | undefined
}

interface Comparison extends ComparisonWishes {
  readonly manifest: OmsManifest
  readonly atHand: FilesAtHand
  readonly found: ReadonlyMap<string, FoundFile>
  /** The signed resources of each path, as far as they are wanted. */
  readonly signed: ReadonlyMap<string, readonly Resource[]>
}

/** A way in which less than everything was compared. */
interface Gap {
  readonly reason: string
  readonly message: string
}

function list(paths: readonly string[]): string {
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : ''
  return paths.slice(0, 3).join(', ') + more
}

/** True when a path or one of the folders that it stands in is among the names; as quick for many names as for few. */
export function isUnder(path: string, names: ReadonlySet<string>): boolean {
  if (names.has(path)) return true
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
    if (names.has(path.slice(0, slash))) return true
  return false
}

/** Resources under the names that the files have here: a tool may have signed one file as ".". */
function signedPaths(
  manifest: OmsManifest,
  { files, isOneFile }: FilesAtHand,
): ReadonlyMap<string, readonly Resource[]> {
  const groups = groupByPath(manifest.resources)
  const [only] = files
  const whole = groups.get('.')
  if (whole === undefined || only === undefined || isOneFile !== true) return groups
  return new Map([[only.path, whole.map((resource) => ({ ...resource, path: only.path }))]])
}

/** The signed paths that were asked for, each by its own name or by that of its folder. @throws Fault `file-unsigned` */
function choose(signed: ReadonlyMap<string, readonly Resource[]>, only: readonly string[] | undefined) {
  if (only === undefined) return signed
  const wanted = new Set(only.map((path) => path.replace(/\/+$/, '')))
  const chosen = new Map([...signed].filter(([path]) => isUnder(path, wanted)))
  const paths = [...chosen.keys()]
  const unknown = [...wanted].find((folder) => !paths.some((path) => isUnder(path, new Set([folder]))))
  if (unknown !== undefined) throw new Fault('file-unsigned', `${unknown} is not among the signed files`)
  return chosen
}

function checkThere({ signed, found, atHand }: Comparison): void {
  const unread = new Map(atHand.unread?.map((entry) => [entry.path, entry]))
  for (const path of signed.keys()) {
    if (found.has(path)) continue
    const entry = unread.get(path)
    if (entry === undefined) throw new Fault('file-missing', `${path} is signed but not there`)
    throw new Fault(
      entry.isLink ? 'file-symlink' : 'file-unreadable',
      `${path} is signed, but here is ${entry.message}`,
    )
  }
}

/** Files at hand that are not signed. @throws Fault `file-extra` */
function checkExtras({ manifest, signed, found, signature, ignoreUnsigned }: Comparison): readonly Gap[] {
  const extras = [...found.keys()].filter((path) => !signed.has(path) && path !== signature)
  const leftOut = new Set(manifest.ignorePaths)
  const ignored = extras.filter((path) => isUnder(path, leftOut))
  const rest = extras.filter((path) => !isUnder(path, leftOut))
  const isEmpty = (path: string): boolean => manifest.method === 'shards' && found.get(path)?.size === 0
  const empty = rest.filter(isEmpty)
  const first = rest.find((path) => !isEmpty(path))
  if (first !== undefined && ignoreUnsigned !== true) throw new Fault('file-extra', `${first} is there but not signed`)
  const covered = `PARTIAL (${signed.size} of ${found.size} files)`
  if (first !== undefined)
    return [{ reason: 'unsigned-files', message: `${covered}: not signed and passed over: ${list(rest)}` }]
  const gaps = [
    { reason: 'files-ignored', paths: ignored, why: 'the signer left out' },
    { reason: 'empty-files-unsigned', paths: empty, why: 'empty files have no shard, so nobody signed' },
  ]
  return gaps
    .filter(({ paths }) => paths.length > 0)
    .map(({ reason, paths, why }) => ({ reason, message: `${covered}: ${why} ${list(paths)}` }))
}

/** Entries at hand that nobody read. @throws Fault `file-symlink`, `file-unreadable` */
function checkUnread({ manifest, atHand }: Comparison): readonly Gap[] {
  const leftOut = new Set(manifest.ignorePaths)
  const entries = (atHand.unread ?? []).filter(({ path }) => !isUnder(path, leftOut))
  const refused = entries.find(({ isLink }) => !isLink || !manifest.allowSymlinks)
  if (refused !== undefined)
    throw new Fault(
      refused.isLink ? 'file-symlink' : 'file-unreadable',
      `${refused.path} is there: ${refused.message}${refused.isLink ? ', and the signer followed none' : ''}`,
    )
  const [link] = entries
  if (link === undefined) return []
  return [
    { reason: 'symlink-not-followed', message: `the signer followed links; ${link.path} is one and was not read` },
  ]
}

function differs(resource: Resource, digest: string): Fault {
  const { path, range } = resource
  const where = range === undefined ? path : `${path}, bytes ${range.start} to ${range.end},`
  return new Fault('file-changed', `${where} is ${digest}, signed is ${resource.digest}`)
}

function checkSizes({ manifest, signed, found }: Comparison): void {
  if (manifest.method === 'files') return
  for (const [path, shards] of signed) {
    const [size, wanted] = [found.get(path)?.size, sizeOfShards(shards)]
    if (size !== undefined && size !== wanted)
      throw new Fault('file-changed', `${path} has ${size} bytes, its shards ${wanted}`)
  }
}

function notComputed({ manifest, signed }: Comparison, what: string): readonly Gap[] {
  const message = `the names of ${signed.size} files agree; their bytes were not compared: ${what}`
  return [{ reason: manifest.hash === 'blake3' ? 'hash-not-recomputed' : 'not-recomputed', message }]
}

/** @throws Fault `file-changed` */
async function checkDigests(comparison: Comparison): Promise<readonly Gap[]> {
  const { manifest, signed, found, atHand } = comparison
  const resources = [...signed.values()].flat()
  if (manifest.method === 'files' && manifest.hash === 'sha256') {
    for (const resource of resources) {
      const digest = found.get(resource.path)?.sha256 ?? ''
      if (digest !== resource.digest) throw differs(resource, digest)
    }
    return []
  }
  checkSizes(comparison)
  if (manifest.hash === 'blake3') return notComputed(comparison, 'BLAKE3 is not computed here')
  if (atHand.recompute === undefined)
    return notComputed(comparison, `digests by ${manifest.method} and ${manifest.hash}`)
  const digests = await atHand.recompute({ hash: manifest.hash, pieces: resources })
  for (const [index, resource] of resources.entries()) {
    const digest = digests[index] ?? 'nothing'
    if (digest !== resource.digest) throw differs(resource, digest)
  }
  return []
}

/**
 * Compares a manifest with the files at hand.
 *
 * @throws Fault `file-missing`, `file-changed`, `file-extra`, `file-unsigned`, `file-symlink`, `file-unreadable`
 */
export async function compareManifest(
  manifest: OmsManifest,
  atHand: FilesAtHand,
  wishes: ComparisonWishes,
): Promise<Outcome> {
  const all = signedPaths(manifest, atHand)
  const found = new Map(atHand.files.map((file) => [file.path, file]))
  const comparison: Comparison = { ...wishes, manifest, atHand, found, signed: choose(all, wishes.only) }
  checkThere(comparison)
  const surplus = wishes.only === undefined ? [...checkExtras(comparison), ...checkUnread(comparison)] : []
  const [gap] = [...(await checkDigests(comparison)), ...surplus]
  if (gap !== undefined) return skipped(gap.reason, gap.message)
  const { size } = comparison.signed
  if (wishes.only !== undefined)
    return skipped('only-some-files', `PARTIAL (${size} of ${all.size} files): those compared are as signed`)
  return held(`all ${size} files are as signed, by name and digest`, undefined)
}
