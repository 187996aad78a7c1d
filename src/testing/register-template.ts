/**
 * A register that is there and empty, made once for all tests and copied.
 *
 * Making one takes seconds of processor time. It is kept under `node_modules/.cache` by the migrations and the version
 * of the database, and made anew when they change.
 */
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { sha256, systemClock, systemRandomness, uuidv7 } from '../base/index.ts'
import { openRegister } from '../register/index.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const CACHE = join(ROOT, 'node_modules/.cache/tidewaiter')

function cacheKey(): string {
  const migrations = globSync(join(ROOT, 'src/register/migrations/*.sql')).toSorted()
  const database = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const { version } = JSON.parse(readFileSync(join(database, '../../package.json'), 'utf8')) as { version: string }
  return sha256([version, ...migrations.map((path) => readFileSync(path, 'utf8'))].join('\0')).slice(0, 16)
}

async function makeTemplate(path: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'making-'))
  const register = await openRegister({
    place: { folder },
    clock: systemClock,
    makeId: uuidv7(systemClock, systemRandomness),
  })
  await register.close()
  try {
    renameSync(folder, path)
  } catch (thrown) {
    rmSync(folder, { recursive: true })
    if (!existsSync(path)) throw thrown
  }
}

/** Copies the register into a folder, which is made. */
export async function copyRegister(folder: string): Promise<void> {
  const template = join(CACHE, `register-${cacheKey()}`)
  if (!existsSync(template)) await makeTemplate(template)
  cpSync(template, folder, { recursive: true })
}
