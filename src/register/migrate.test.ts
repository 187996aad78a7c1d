import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { makeEmptyPlace, type TestPlace } from '../testing/register.ts'
import { connect, type Connection } from './connect.ts'
import { listMigrations, migrate, splitStatements } from './migrate.ts'

const SNAPSHOT = join(import.meta.dirname, 'schema.snapshot.txt')
let home: TestPlace
let connection: Connection

before(async () => {
  home = await makeEmptyPlace()
  connection = await connect(home.place)
  await migrate(connection.database)
})

after(async () => {
  await connection.close()
  await home.remove()
})

async function describeSchema(): Promise<string> {
  const columns = await sql<{ line: string }>`
    select table_name || '.' || column_name || ' ' || data_type || case is_nullable when 'NO' then ' not null' else '' end as line
    from information_schema.columns where table_schema = 'public' order by table_name, ordinal_position`.execute(
    connection.database,
  )
  const indexes = await sql<{ line: string }>`
    select indexdef as line from pg_indexes where schemaname = 'public' order by indexname`.execute(connection.database)
  return [...columns.rows, ...indexes.rows].map(({ line }) => `${line}\n`).join('')
}

test('migrate() makes the schema of the snapshot (UPDATE_SNAPSHOTS=1 writes it anew)', async () => {
  const schema = await describeSchema()
  if (process.env['UPDATE_SNAPSHOTS'] === '1') writeFileSync(SNAPSHOT, schema)
  assert.equal(schema, readFileSync(SNAPSHOT, 'utf8'))
})

test('migrate() does nothing the second time', async () => {
  const before = await describeSchema()
  await migrate(connection.database)
  assert.equal(await describeSchema(), before)
})

test('migrate() refuses a migration that was changed after it was applied', async () => {
  const changed = listMigrations().map((migration) => ({ ...migration, sha256: 'f'.repeat(64) }))
  await assert.rejects(migrate(connection.database, changed), { code: 'migration-changed' })
})

test('migrate() refuses a register of a newer version', async () => {
  await assert.rejects(migrate(connection.database, []), { code: 'register-newer' })
})

test('migrate() leaves nothing behind when one statement fails', async () => {
  const bad = {
    number: listMigrations().length + 1,
    name: 'bad.sql',
    text: 'create table half (x integer); select nonsense',
    sha256: 'x',
  }
  await assert.rejects(migrate(connection.database, [...listMigrations(), bad]))
  assert.doesNotMatch(await describeSchema(), /half/)
})

test('splitStatements() cuts at semicolons but not inside a function body or a comment', () => {
  assert.deepEqual(splitStatements('a; -- b; c\nd $$ e; f $$ g; h'), ['a', 'd $$ e; f $$ g', 'h'])
})
