/** Entering: everything about one clearance in one transaction. */
import { deflateSync } from 'node:zlib'
import { sql, type Kysely, type Transaction } from 'kysely'
import type { Artefact } from '../artefact/index.ts'
import { Fault, canonicalJson, digestOf, formatTime, sha256 } from '../base/index.ts'
import type { AssembledDossier } from '../dossier/index.ts'
import type { ArtefactFacts } from '../formats/index.ts'
import type { RegisterTables } from './schema.ts'
import { recordScreening } from './screening.ts'

/** What is entered: one model, one decision, the evidence. */
export interface Entry {
  readonly artefact: Artefact
  readonly dossier: AssembledDossier
  readonly facts: ArtefactFacts
  /** A `.twf` file; absent when the model has no weights that can be traced. */
  readonly fingerprint?: Uint8Array
  /** 12 digits. */
  readonly number: string
  /** Milliseconds since 1970. */
  readonly issuedAt: number
  readonly expiresOn: number
  /** The certificate: a Sigstore bundle as JSON text. */
  readonly bundle: string
  /** The compact token that its printed code carries. */
  readonly token?: string
}

/** Takes the next serial of a year. */
export async function takeSerial(database: Kysely<RegisterTables>, year: number): Promise<number> {
  const { last } = await database
    .insertInto('certificate_serial')
    .values({ year, last: 1 })
    .onConflict((conflict) => conflict.column('year').doUpdateSet({ last: sql<number>`certificate_serial.last + 1` }))
    .returning('last')
    .executeTakeFirstOrThrow()
  return last
}

const FILES_AT_ONCE = 1_000

async function enterModel(transaction: Transaction<RegisterTables>, { artefact }: Entry, now: number): Promise<void> {
  const { id, source, digests, size } = artefact
  const model = {
    id,
    ref: source.ref,
    oms_root: digests.sha256,
    dir_hash: digests.dirHash,
    size,
    first_seen: formatTime(now),
  }
  const entered = await transaction
    .insertInto('model')
    .values(model)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (entered.numInsertedOrUpdatedRows === 0n) return
  const files = artefact.files.map((file) => ({ model_id: id, path: file.path, size: file.size, sha256: file.sha256 }))
  for (let from = 0; from < files.length; from += FILES_AT_ONCE) {
    await transaction
      .insertInto('model_file')
      .values(files.slice(from, from + FILES_AT_ONCE))
      .execute()
  }
}

async function enterEvidence(
  transaction: Transaction<RegisterTables>,
  { artefact, dossier, facts, fingerprint }: Entry,
  id: string,
): Promise<void> {
  const model_id = artefact.id
  const factsRow = { sha256: digestOf(facts), bytes: deflateSync(canonicalJson(facts)) }
  await transaction
    .insertInto('facts')
    .values({ model_id, ...factsRow })
    .onConflict((conflict) => conflict.column('model_id').doUpdateSet(factsRow))
    .execute()
  await transaction
    .insertInto('dossier')
    .values({ sha256: dossier.digest, model_id, bytes: deflateSync(dossier.text) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  if (fingerprint === undefined) return
  const row = { sha256: sha256(fingerprint), bytes: fingerprint }
  await transaction
    .insertInto('fingerprint')
    .values({ model_id, ...row })
    .onConflict((conflict) => conflict.column('model_id').doUpdateSet(row))
    .execute()
  await recordScreening(transaction, { modelId: model_id, ...row }, id)
}

/** Records an entry. @throws Fault `number-taken` */
export async function recordEntry(
  database: Kysely<RegisterTables>,
  entry: Entry,
  { id, now }: { readonly id: string; readonly now: number },
): Promise<void> {
  const { decision, channel } = entry.dossier.dossier.decision
  const clearance = {
    id,
    number: entry.number,
    model_id: entry.artefact.id,
    ref: entry.artefact.source.ref,
    decision,
    channel,
    issued_at: formatTime(entry.issuedAt),
    expires_on: formatTime(entry.expiresOn),
    dossier_sha256: entry.dossier.digest,
    bundle: entry.bundle,
  }
  await database.transaction().execute(async (transaction) => {
    await enterModel(transaction, entry, now)
    await enterEvidence(transaction, entry, id)
    const taken = await transaction
      .insertInto('clearance')
      .values(clearance)
      .onConflict((conflict) => conflict.column('number').doNothing())
      .executeTakeFirst()
    if (taken.numInsertedOrUpdatedRows === 0n)
      throw new Fault('number-taken', `certificate ${entry.number} was issued before`)
    const { number, token } = entry
    if (token !== undefined) await transaction.insertInto('certificate_token').values({ number, token }).execute()
  })
}
