/**
 * A transparency log: appends leaves, publishes checkpoints over them, and proves that they are in it.
 *
 * What {@link TransparencyLog.append} has answered is durable and keeps its index for good; what
 * {@link TransparencyLog.publish} has given out is never contradicted by a later checkpoint. Any number of processes may
 * do both on one PostgreSQL.
 *
 * Clock and waiting come in from outside; nothing here runs by itself.
 */
import { sql } from 'kysely'
import { Fault, type Clock } from '../../base/index.ts'
import { EMPTY_ROOT } from '../merkle/hash.ts'
import { proveInclusion } from '../merkle/prove.ts'
import { verifyInclusion } from '../merkle/verify.ts'
import { noCrash, type CrashPoint } from './crash-point.ts'
import { asBase64, fromBytea, toBytea, type LogDatabase } from './database.ts'
import { Gatherer } from './gather.ts'
import { readNext, readTree } from './integrate.ts'
import { prepareLeaf, type LeafToAppend, type PreparedLeaf } from './leaf.ts'
import type { CallOutcome, Link } from './plan-batch.ts'
import {
  ensureNotBehind,
  publish,
  publishEmpty,
  readLock,
  readPublished,
  serve,
  SIGNER,
  type PublicationParts,
  type PublishedCheckpoint,
  type Sighting,
} from './publish.ts'
import { storedHashes } from './read-tiles.ts'
import { sequenceBatch, toLink, type LinkRow } from './sequence.ts'
import type { TileStore } from './tile-store.ts'

/** What a log is made of. */
export interface LogOptions extends Pick<PublicationParts, 'origin' | 'signers' | 'lock' | 'askWitnesses'> {
  readonly database: LogDatabase
  /** Makes the store of the log of this number. */
  readonly store: (log: number) => TileStore
  readonly clock: Clock
  /** Waits, so that a proof can be looked for again; rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** The sizes at which witnesses have seen this log; asked once, before it opens. */
  readonly seenByWitnesses?: () => Promise<readonly Sighting[]>
  readonly crashPoint?: CrashPoint
}

/** That a leaf is in the log: everything that goes into a bundle but the leaf. */
export interface LogProof {
  readonly logIndex: number
  readonly treeSize: number
  /** 32 bytes. */
  readonly rootHash: Uint8Array
  /** From the leaf upwards, 32 bytes each. */
  readonly hashes: readonly Uint8Array[]
  /** Signed note. */
  readonly checkpoint: string
}

/** How a log stands. */
export interface LogState {
  /** Entries that were acknowledged. */
  readonly sequenced: number
  /** Entries in tiles. */
  readonly integrated: number
  readonly published: PublishedCheckpoint
}

/** Bytes of leaves in one batch. */
const BATCH_BYTES = 1 << 20
/** Counted for each leaf beside its bytes. */
const LEAF_WEIGHT = 128
/** How often a process that does not publish looks for what another has published. */
const LOOK_MS = 200

/** See the module. */
export class TransparencyLog {
  readonly #parts: PublicationParts
  readonly #options: LogOptions
  readonly #line: Gatherer<readonly PreparedLeaf[], CallOutcome>
  #published: PublishedCheckpoint
  #publishing: Promise<PublishedCheckpoint> | undefined
  #next: PromiseWithResolvers<void> = Promise.withResolvers()

