/**
 * Sequencing: a batch of leaves gets its indices, in one transaction.
 *
 * The row of the log is locked first, so batches of all processes stand one behind another: indices have no gap, a chain
 * has one head. What is acknowledged is committed before; what is in no tile yet lies packed in `log_batch`.
 *
 * The cost is a handful of statements for each batch, however many leaves it has.
 */
import { sql } from 'kysely'
import { Fault, formatTime } from '../../base/index.ts'
import { packLeaves } from '../tiles/bundles.ts'
import type { CrashPoint } from './crash-point.ts'
import { toBytea, toIndex, type LogDatabase, type SqlExecutor } from './database.ts'
import type { ChainPlace, PreparedLeaf } from './leaf.ts'
import { linkName, planBatch, type BatchPlan, type CallOutcome, type Link, type Standing } from './plan-batch.ts'

/** What a batch is given. */
export interface Batch {
  /** Number of the log in this database. */
  readonly log: number
  readonly calls: readonly (readonly PreparedLeaf[])[]
  /** Milliseconds. */
  readonly now: number
  readonly crashPoint?: CrashPoint
}

type Number64 = string | number | bigint

async function lockNext(log: number, executor: SqlExecutor): Promise<number> {
  const { rows } = await sql<{ next: Number64 }>`select next from log_sequence where id = ${log} for update`.execute(
    executor,
  )
  const [row] = rows
  if (row === undefined) throw new Fault('no-such-log', `the database holds no log of number ${log}`)
  return toIndex(row.next)
}

/**
 * First index of each leaf that is to stand once and stands already. `idx + 0` keeps the planner, which may know nothing
 * of the table yet, from looking for the hash in the order of the indices.
 */
async function findKnown(batch: Batch, executor: SqlExecutor): Promise<ReadonlyMap<string, number>> {
  const hashes = new Set<string>()
  const blob: Uint8Array[] = []
  for (const leaf of batch.calls.flat()) {
    if (leaf.once !== true || leaf.chain !== undefined || hashes.has(leaf.leafHash)) continue
    hashes.add(leaf.leafHash)
    blob.push(leaf.hash)
  }
  if (blob.length === 0) return new Map()
  const { rows } = await sql<{ hash: string; idx: Number64 }>`
    select encode(asked.leaf_hash, 'hex') as hash, found.idx
    from (select substring(blob.hashes from 32 * n::integer + 1 for 32) as leaf_hash
          from (select ${toBytea(Buffer.concat(blob))} as hashes offset 0) blob,
            generate_series(0, ${blob.length - 1}::integer) n) asked
    cross join lateral (
      select idx from log_entry where log = ${batch.log} and leaf_hash = asked.leaf_hash order by idx + 0 limit 1) found
  `.execute(executor)
  return new Map(rows.map(({ hash, idx }) => [hash, toIndex(idx)]))
}

/** A row of `log_link`, without its chain. */
export interface LinkRow {
  readonly seq: Number64
  readonly hash: string
  readonly idx: Number64
}

/** The link of a row. */
export function toLink({ seq, hash, idx }: LinkRow): Link {
  return { seq: toIndex(seq), leafHash: hash, index: toIndex(idx) }
}

interface ChainRow extends LinkRow {
  readonly chain: string
}

async function findChains(batch: Batch, executor: SqlExecutor): Promise<Pick<Standing, 'heads' | 'links'>> {
  const places = batch.calls.flat().flatMap(({ chain }) => (chain === undefined ? [] : [chain]))
  if (places.length === 0) return { heads: new Map(), links: new Map() }
  const keys = [...new Set(places.map(({ key }) => key))]
  const heads = await sql<ChainRow>`
    select head.chain, head.seq, encode(head.leaf_hash, 'hex') as hash, head.idx
    from unnest(${keys}::text[]) asked (chain)
    cross join lateral (
      select * from log_link where log = ${batch.log} and chain = asked.chain order by seq desc limit 1) head
  `.execute(executor)
  const links = await sql<ChainRow>`
    select link.chain, link.seq, encode(link.leaf_hash, 'hex') as hash, link.idx
    from unnest(${places.map(({ key }) => key)}::text[], ${places.map(({ seq }) => seq)}::bigint[]) asked (chain, seq)
    join log_link link on link.log = ${batch.log} and link.chain = asked.chain and link.seq = asked.seq
  `.execute(executor)
  return {
    heads: new Map(heads.rows.map((row) => [row.chain, toLink(row)])),
    links: new Map(links.rows.map((row) => [linkName(toPlace(row)), toLink(row)])),
  }
}

function toPlace({ chain, seq }: ChainRow): Pick<ChainPlace, 'key' | 'seq'> {
  return { key: chain, seq: toIndex(seq) }
}

async function writeLinks({ links }: BatchPlan, log: number, executor: SqlExecutor): Promise<void> {
  if (links.length === 0) return
  const rows = links.map(
    ({ key, seq, prev, leafHash, index }) =>
      sql`(${log}::integer, ${key}::text, ${seq}::bigint, decode(${prev}::text, 'hex'), decode(${leafHash}::text, 'hex'), ${index}::bigint)`,
  )
  await sql`insert into log_link (log, chain, seq, prev, leaf_hash, idx) values ${sql.join(rows)}`.execute(executor)
}

/** Writes batch, entries and the new end in one statement. */
async function writeBatch(
  { fresh }: BatchPlan,
  batch: Batch & { readonly first: number },
  executor: SqlExecutor,
): Promise<void> {
  const { first } = batch
  if (fresh.length === 0) return
  const hashes = Buffer.concat(fresh.map(({ hash }) => hash))
  const packed = packLeaves(fresh.map(({ leaf }) => leaf))
  await sql`
    with batch as (
      insert into log_batch (log, first, leaves, bytes)
      values (${batch.log}, ${first}, ${fresh.length}, ${toBytea(packed)})),
    entries as (
      insert into log_entry (log, idx, leaf_hash, created_at)
      select ${batch.log}::integer, ${first}::bigint + n, substring(blob.hashes from 32 * n::integer + 1 for 32),
        ${formatTime(batch.now)}::timestamptz
      from (select ${toBytea(hashes)} as hashes offset 0) blob,
        generate_series(0, ${fresh.length - 1}::integer) n)
    update log_sequence set next = ${first + fresh.length} where id = ${batch.log}
  `.execute(executor)
}

/** Sequences a batch. When this resolves, all that was taken is durable. @throws Fault `no-such-log`, `log-too-large` */
export function sequenceBatch(database: LogDatabase, batch: Batch): Promise<readonly CallOutcome[]> {
  return database.transaction().execute(async (transaction) => {
    const next = await lockNext(batch.log, transaction)
    const known = await findKnown(batch, transaction)
    const plan = planBatch({ next, known, ...(await findChains(batch, transaction)) }, batch.calls)
    toIndex(next + plan.fresh.length)
    await writeBatch(plan, { ...batch, first: next }, transaction)
    await writeLinks(plan, batch.log, transaction)
    batch.crashPoint?.('append:written')
    return plan.outcomes
  })
}
