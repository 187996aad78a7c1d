/**
 * The lock on signing: the last checkpoint that was ever signed, in a place that no backup restores.
 *
 * Whoever restores an old copy of the database has a log that is shorter than what the world has seen, and would sign a
 * second history over the same indices. So nothing is signed that is not an extension of the checkpoint kept here, and
 * the new one is put here, by compare and swap, before anyone else sees it. Two publishers that race do the same: one of
 * them swaps, the other looks again.
 *
 * Keep it out of the backups of the log's database. The kinds: a file beside the keys, an object of an S3-compatible
 * store, a row of another database.
 *
 * Source: C2SP tlog-checkpoint; the lock backend of Sunlight.
 */
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { Fault, toFault } from '../../base/index.ts'
import type { SqlExecutor } from './database.ts'
import { S3Objects, type S3Place } from './s3.ts'

/** See the module. */
export interface CheckpointLock {
  /** Where it lies, for people. */
  readonly place?: string
  /** The last checkpoint that was signed; undefined when there never was one. */
  read(): Promise<string | undefined>
  /** Puts `next` in the place of `before`; false when something else stands there. Durable when it resolves to true. */
  swap(before: string | undefined, next: string): Promise<boolean>
}

const WAIT_MS = 5_000

/**
 * The lock as a file of its own, guarded and synced by SQLite, which does both across processes and crashes.
 *
 * @throws Fault `checkpoint-lock` from each operation, when the file cannot be used
 */
export function fileLock(path: string): CheckpointLock {
  const use = <Value>(work: (database: DatabaseSync) => Value): Promise<Value> => {
    let database: DatabaseSync | undefined
    try {
      database = new DatabaseSync(path, { timeout: WAIT_MS })
      database.exec(
        'pragma synchronous = extra; create table if not exists signed (only integer primary key, note text) strict',
      )
      return Promise.resolve(work(database))
    } catch (cause) {
      const fault = new Fault(
        'checkpoint-lock',
        `${path}, which says what was last signed, cannot be used: ${toFault(cause).message}`,
        { cause },
      )
      return Promise.reject(fault)
    } finally {
      database?.close()
    }
  }
  return {
    place: path,
    read: () =>
      use((database) => {
        const row = database.prepare('select note from signed where only = 1').get()
        return typeof row?.['note'] === 'string' ? row['note'] : undefined
      }),
    swap: (before, next) =>
      use((database) => {
        const statement =
          before === undefined
            ? database.prepare('insert into signed (only, note) values (1, ?) on conflict do nothing').run(next)
            : database.prepare('update signed set note = ? where only = 1 and note = ?').run(next, before)
        return statement.changes === 1
      }),
  }
}

/** The lock as a row of another database than the log's. */
export function databaseLock(database: SqlExecutor, origin: string): CheckpointLock {
  const ready = sql`create table if not exists log_checkpoint_lock (origin text primary key, note text not null)`
  return {
    place: 'the table log_checkpoint_lock',
    async read() {
      await ready.execute(database)
      const { rows } = await sql<{
        note: string
      }>`select note from log_checkpoint_lock where origin = ${origin}`.execute(database)
      return rows[0]?.note
    },
    async swap(before, next) {
      await ready.execute(database)
      const { rows } = await (
        before === undefined
          ? sql`insert into log_checkpoint_lock (origin, note) values (${origin}, ${next}) on conflict do nothing returning origin`
          : sql`update log_checkpoint_lock set note = ${next} where origin = ${origin} and note = ${before} returning origin`
      ).execute(database)
      return rows.length === 1
    },
  }
}

/** The lock as one object, written with `If-Match`. @param place its address, with the name of the object */
export function objectLock(place: S3Place): CheckpointLock {
  const objects = new S3Objects(place)
  return {
    place: place.address,
    async read() {
      const found = await objects.get('')
      return found === undefined ? undefined : Buffer.from(found.bytes).toString('utf8')
    },
    async swap(before, next) {
      const found = await objects.get('')
      if (found === undefined) return before === undefined && objects.put('', Buffer.from(next), 'absent')
      if (Buffer.from(found.bytes).toString('utf8') !== before) return false
      return objects.put('', Buffer.from(next), { tag: found.tag })
    },
  }
}
