/**
 * What indexes of fingerprints are made from: a row for each fingerprint, written when it is entered.
 *
 * Registers of before the table get their rows by `fillScreening`, a page at a time and each page in a transaction, so
 * that it goes on where it stopped.
 */
import type { Kysely, Transaction } from 'kysely'
import { toFault, type MakeId } from '../base/index.ts'
import { decodeFingerprint, indexRow, indexRowText, parseIndexRow, type IndexRow } from '../lineage/index.ts'
import type { RegisterTables } from './schema.ts'

type Database = Kysely<RegisterTables>

/** How far the rows have come. */
export interface ScreeningState {
  /** Models that have a fingerprint. */
  readonly fingerprints: number
  /** Those of them of which there is a row, whether or not the fingerprint could be read. */
  readonly screened: number
  /** Those that an index can hold. */
  readonly indexable: number
}

/** Rows, and where to go on after them. */
export interface ScreeningPage {
  readonly rows: readonly IndexRow[]
  readonly cursor: string
}

/** The text of the row of a fingerprint file; null when it cannot be read or is of a model without identity. */
function rowTextOf(modelId: string, bytes: Uint8Array): string | null {
  try {
    return indexRowText({ ...indexRow(decodeFingerprint(new Uint8Array(bytes))), model: modelId })
  } catch (thrown) {
    const { code } = toFault(thrown)
    if (code === 'bad-fingerprint' || code === 'fingerprint-too-large') return null
    throw thrown
  }
}

/** A fingerprint of the register. */
export interface EnteredFingerprint {
  readonly modelId: string
  readonly sha256: string
  readonly bytes: Uint8Array
}

/** Writes the row of a fingerprint, in place of an older one. */
export async function recordScreening(
  transaction: Transaction<RegisterTables>,
  { modelId, sha256, bytes }: EnteredFingerprint,
  entered: string,
): Promise<void> {
  const same = await transaction
    .selectFrom('screening')
    .select('model_id')
    .where('model_id', '=', modelId)
    .where('sha256', '=', sha256)
    .executeTakeFirst()
  if (same !== undefined) return
  const row = { sha256, entered, index_row: rowTextOf(modelId, bytes) }
  await transaction
    .insertInto('screening')
    .values({ model_id: modelId, ...row })
    .onConflict((conflict) => conflict.column('model_id').doUpdateSet(row))
    .execute()
}

const FILLED_AT_ONCE = 16
const READ_AT_ONCE = 256

/** See `Register.fillScreening`. */
export async function fillScreening(
  database: Database,
  { makeId, onProgress }: { readonly makeId: MakeId; readonly onProgress: (done: number) => void },
): Promise<void> {
  for (let done = 0; ;) {
    const page = await database
      .selectFrom('fingerprint')
      .leftJoin('screening', 'screening.model_id', 'fingerprint.model_id')
      .where('screening.model_id', 'is', null)
      .select(['fingerprint.model_id as modelId', 'fingerprint.sha256', 'fingerprint.bytes'])
      .orderBy('fingerprint.model_id')
      .limit(FILLED_AT_ONCE)
      .execute()
    if (page.length === 0) return
    await database.transaction().execute(async (transaction) => {
      for (const each of page) await recordScreening(transaction, each, makeId())
    })
    onProgress((done += page.length))
  }
}

/** See `Register.screeningState`. */
export async function readScreeningState(database: Database): Promise<ScreeningState> {
  const { fingerprints } = await database
    .selectFrom('fingerprint')
    .select(({ fn }) => fn.countAll<number | string>().as('fingerprints'))
    .executeTakeFirstOrThrow()
  const { screened, indexable } = await database
    .selectFrom('screening')
    .select(({ fn }) => [
      fn.countAll<number | string>().as('screened'),
      fn.count<number | string>('index_row').as('indexable'),
    ])
    .executeTakeFirstOrThrow()
  return { fingerprints: Number(fingerprints), screened: Number(screened), indexable: Number(indexable) }
}

/** See `Register.screeningRows`. */
export async function* listScreening(database: Database, after: string): AsyncGenerator<ScreeningPage> {
  for (let cursor = after; ;) {
    const page = await database
      .selectFrom('screening')
      .select(['entered', 'index_row'])
      .where('entered', '>', cursor)
      .orderBy('entered')
      .limit(READ_AT_ONCE)
      .execute()
    cursor = page.at(-1)?.entered ?? cursor
    const texts = page.flatMap(({ index_row }) => index_row ?? [])
    if (page.length > 0) yield { rows: texts.map(parseIndexRow), cursor }
    if (page.length < READ_AT_ONCE) return
  }
}
