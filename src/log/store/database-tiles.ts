/** Tiles, bundles and checkpoint in the database, so that PGlite alone is a whole log. */
import { sql } from 'kysely'
import { asBase64, fromBytea, toBytea, type SqlExecutor } from './database.ts'
import { CHECKPOINT_PATH, ensureSame, type StoredObject, type TileStore } from './tile-store.ts'

/** Objects written by one statement. */
const AT_ONCE = 64

/** See the module. */
export class DatabaseTiles implements TileStore {
  readonly #database: SqlExecutor
  readonly #log: number

  /** @param log number of the log in this database */
  constructor(database: SqlExecutor, log: number) {
    this.#database = database
    this.#log = log
  }

  async get(path: string): Promise<Uint8Array | undefined> {
    const { rows } = await sql<{ bytes: string }>`
      select ${asBase64('bytes')} as bytes from log_object where log = ${this.#log} and path = ${path}`.execute(
      this.#database,
    )
    const [row] = rows
    return row === undefined ? undefined : fromBytea(row.bytes)
  }

  #rows(objects: readonly StoredObject[]): ReturnType<typeof sql.join> {
    return sql.join(objects.map(({ path, bytes }) => sql`(${this.#log}::integer, ${path}::text, ${toBytea(bytes)})`))
  }

  async #keepSome(objects: readonly StoredObject[]): Promise<void> {
    const { rows } = await sql<{ path: string }>`
      insert into log_object (log, path, bytes) values ${this.#rows(objects)}
      on conflict (log, path) do nothing returning path`.execute(this.#database)
    if (rows.length === objects.length) return
    const written = new Set(rows.map(({ path }) => path))
    for (const object of objects) if (!written.has(object.path)) ensureSame(object, await this.get(object.path))
  }

  async keep(objects: readonly StoredObject[]): Promise<void> {
    for (let at = 0; at < objects.length; at += AT_ONCE) await this.#keepSome(objects.slice(at, at + AT_ONCE))
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    await sql`
      insert into log_object (log, path, bytes) values ${this.#rows([{ path, bytes }])}
      on conflict (log, path) do update set bytes = excluded.bytes where log_object.path = ${CHECKPOINT_PATH}
    `.execute(this.#database)
  }

  async dropPartials(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      await sql`
        delete from log_object
        where log = ${this.#log} and path >= ${`${path}.p/`} and path < ${`${path}.p0`} and path like ${`${path}.p/%`}
      `.execute(this.#database)
    }
  }
}
