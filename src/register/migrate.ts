/**
 * Migrations: numbered SQL files, applied once and in order.
 *
 * Each is recorded with its digest; a file that was changed after it was applied is an error and not a surprise. All
 * pending migrations run in one transaction, so that a register is never between two versions.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql, type Kysely } from 'kysely'
import { Fault, sha256 } from '../base/index.ts'
import type { RegisterTables } from './schema.ts'

/** One migration file. */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly text: string
  readonly sha256: string
}

/** The migrations that ship, in order. @throws Fault `bad-migration` when numbers do not run from 1 without a gap */
export function listMigrations(folder: string = join(import.meta.dirname, 'migrations')): readonly Migration[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  return names.toSorted().map((name, index) => {
    const number = Number(name.slice(0, 4))
    if (number !== index + 1) throw new Fault('bad-migration', `${name} stands where number ${index + 1} is due`)
    const text = readFileSync(join(folder, name), 'utf8')
    return { number, name, text, sha256: sha256(text) }
  })
}

/** Splits a migration into statements at semicolons outside `$$` bodies and comments. */
export function splitStatements(text: string): readonly string[] {
  const uncommented = text.replace(/--[^\n]*/g, '')
  return uncommented
    .split(/;(?=(?:[^$]*\$\$[^$]*\$\$)*[^$]*$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

/**
 * Brings a database to the newest version.
 *
 * @throws Fault `migration-changed` when an applied file has another digest; `register-newer` when the database has
 *   migrations that this version does not know
 */
export async function migrate(
  database: Kysely<RegisterTables>,
  migrations: readonly Migration[] = listMigrations(),
): Promise<void> {
  await sql`create table if not exists schema_migration (number integer primary key, name text not null, sha256 text not null)`.execute(
    database,
  )
  await database.transaction().execute(async (transaction) => {
    const applied = await transaction.selectFrom('schema_migration').selectAll().orderBy('number').execute()
    if (applied.length > migrations.length) {
      throw new Fault(
        'register-newer',
        `the register has ${applied.length} migrations, this version knows ${migrations.length}; update tidewaiter`,
      )
    }
    for (const migration of migrations) {
      const before = applied[migration.number - 1]
      if (before !== undefined && before.sha256 !== migration.sha256) {
        throw new Fault('migration-changed', `${migration.name} was applied with another content`)
      }
      if (before !== undefined) continue
      for (const statement of splitStatements(migration.text)) await sql.raw(statement).execute(transaction)
      const { number, name, sha256: digest } = migration
      await transaction.insertInto('schema_migration').values({ number, name, sha256: digest }).execute()
    }
  })
}
