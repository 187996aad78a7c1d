/**
 * A register for tests: on the PostgreSQL of `DATABASE_URL` in a database of its own, else on PGlite in a folder.
 *
 * The same suite runs on both, because embedded and shared registers must behave alike.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import pg from 'pg'
import { canonicalJson, sha256, systemClock, systemRandomness, uuidv7, type Clock } from '../base/index.ts'
import { assembleDossier, decide, loadPolicy } from '../dossier/index.ts'
import type { ArtefactFacts } from '../formats/index.ts'
import { openRegister, type Entry, type Register, type RegisterPlace } from '../register/index.ts'
import { makeArtefact, makeAudit, makeTrace } from './evidence.ts'
import { copyRegister } from './register-template.ts'

/** A place for a register and how to remove it. */
export interface TestPlace {
  readonly place: RegisterPlace
  remove(): Promise<void>
}

async function createDatabase(databaseUrl: string): Promise<TestPlace> {
  const name = `tidewaiter_test_${randomBytes(6).toString('hex')}`
  const ask = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await ask(`create database ${name}`)
  const own = new URL(databaseUrl)
  own.pathname = `/${name}`
  return { place: { databaseUrl: own.href }, remove: () => ask(`drop database ${name} with (force)`) }
}

/** A new empty place, for tests of how a register is made. */
export async function makeEmptyPlace(): Promise<TestPlace> {
  const databaseUrl = process.env['DATABASE_URL']
  if (databaseUrl !== undefined) return createDatabase(databaseUrl)
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-register-'))
  return { place: { folder }, remove: async () => rmSync(folder, { recursive: true, force: true }) }
}

/** A new place; in a folder, the register is there already. */
export async function makePlace(): Promise<TestPlace> {
  const made = await makeEmptyPlace()
  if ('folder' in made.place) await copyRegister(made.place.folder)
  return made
}

/** Opens a register, with the machine's clock unless told. */
export function openTestRegister(place: RegisterPlace, clock: Clock = systemClock): Promise<Register> {
  return openRegister({ place, clock, makeId: uuidv7(clock, systemRandomness) })
}

/** A register that is there while the tests of a file run. */
export interface RegisterInUse {
  readonly register: Register
  /** Closes it, does something else with its place, and opens it again. */
  reopen(between: (place: RegisterPlace) => Promise<void>): Promise<void>
}

/** Opens a register before the tests of a file and removes it after them. */
export function useRegister(clock?: Clock): RegisterInUse {
  let home: TestPlace
  let register: Register
  before(async () => {
    home = await makePlace()
    register = await openTestRegister(home.place, clock)
  })
  after(async () => {
    await register.close()
    await home.remove()
  })
  return {
    get register() {
      return register
    },
    async reopen(between) {
      await register.close()
      await between(home.place)
      register = await openTestRegister(home.place, clock)
    },
  }
}

/** What varies between entries. */
export interface EntryChanges {
  readonly name: string
  readonly number: string
  readonly file?: string
  readonly defect?: boolean
  readonly fingerprint?: Uint8Array
}

/** A whole entry for a model called `name`; its digests follow from the name. */
export function makeEntry({
  name,
  number,
  file = sha256(`${name} file`),
  defect = false,
  fingerprint,
}: EntryChanges): Entry {
  const dirHash = sha256(name)
  const artefact = makeArtefact({
    id: `tw1:${dirHash}`,
    source: { kind: 'folder', ref: name },
    digests: { sha256: sha256(`${name} root`), dirHash },
    files: [{ path: 'model.safetensors', size: 1024, sha256: file }],
  })
  const unread = { path: 'model.safetensors', format: 'unknown', verdict: 'inconclusive' } as const
  const audit = defect ? makeAudit({ files: [unread], verdict: 'inconclusive' }) : makeAudit()
  const trace = makeTrace()
  const facts: ArtefactFacts = {
    schema: 'tidewaiter/facts/v1',
    artefact: artefact.id,
    files: [],
    anomalies: [],
    assurance: 'in-process',
    readers: [],
  }
  const decision = decide({ artefact, audit, trace }, loadPolicy())
  const dossier = assembleDossier({
    version: '0.0.0',
    artefact,
    facts: sha256(canonicalJson(facts)),
    audit,
    trace,
    decision,
  })
  const issuedAt = Date.parse('2026-11-23T12:00:00Z')
  const entry = {
    artefact,
    dossier,
    facts,
    number,
    issuedAt,
    expiresOn: Date.parse('2027-11-23T12:00:00Z'),
    bundle: '{}',
  }
  return fingerprint === undefined ? entry : { ...entry, fingerprint }
}
