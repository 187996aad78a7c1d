/**
 * Home folders for the program, with a register in it or without.
 *
 * Making a register takes seconds of processor time, so one is made once for all tests and copied. It is kept under
 * `node_modules/.cache` by the migrations and the version of the database, and made anew when they change.
 */
import assert from 'node:assert/strict'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { sha256, systemClock, systemRandomness, uuidv7 } from '../../src/base/index.ts'
import { openRegister } from '../../src/register/index.ts'
import { temporaryFolder, type Cleanable } from '../../src/testing/folders.ts'
import { ROOT } from './program.ts'

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

/** A home whose register is there and empty. */
export async function homeWithRegister(context: Cleanable): Promise<string> {
  const template = join(CACHE, `register-${cacheKey()}`)
  if (!existsSync(template)) await makeTemplate(template)
  const home = temporaryFolder(context)
  cpSync(template, join(home, 'register'), { recursive: true })
  return home
}

/** Numbers of the dossiers in a home; each must be complete. */
export function dossiersOf(home: string): readonly string[] {
  const folder = join(home, 'dossiers')
  const names = existsSync(folder) ? readdirSync(folder).toSorted() : []
  for (const name of names) {
    assert.match(name, /^\d{12}$/, `${name} is left in the dossiers`)
    const files = readdirSync(join(folder, name))
    for (const wanted of ['certificate.sigstore.json', 'dossier.json', 'facts.json', 'findings.sarif', 'report.html'])
      assert.ok(files.includes(wanted), `${name} lacks ${wanted}`)
  }
  return names
}

/** Holds a home to what a clearance that failed may leave: no dossier, and nothing of another's name half-written. */
export function assertNothingDecided(home: string): void {
  assert.deepEqual(dossiersOf(home), [])
}
