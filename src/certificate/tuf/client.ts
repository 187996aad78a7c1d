/**
 * The client: fetches the newest trusted state into a folder, by `tuf-js`, or leaves the folder as it was.
 *
 * `tuf-js` follows the specification: chain of roots, thresholds, versions that never go back, expiry, lengths and
 * digests. Network comes in as an argument; every answer is bounded in length and time. Targets are fetched aside and
 * take the place of the old ones together, after a check of their content that the caller brings.
 *
 * The first root is the anchor of it all: it comes by hand, out of band, and never over this network.
 * Source: TUF specification 1.0.34, section 5.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { BaseFetcher, Updater } from 'tuf-js'
import { DownloadHTTPError } from 'tuf-js/dist/error.js'
import { Fault, isFault, sha256 } from '../../base/index.ts'
import { readMetadata } from './metadata.ts'
import { countSigned, readRoot } from './root.ts'

/** What a refresh needs. */
export interface RefreshRequest {
  /** Folder that holds the trusted state: `metadata/` and `targets/`. */
  readonly folder: string
  /** Base address of the repository, without a slash at its end. */
  readonly url: string
  /** The first root; wanted only when the folder has none. */
  readonly root?: Uint8Array
  readonly fetch: (url: string, init: { readonly signal: AbortSignal }) => Promise<Response>
  /** Targets to be fetched, as far as the repository has them. */
  readonly names: readonly string[]
  /** Throws when the content of a target is not as it must be. */
  readonly check: (name: string, bytes: Uint8Array) => Promise<void>
}

/** What is trusted now. */
export interface TrustedState {
  readonly root: number
  readonly timestamp: number
  /** When the state has to be refreshed, RFC 3339. */
  readonly expires: string
  /** Targets in the folder. */
  readonly targets: readonly string[]
}

const TIMEOUT_MS = 30_000
/** Where the targets lie: under the second name when a refresh died as it was about to replace them. */
const TARGET_FOLDERS = ['targets', 'targets.old'] as const
/** Folder in the targets for the metadata by which they were taken. */
const ACCEPTED = '.metadata'

class InjectedFetcher extends BaseFetcher {
  readonly #fetch: RefreshRequest['fetch']

  constructor(fetch: RefreshRequest['fetch']) {
    super()
    this.#fetch = fetch
  }

  override async fetch(url: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const response = await this.#fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (response.ok && response.body !== null) return response.body as ReadableStream<Uint8Array<ArrayBuffer>>
    await response.body?.cancel()
    // tuf-js knows the end of the chain of roots by this class.
    throw new DownloadHTTPError(`${url} answers with status ${response.status}`, response.status)
  }
}

function metadataPath(folder: string, name: string): string {
  return join(folder, 'metadata', `${name}.json`)
}

/** Lays the anchor, when there is none yet. */
function layAnchor({ folder, root }: RefreshRequest): void {
  if (existsSync(metadataPath(folder, 'root'))) return
  if (root === undefined)
    throw new Fault('trust-anchor', `${folder} holds no root yet; get the first root by hand and name it by --root`)
  const read = readRoot(root)
  const { have, need } = countSigned(read, read.signed)
  if (have < need) throw new Fault('tuf-threshold', `${have} of the root keys signed the first root; ${need} must`)
  mkdirSync(join(folder, 'metadata'), { recursive: true, mode: 0o700 })
  writeFileSync(`${metadataPath(folder, 'root')}.new`, root, { flush: true })
  renameSync(`${metadataPath(folder, 'root')}.new`, metadataPath(folder, 'root'))
}

async function fetchTargets(updater: Updater, request: RefreshRequest, aside: string): Promise<void> {
  for (const name of request.names) {
    const info = await updater.getTargetInfo(name)
    if (info === undefined) continue
    const path = join(aside, name)
    await updater.downloadTarget(info, path)
    await request.check(name, readFileSync(path))
  }
}