  constructor(parts: PublicationParts, options: LogOptions, published: PublishedCheckpoint) {
    this.#parts = parts
    this.#options = options
    this.#published = published
    this.#line = new Gatherer({
      run: (calls) => this.#sequence(calls),
      weigh: (leaves) => leaves.reduce((sum, { leaf }) => sum + LEAF_WEIGHT + leaf.length, 0),
      most: BATCH_BYTES,
    })
  }

  get origin(): string {
    return this.#parts.origin
  }

  /** Where tiles, bundles and checkpoint are to be read. */
  get store(): TileStore {
    return this.#parts.store
  }

  async #sequence(calls: readonly (readonly PreparedLeaf[])[]): Promise<readonly CallOutcome[]> {
    const { crashPoint, database, log } = this.#parts
    crashPoint('append:gathered')
    const outcomes = await sequenceBatch(database, { log, calls, now: this.#options.clock.now(), crashPoint })
    crashPoint('append:sequenced')
    return outcomes
  }

  /**
   * Appends leaves, all of them or none; durable when it resolves. The value says where each stands; the reason is the
   * chain of which one of them is not the next link.
   *
   * @throws Fault `leaf-size`, `bad-chain`
   */
  async append(leaves: readonly LeafToAppend[]): Promise<CallOutcome> {
    return this.#line.add(leaves.map(prepareLeaf))
  }

  /**
   * Publishes a checkpoint over everything that was appended before the call. Calls that overlap share one publication
   * that begins after the last of them.
   *
   * @throws Fault `log-rolled-back`, `log-forked`, `log-tile-changed`, `log-tile-missing`, `log-gap`,
   *   `log-busy`, `checkpoint-lock`, `witness`
   */
  async publish(): Promise<PublishedCheckpoint> {
    await this.#publishing?.catch(() => undefined)
    this.#publishing ??= this.#publishOnce().finally(() => (this.#publishing = undefined))
    return this.#publishing
  }

  async #publishOnce(): Promise<PublishedCheckpoint> {
    const published = await publish(this.#parts)
    this.#see(published)
    return published
  }

  #see(published: PublishedCheckpoint): void {
    if (published.size <= this.#published.size) return
    this.#published = published
    this.#next.resolve()
    this.#next = Promise.withResolvers()
  }

  async #cover(index: number, signal?: AbortSignal): Promise<PublishedCheckpoint> {
    while (this.#published.size <= index) {
      signal?.throwIfAborted()
      await Promise.race([this.#next.promise, this.#options.sleep(LOOK_MS, signal)])
      if (this.#published.size <= index) this.#see(await readPublished(this.#parts))
    }
    return this.#published
  }

  /**
   * Proves that a leaf is in the log, as soon as a published checkpoint covers it. The proof was verified.
   *
   * @throws Fault `no-such-entry`, `log-tile-changed`; whatever the signal was aborted with
   */
  async prove(index: number, signal?: AbortSignal): Promise<LogProof> {
    const leafHash = await this.#leafHash(index)
    const { size, root, note } = await this.#cover(index, signal)
    const hashes = await proveInclusion(index, size, storedHashes(this.#parts.store, size))
    try {
      await verifyInclusion({ leafHash, index, size, root, hashes })
    } catch (cause) {
      throw new Fault('log-tile-changed', `the tiles do not prove the leaf ${index}: the store was changed`, { cause })
    }
    return { logIndex: index, treeSize: size, rootHash: root, hashes, checkpoint: note }
  }

  /** The last link of a chain; undefined when nothing stands in it yet. */
  async head(chain: string): Promise<Link | undefined> {
    const { database, log } = this.#parts
    const { rows } = await sql<LinkRow>`
      select seq, encode(leaf_hash, 'hex') as hash, idx from log_link where log = ${log} and chain = ${chain}
      order by seq desc limit 1`.execute(database)
    return rows.map(toLink)[0]
  }

  /** All links of a chain, in order. */
  async links(chain: string): Promise<readonly Link[]> {
    const { database, log } = this.#parts
    const { rows } = await sql<LinkRow>`
      select seq, encode(leaf_hash, 'hex') as hash, idx from log_link where log = ${log} and chain = ${chain}
      order by seq`.execute(database)
    return rows.map(toLink)
  }

  async #leafHash(index: number): Promise<Uint8Array> {
    const { database, log, origin } = this.#parts
    const found = await sql<{ hash: string }>`
      select ${asBase64('leaf_hash')} as hash from log_entry where log = ${log} and idx = ${index}`.execute(database)
    const [row] = found.rows
    if (row === undefined) throw new Fault('no-such-entry', `${origin} has no entry ${index}`)
    return fromBytea(row.hash)
  }

  /** How the log stands now. */
  async state(): Promise<LogState> {
    const published = await readPublished(this.#parts)
    const { size } = await readTree(this.#parts)
    return { sequenced: await readNext(this.#parts), integrated: size, published }
  }

  /** Resolves when nothing is being appended or published by this process. */
  async settle(): Promise<void> {
    await this.#line.settle()
    await this.#publishing?.catch(() => undefined)
  }
}

async function findLog({ database, origin }: LogOptions): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`select id from log_sequence where origin = ${origin}`.execute(database)
  return rows[0]?.id
}

function toParts(options: LogOptions, log: number): PublicationParts {
  const { database, origin, signers, lock, askWitnesses, crashPoint = noCrash } = options
  const asked = askWitnesses === undefined ? {} : { askWitnesses }
  return { database, log, store: options.store(log), origin, signers, lock, crashPoint, ...asked }
}

/** The origins of the logs in a database. */
export async function listLogs(database: LogDatabase): Promise<readonly string[]> {
  const { rows } = await sql<{ origin: string }>`select origin from log_sequence order by id`.execute(database)
  return rows.map(({ origin }) => origin)
}

/**
 * Opens a log that was made.
 *
 * @throws Fault `no-such-log`; `log-rolled-back` when the last signed checkpoint or a witness knows of more entries than
 *   the database holds; `checkpoint-lock` when nothing says what was last signed
 */
export async function openLog(options: LogOptions): Promise<TransparencyLog> {
  const log = await findLog(options)
  if (log === undefined) throw new Fault('no-such-log', `the database holds no log ${options.origin}`)
  const parts = toParts(options, log)
  const signed = await readLock(parts)
  const seen = (await options.seenByWitnesses?.()) ?? []
  await ensureNotBehind(parts, [{ by: SIGNER, size: signed.size }, ...seen])
  return new TransparencyLog(parts, options, await serve(parts))
}

/**
 * Makes a log, with a checkpoint of no entries, and opens it. Made twice, it is only opened.
 *
 * @throws Fault like {@link openLog}: an empty database beside a lock that has signed entries is one that was rolled back
 */
export async function createLog(options: LogOptions): Promise<TransparencyLog> {
  const { database, origin } = options
  await database.transaction().execute(async (transaction) => {
    await sql`
      insert into log_sequence (id, origin, next)
      select coalesce(max(id), 0) + 1, ${origin}::text, 0 from log_sequence
      on conflict do nothing`.execute(transaction)
    await sql`
      insert into log_tree (log, size, root)
      select id, 0, ${toBytea(EMPTY_ROOT)} from log_sequence where origin = ${origin}
      on conflict (log) do nothing`.execute(transaction)
  })
  const log = await findLog(options)
  if (log === undefined) throw new Fault('no-such-log', `the log ${origin} could not be made`)
  const parts = toParts(options, log)
  const { rows } = await sql`select log from log_published where log = ${log}`.execute(database)
  if (rows.length === 0) await publishEmpty(parts)
  return openLog(options)
}
