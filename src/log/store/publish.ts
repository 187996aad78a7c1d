/**
 * Publication: the root is signed, witnessed and served.
 *
 * The order is what prevents a fork. First the tiles in the store must have the root of the tree and be an extension of
 * the last checkpoint that was ever signed (the lock); then the new one is signed and swapped into the lock; only then do
 * witnesses and the public see it. A process that loses the swap begins again from what the winner signed, and one that
 * died after it leaves a signed checkpoint in the lock, which the next one takes on.
 */
import { sql } from 'kysely'
import { Fault } from '../../base/index.ts'
import { readCheckpoint } from '../../certificate/index.ts'
import { EMPTY_ROOT } from '../merkle/hash.ts'
import { proveConsistency } from '../merkle/prove.ts'
import { verifyConsistency } from '../merkle/verify.ts'
import { formatCheckpoint, signNote, type NoteSigner } from '../notes/note.ts'
import type { CheckpointLock } from './checkpoint-lock.ts'
import { toIndex } from './database.ts'
import {
  dropOldPartials,
  ensureStoredRoot,
  integrate,
  readNext,
  type IntegrationParts,
  type TreeHead,
} from './integrate.ts'
import { storedHashes } from './read-tiles.ts'
import { CHECKPOINT_PATH } from './tile-store.ts'

/** A checkpoint with the note that says it. */
export interface PublishedCheckpoint extends TreeHead {
  /** Signed note. */
  readonly note: string
}

/** What witnesses are shown. */
export interface CosigningRequest extends PublishedCheckpoint {
  /** Consistency proof from an earlier size to this one. */
  proveFrom(size: number): Promise<readonly Uint8Array[]>
  /** Holds what witnesses have seen against the database. @throws Fault `log-rolled-back` when one has seen more */
  confirmSeen(seen: readonly Sighting[]): Promise<void>
}

/**
 * Asks witnesses to cosign; gives the note with their lines added. Throws when too few do: then the checkpoint is not
 * served, and the next publication asks again.
 */
export type AskWitnesses = (request: CosigningRequest) => Promise<string>

/** What publication works with. */
export interface PublicationParts extends IntegrationParts {
  readonly origin: string
  readonly signers: readonly NoteSigner[]
  readonly lock: CheckpointLock
  readonly askWitnesses?: AskWitnesses
}

/** The size at which somebody has seen a log. */
export interface Sighting {
  /** Who has seen it. */
  readonly by: string
  readonly size: number
}

/** The lock, in a sentence about who has seen what. */
export const SIGNER = 'whoever signed last'

const MOST_RACES = 20

function toHead(note: string, origin: string): PublishedCheckpoint {
  const read = readCheckpoint(note)
  if (read.origin !== origin) throw new Fault('checkpoint-lock', `a checkpoint of "${read.origin}", not of ${origin}`)
  return { size: toIndex(read.size), root: read.root, note }
}

/** The fault of a log that is behind what was signed of it. */
export function rolledBack(origin: string, has: number, seen: Sighting): Fault {
  return new Fault(
    'log-rolled-back',
    `the database holds ${has} entries of ${origin}, but ${seen.by} has seen ${seen.size}: it is older than what was published. Restore a newer copy, or bring the missing entries back from the tiles; signing now would make a second history`,
    { details: { has, seen: seen.size } },
  )
}

/** @throws Fault `log-rolled-back` when somebody has seen more than the database holds */
export async function ensureNotBehind(parts: PublicationParts, seen: readonly Sighting[]): Promise<void> {
  const has = await readNext(parts)
  const ahead = seen.find(({ size }) => size > has)
  if (ahead !== undefined) throw rolledBack(parts.origin, has, ahead)
}

/** The last checkpoint that was signed. @throws Fault `checkpoint-lock` when there is none, `log-rolled-back` */
export async function readLock({
  lock,
  origin,
}: Pick<PublicationParts, 'lock' | 'origin'>): Promise<PublishedCheckpoint> {
  const note = await lock.read()
  if (note === undefined)
    throw new Fault(
      'checkpoint-lock',
      `${lock.place ?? 'the lock'} does not say what was last signed for ${origin}, and without it nothing is: a log that was restored from an older copy would make a second history. Put it back as it was last, never an older one; if it is lost, begin another log: tidewaiter log init HOST`,
    )
  return toHead(note, origin)
}

/** @throws Fault `log-rolled-back`, `log-forked`, `log-tile-changed` unless the tree extends what was signed */
async function ensureExtends(parts: PublicationParts, tree: TreeHead, signed: TreeHead): Promise<void> {
  if (tree.size < signed.size) throw rolledBack(parts.origin, tree.size, { by: SIGNER, size: signed.size })
  const read = storedHashes(parts.store, tree.size)
  await ensureStoredRoot(read, tree)
  if (signed.size === 0) return
  const hashes = await proveConsistency(signed.size, tree.size, read)
  try {
    verifyConsistency({ from: signed.size, to: tree.size, fromRoot: signed.root, toRoot: tree.root, hashes })
  } catch (cause) {
    throw new Fault(
      'log-forked',
      `the ${tree.size} entries of ${parts.origin} are no extension of the ${signed.size} that were signed`,
      { cause },
    )
  }
}

