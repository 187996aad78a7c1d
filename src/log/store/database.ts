/**
 * The database under a log: PGlite or PostgreSQL, through whatever handle of kysely its owner has opened.
 *
 * The log asks in SQL of its own, batch by batch, because an append must not cost a round trip for each leaf. So it
 * wants nothing of the handle but to execute and to open transactions; the tables are made by the register's migrations
 * (`0006-log.sql`).
 */
import { sql, type QueryExecutorProvider, type RawBuilder } from 'kysely'
import { Fault } from '../../base/index.ts'

/** Executes SQL: a database or an open transaction. */
export type SqlExecutor = QueryExecutorProvider

/** A database as the log needs it; every `Kysely` is one. */
export interface LogDatabase extends QueryExecutorProvider {
  transaction(): { execute<Value>(work: (transaction: QueryExecutorProvider) => Promise<Value>): Promise<Value> }
}

/**
 * Bytes as a parameter. They go as base64, because the driver of PGlite writes each byte of a `bytea` by itself, which
 * took most of the time of an append.
 */
export function toBytea(bytes: Uint8Array): RawBuilder<Uint8Array> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
  return sql<Uint8Array>`decode(${text}::text, 'base64')`
}

/** A column of bytes as text that {@link fromBytea} reads, for the same reason. */
export function asBase64(column: string): RawBuilder<string> {
  return sql<string>`encode(${sql.ref(column)}, 'base64')`
}

/** The bytes of a column that was asked for by {@link asBase64}. */
export function fromBytea(text: string): Uint8Array {
  return Buffer.from(text, 'base64')
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