/** Lays beside the targets the metadata by which they were taken, so that the folder is one state and not two. */
function keepMetadata({ folder }: RefreshRequest, aside: string): void {
  mkdirSync(join(aside, ACCEPTED))
  for (const name of ['root', 'timestamp', 'targets'])
    copyFileSync(metadataPath(folder, name), join(aside, ACCEPTED, `${name}.json`))
}

/** Puts the new targets in the place of the old, which are there under one of their two names until it is done. */
function swapTargets(folder: string, aside: string): void {
  const [current, old] = [join(folder, TARGET_FOLDERS[0]), join(folder, TARGET_FOLDERS[1])]
  if (existsSync(current)) {
    rmSync(old, { recursive: true, force: true })
    renameSync(current, old)
  }
  renameSync(aside, current)
  rmSync(old, { recursive: true, force: true })
}

async function update(request: RefreshRequest, aside: string): Promise<void> {
  const updater = new Updater({
    metadataDir: join(request.folder, 'metadata'),
    metadataBaseUrl: `${request.url}/metadata`,
    targetDir: aside,
    targetBaseUrl: `${request.url}/targets`,
    fetcher: new InjectedFetcher(request.fetch),
    config: { maxRootRotations: 64, maxDelegations: 1 },
  })
  await updater.refresh()
  readRoot(readFileSync(metadataPath(request.folder, 'root')))
  await fetchTargets(updater, request, aside)
  keepMetadata(request, aside)
}

/**
 * Refreshes the folder.
 *
 * @throws Fault `trust-anchor` without a first root, `trust-refused` when the repository does not hold (with what
 * tuf-js says), and whatever `check` throws; the old targets then stay
 */
export async function refreshTrust(request: RefreshRequest): Promise<TrustedState> {
  layAnchor(request)
  const aside = mkdtempSync(join(request.folder, 'targets.new-'))
  try {
    await update(request, aside)
    swapTargets(request.folder, aside)
  } catch (cause) {
    if (isFault(cause)) throw cause
    const said = cause instanceof Error ? `${cause.constructor.name}: ${cause.message}` : String(cause)
    throw new Fault('trust-refused', `the repository ${request.url} is refused: ${said.slice(0, 300)}`, { cause })
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
  return readTrust(request.folder).state
}

/** The trusted state of a folder, and its targets by name. */
export interface Trust {
  readonly state: TrustedState
  readonly targets: ReadonlyMap<string, Uint8Array>
}

/**
 * Reads what a folder holds, each target against the metadata by which it was taken. Whether that is too old is for the
 * caller to say, by `state.expires`: a repository that later gives bad targets cannot make the old ones look new.
 *
 * @throws Fault `trust-anchor` when it was never refreshed, `trust-refused` when a target is not what the metadata says
 */
export function readTrust(folder: string): Trust {
  const place = join(folder, TARGET_FOLDERS.find((name) => existsSync(join(folder, name))) ?? TARGET_FOLDERS[0])
  const accepted = (name: string): string => join(place, ACCEPTED, `${name}.json`)
  if (!existsSync(accepted('timestamp')))
    throw new Fault('trust-anchor', `${folder} holds no trusted state; run: tidewaiter trust refresh`)
  const root = readRoot(readFileSync(accepted('root'))).signed
  const { version, expires } = readMetadata('timestamp', readFileSync(accepted('timestamp'))).signed
  const listed = readMetadata('targets', readFileSync(accepted('targets'))).signed.targets
  const targets = new Map<string, Uint8Array>()
  for (const [name, { length, hashes }] of Object.entries(listed)) {
    const path = join(place, name)
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) || !existsSync(path)) continue
    const bytes = readFileSync(path)
    if (bytes.length !== length || sha256(bytes) !== hashes['sha256'])
      throw new Fault(
        'trust-refused',
        `${path} is not what the metadata says; move ${place} away, then run: tidewaiter trust refresh`,
      )
    targets.set(name, bytes)
  }
  return { state: { root: root.version, timestamp: version, expires, targets: [...targets.keys()] }, targets }
}