/**
 * Integrates and signs, unless that is signed already. The lock is read first: whoever signed what stands there had
 * integrated it. Undefined when another process signed something meanwhile.
 */
async function signTree(parts: PublicationParts): Promise<PublishedCheckpoint | undefined> {
  const signed = await readLock(parts)
  const tree = await integrate(parts)
  await ensureExtends(parts, tree, signed)
  if (tree.size === signed.size) return signed
  const note = await signNote(formatCheckpoint({ origin: parts.origin, ...tree }), parts.signers)
  parts.crashPoint('publish:signed')
  if (!(await parts.lock.swap(signed.note, note))) return undefined
  parts.crashPoint('publish:locked')
  return { ...tree, note }
}

/** The note with the lines of witnesses; they may add, never change. */
async function witness(parts: PublicationParts, signed: PublishedCheckpoint): Promise<PublishedCheckpoint> {
  if (parts.askWitnesses === undefined) return signed
  const hashes = storedHashes(parts.store, signed.size)
  const proveFrom = (size: number): Promise<readonly Uint8Array[]> => proveConsistency(size, signed.size, hashes)
  const confirmSeen = (seen: readonly Sighting[]): Promise<void> => ensureNotBehind(parts, seen)
  const note = await parts.askWitnesses({ ...signed, proveFrom, confirmSeen })
  if (!note.startsWith(signed.note)) throw new Fault('witness', 'the cosigned note does not begin with the signed one')
  readCheckpoint(note)
  return { ...signed, note }
}

/** The checkpoint that is served. @throws Fault `no-such-log` */
export async function readPublished({
  database,
  log,
  origin,
}: Pick<PublicationParts, 'database' | 'log' | 'origin'>): Promise<PublishedCheckpoint> {
  const { rows } = await sql<{ note: string }>`select note from log_published where log = ${log}`.execute(database)
  const [row] = rows
  if (row === undefined) throw new Fault('no-such-log', `no checkpoint of ${origin} was ever published`)
  return toHead(row.note, origin)
}

/** Writes the checkpoint that the database names to the store, until both agree: a slower process must not undo it. */
export async function serve(parts: PublicationParts): Promise<PublishedCheckpoint> {
  let published = await readPublished(parts)
  for (;;) {
    await parts.store.replace(CHECKPOINT_PATH, Buffer.from(published.note))
    const now = await readPublished(parts)
    if (now.note === published.note) return published
    published = now
  }
}

async function publishNote(parts: PublicationParts, next: PublishedCheckpoint): Promise<PublishedCheckpoint> {
  await sql`
    insert into log_published (log, size, note) values (${parts.log}, ${next.size}, ${next.note})
    on conflict (log) do update set size = excluded.size, note = excluded.note
    where log_published.size < excluded.size`.execute(parts.database)
  parts.crashPoint('publish:recorded')
  const served = await serve(parts)
  parts.crashPoint('publish:served')
  return served
}

/** The first checkpoint of a log: that of no entries. */
export async function publishEmpty(parts: PublicationParts): Promise<void> {
  const found = await parts.lock.read()
  const text = formatCheckpoint({ origin: parts.origin, size: 0, root: EMPTY_ROOT })
  const note = found ?? (await signNote(text, parts.signers))
  if (found === undefined && !(await parts.lock.swap(undefined, note))) return publishEmpty(parts)
  const head = toHead(note, parts.origin)
  if (head.size > 0) throw rolledBack(parts.origin, 0, { by: SIGNER, size: head.size })
  await publishNote(parts, head)
}

/**
 * Integrates what was sequenced and publishes a checkpoint over it.
 *
 * @throws Fault `log-rolled-back`, `log-forked`, `log-tile-changed`, `log-tile-missing`, `log-gap`, `log-busy`,
 *   `checkpoint-lock`, `witness`, and whatever asking the witnesses throws; then nothing new is served
 */
export async function publish(parts: PublicationParts): Promise<PublishedCheckpoint> {
  for (let races = 0; races < MOST_RACES; races++) {
    const before = await readPublished(parts)
    const signed = await signTree(parts)
    if (signed === undefined) continue
    if (signed.size <= before.size) return before
    const published = await publishNote(parts, await witness(parts, signed))
    await dropOldPartials(parts.store, before.size, signed.size)
    return published
  }
  throw new Fault('log-busy', `${MOST_RACES} times another process signed first`)
}
