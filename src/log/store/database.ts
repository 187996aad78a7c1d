/**
 * The database under a log: PGlite or PostgreSQL, through whatever handle of kysely its owner has opened.
 *
 * The log asks in SQL of its own, batch by batch, because an append must not cost a round trip for each leaf. So it
 * wants nothing of the handle but to execute and to open transactions; the tables are made by the register's migrations
 * (`0006-log.sql`).
 */
import type { QueryExecutorProvider } from 'kysely'
import { Fault } from '../../base/index.ts'

/** Executes SQL: a database or an open transaction. */
export type SqlExecutor = QueryExecutorProvider

/** A database as the log needs it; every `Kysely` is one. */
export interface LogDatabase extends QueryExecutorProvider {
  transaction(): { execute<Value>(work: (transaction: QueryExecutorProvider) => Promise<Value>): Promise<Value> }
}

/** Bytes as both drivers take them. */
export function toBytea(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * A bigint of the database, which one driver gives as text and the other as a number.
 *
 * @throws Fault `log-too-large` beyond 2^53
 */
export function toIndex(value: string | number | bigint): number {
  const index = Number(value)
  if (!Number.isSafeInteger(index)) throw new Fault('log-too-large', `the index ${value} is beyond 2^53`)
  return index
}
