/**
 * The connection: PGlite in a folder of ours, or any PostgreSQL by address. The same SQL runs on both.
 *
 * Both drivers are loaded only when they are needed, because PGlite takes a third of a second of processor time and
 * half a gigabyte of memory merely to be there.
 */
import { existsSync, renameSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely'
import { Fault, toFault } from '../base/index.ts'
import { lockFolder } from './lock.ts'
import type { RegisterTables } from './schema.ts'

/** Where the register stands. */
export type RegisterPlace = { readonly folder: string } | { readonly databaseUrl: string }

/** An open database and how to leave it. */
export interface Connection {
  readonly database: Kysely<RegisterTables>
  close(): Promise<void>
}

/** Bytes that a new PGlite takes, with room to spare. */
const ROOM_FOR_NEW = 64 * 1024 * 1024

/** PGlite's own start throws numbers; what a person can mend is almost always the room. */
function describeFailure(folder: string, thrown: unknown): string {
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < ROOM_FOR_NEW)
    return `no space: ${Math.floor((bavail * bsize) / 1024 ** 2)} MiB free, a register takes 64`
  return thrown instanceof Error ? thrown.message : 'the database did not start'
}

/** Makes a new database aside and gives it its name when it is whole, so that none is ever half-made. */
async function createDatabase(dataDir: string): Promise<void> {
  if (existsSync(dataDir)) return
  const { PGlite } = await import('@electric-sql/pglite')
  const aside = `${dataDir}.part`
  rmSync(aside, { recursive: true, force: true })
  try {
    const made = await PGlite.create({ dataDir: aside })
    await made.close()
    renameSync(aside, dataDir)
  } catch (thrown) {
    rmSync(aside, { recursive: true, force: true })
    throw thrown
  }
}

async function connectFolder(folder: string): Promise<Connection> {
  const lock = lockFolder(folder)
  try {
    const dataDir = join(folder, 'pglite')
    await createDatabase(dataDir)
    const { PGlite } = await import('@electric-sql/pglite')
    const pglite = await PGlite.create({ dataDir })
    const database = new Kysely<RegisterTables>({ dialect: new PGliteDialect({ pglite }) })
    const close = async (): Promise<void> => {
      await database.destroy()
      if (!pglite.closed) await pglite.close()
      lock.release()
    }
    return { database, close }
  } catch (cause) {
    lock.release()
    throw new Fault('register-unusable', `the register ${folder} cannot be opened: ${describeFailure(folder, cause)}`, {
      cause,
    })
  }
}

async function connectServer(databaseUrl: string): Promise<Connection> {
  const { Pool } = (await import('pg')).default
  const pool = new Pool({ connectionString: databaseUrl, max: 8, connectionTimeoutMillis: 10_000 })
  const database = new Kysely<RegisterTables>({ dialect: new PostgresDialect({ pool }) })
  try {
    await pool.query('select 1')
  } catch (cause) {
    await database.destroy()
    const host = URL.canParse(databaseUrl) ? new URL(databaseUrl).host : 'DATABASE_URL'
    throw new Fault('register-unusable', `PostgreSQL at ${host} does not answer: ${toFault(cause).message}`, { cause })
  }
  return { database, close: () => database.destroy() }
}

/**
 * Makes sure that nobody else has the register, before long work that will need it begins.
 *
 * @throws Fault `register-locked`, `register-unusable`
 */
export async function ensureRegisterFree(place: RegisterPlace): Promise<void> {
  if ('folder' in place) lockFolder(place.folder).release()
  else await (await connectServer(place.databaseUrl)).close()
}

/**
 * Opens the database of the register.
 *
 * @throws Fault `register-locked`, `register-unusable`
 */
export function connect(place: RegisterPlace): Promise<Connection> {
  return 'folder' in place ? connectFolder(place.folder) : connectServer(place.databaseUrl)
}
