/**
 * A register for tests: on the PostgreSQL of `DATABASE_URL` in a database of its own, else on PGlite in a folder.
 *
 * The same suite runs on both, because embedded and shared registers must behave alike.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { canonicalJson, sha256, systemClock, systemRandomness, uuidv7 } from '../base/index.ts'
import { assembleDossier, decide, loadPolicy } from '../dossier/index.ts'
import type { ArtefactFacts } from '../formats/index.ts'
import { openRegister, type Entry, type Register, type RegisterPlace } from '../register/index.ts'
import { makeArtefact, makeAudit, makeTrace } from './evidence.ts'

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

/** A new empty place. */
export async function makePlace(): Promise<TestPlace> {
  const databaseUrl = process.env['DATABASE_URL']
  if (databaseUrl !== undefined) return createDatabase(databaseUrl)
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-register-'))
  return { place: { folder }, remove: async () => rmSync(folder, { recursive: true, force: true }) }
}

/** Opens a register with the machine's clock. */
export function openTestRegister(place: RegisterPlace): Promise<Register> {
  return openRegister({ place, clock: systemClock, makeId: uuidv7(systemClock, systemRandomness) })
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
