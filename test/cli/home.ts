/** Home folders for the program, with a register in it or without. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder, type Cleanable } from '../../src/testing/folders.ts'
import { copyRegister } from '../../src/testing/register-template.ts'

/** A home whose register is there and empty. */
export async function homeWithRegister(context: Cleanable): Promise<string> {
  const home = temporaryFolder(context)
  await copyRegister(join(home, 'register'))
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
