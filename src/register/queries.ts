/** Questions to the register. All are read-only, page by key, and give plain values with times as RFC 3339. */
import { inflateSync } from 'node:zlib'
import { sql, type Kysely } from 'kysely'
import { formatTime, isSha256 } from '../base/index.ts'
import type { Channel, DecisionKind } from '../dossier/index.ts'
import type { RegisterTables } from './schema.ts'

type Database = Kysely<RegisterTables>

/** A decision as it was issued. */
export interface ClearanceRecord {
  readonly number: string
  readonly modelId: string
  readonly ref: string
  readonly decision: DecisionKind
  readonly channel: Channel
  readonly issuedAt: string
  readonly expiresOn: string
  readonly dossier: string
}

/** A decision with the certificate itself. */
export interface CertificateRecord extends ClearanceRecord {
  readonly bundle: string
}

/** A model with its files. */
export interface ModelRecord {
  readonly id: string
  readonly ref: string
  readonly size: number
  readonly omsRoot: string
  readonly dirHash: string
  readonly firstSeen: string
  readonly files: readonly { readonly path: string; readonly size: number; readonly sha256: string }[]
}

/** A line of a search result: a model and its latest decision. */
export interface SearchHit extends ClearanceRecord {
  readonly size: number
}

/** One page; `next` continues after it. */
export interface SearchPage {
  readonly hits: readonly SearchHit[]
  readonly next: string | null
}

/** What to search; an empty query lists everything. */
export interface SearchOptions {
  readonly query: string
  /** 1 … 200. */
  readonly limit: number
  /** `next` of the page before. */
  readonly after?: string
}

/** The latest decision on something that was asked for by digest. */
export interface Standing {
  /** The digest or identity that was asked for. */
  readonly asked: string
  readonly number: string
  readonly modelId: string
  readonly decision: DecisionKind
  readonly expiresOn: string
}

/** A fingerprint with the model's latest decision. */
export interface FingerprintRecord {
  readonly modelId: string
  readonly ref: string
  readonly standing: DecisionKind
  readonly bytes: Uint8Array
}

interface ClearanceRow {
  readonly number: string
  readonly model_id: string
  readonly ref: string
  readonly decision: string
  readonly channel: string
  readonly issued_at: Date
  readonly expires_on: Date
  readonly dossier_sha256: string
}

function toClearance(row: ClearanceRow): ClearanceRecord {
  return {
    number: row.number,
    modelId: row.model_id,
    ref: row.ref,
    decision: row.decision as DecisionKind,
    channel: row.channel as Channel,
    issuedAt: formatTime(row.issued_at.getTime()),
    expiresOn: formatTime(row.expires_on.getTime()),
    dossier: row.dossier_sha256,
  }
}

/** The newest clearance of each model: the one with no newer beside it (identifiers sort by time). */
function latest(database: Database) {
  return database
    .selectFrom('clearance')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('clearance as newer')
            .select('newer.id')
            .whereRef('newer.model_id', '=', 'clearance.model_id')
            .whereRef('newer.id', '>', 'clearance.id'),
        ),
      ),
    )
}

/** See `Register.findModel`. */
export async function findModel(database: Database, id: string): Promise<ModelRecord | undefined> {
  const model = await database.selectFrom('model').selectAll().where('id', '=', id).executeTakeFirst()
  if (model === undefined) return undefined
  const files = await database
    .selectFrom('model_file')
    .selectAll()
    .where('model_id', '=', id)
    .orderBy(sql`path collate "C"`)
    .execute()
  return {
    id: model.id,
    ref: model.ref,
    size: Number(model.size),
    omsRoot: model.oms_root,
    dirHash: model.dir_hash,
    firstSeen: formatTime(model.first_seen.getTime()),
    files: files.map(({ path, size, sha256 }) => ({ path, size: Number(size), sha256 })),
  }
}

/** See `Register.docket`. */
export async function listClearances(database: Database, modelId: string): Promise<readonly ClearanceRecord[]> {
  const rows = await database
    .selectFrom('clearance')
    .selectAll()
    .where('model_id', '=', modelId)
    .orderBy('id', 'desc')
    .execute()
  return rows.map(toClearance)
}

/** See `Register.findCertificate`. */
export async function findCertificate(database: Database, number: string): Promise<CertificateRecord | undefined> {
  const row = await database.selectFrom('clearance').selectAll().where('number', '=', number).executeTakeFirst()
  return row === undefined ? undefined : { ...toClearance(row), bundle: row.bundle }
}

/** See `Register.findDossier`. */
export async function findDossier(database: Database, digest: string): Promise<string | undefined> {
  const row = await database.selectFrom('dossier').select('bytes').where('sha256', '=', digest).executeTakeFirst()
  return row === undefined ? undefined : inflateSync(row.bytes).toString('utf8')
}

/** See `Register.findToken`. */
export async function findToken(database: Database, number: string): Promise<string | undefined> {
  const row = await database
    .selectFrom('certificate_token')
    .select('token')
    .where('number', '=', number)
    .executeTakeFirst()
  return row?.token
}

/** See `Register.search`. */
export async function searchModels(database: Database, { query, limit, after }: SearchOptions): Promise<SearchPage> {
  const wanted = query.trim()
  const pattern = `%${wanted.toLowerCase().replace(/[\\%_]/g, (special) => `\\${special}`)}%`
  const digest = wanted.replace(/^tw1:/, '').toLowerCase()
  let rows = latest(database)
    .innerJoin('model', 'model.id', 'clearance.model_id')
    .selectAll('clearance')
    .select('model.size')
    .orderBy('clearance.id', 'desc')
    .limit(limit + 1)
  if (after !== undefined) {
    rows = rows.where('clearance.id', '<', ({ selectFrom }) =>
      selectFrom('clearance as last').select('last.id').where('last.number', '=', after),
    )
  }
  if (wanted !== '') {
    rows = rows.where(({ or, eb, exists, selectFrom }) =>
      or([
        eb(sql<string>`lower(clearance.ref)`, 'like', pattern),
        eb('clearance.model_id', '=', `tw1:${digest}`),
        eb('model.oms_root', '=', digest),
        exists(
          selectFrom('clearance as named')
            .select('named.id')
            .whereRef('named.model_id', '=', 'clearance.model_id')
            .where('named.number', '=', wanted.replace(/[ -]/g, '')),
        ),
        exists(
          selectFrom('model_file')
            .select('path')
            .whereRef('model_file.model_id', '=', 'clearance.model_id')
            .where('model_file.sha256', '=', digest),
        ),
      ]),
    )
  }
  const found = await rows.execute()
  const hits = found.slice(0, limit).map((row) => ({ ...toClearance(row), size: Number(row.size) }))
  return { hits, next: found.length > limit ? (hits.at(-1)?.number ?? null) : null }
}

/** See `Register.standings`. */
export async function findStandings(database: Database, digests: readonly string[]): Promise<readonly Standing[]> {
  const files = digests.filter(isSha256)
  const models = digests.filter((digest) => digest.startsWith('tw1:'))
  const ask = latest(database).select([
    'clearance.number',
    'clearance.model_id',
    'clearance.decision',
    'clearance.expires_on',
  ])
  const byFile =
    files.length === 0
      ? []
      : await ask
          .innerJoin('model_file', 'model_file.model_id', 'clearance.model_id')
          .select('model_file.sha256 as asked')
          .where('model_file.sha256', 'in', files)
          .orderBy('clearance.id', 'desc')
          .execute()
  const byModel =
    models.length === 0
      ? []
      : await ask.select('clearance.model_id as asked').where('clearance.model_id', 'in', models).execute()
  return [...byModel, ...byFile].map(({ asked, number, model_id, decision, expires_on }) => ({
    asked,
    number,
    modelId: model_id,
    decision: decision as DecisionKind,
    expiresOn: formatTime(expires_on.getTime()),
  }))
}

const FINGERPRINTS_AT_ONCE = 64

function selectFingerprints(database: Database) {
  return latest(database)
    .innerJoin('fingerprint', 'fingerprint.model_id', 'clearance.model_id')
    .select(['clearance.model_id', 'clearance.ref', 'clearance.decision', 'fingerprint.bytes'])
    .orderBy('clearance.model_id')
    .limit(FINGERPRINTS_AT_ONCE)
}

function toFingerprint(row: FingerprintRow): FingerprintRecord {
  const { model_id: modelId, ref, decision, bytes } = row
  return { modelId, ref, standing: decision as DecisionKind, bytes: new Uint8Array(bytes) }
}

interface FingerprintRow {
  readonly model_id: string
  readonly ref: string
  readonly decision: string
  readonly bytes: Uint8Array
}

/** See `Register.fingerprintsOf`. */
export async function* findFingerprints(database: Database, ids: readonly string[]): AsyncGenerator<FingerprintRecord> {
  const sorted = ids.toSorted()
  for (let from = 0; from < sorted.length; from += FINGERPRINTS_AT_ONCE) {
    const asked = sorted.slice(from, from + FINGERPRINTS_AT_ONCE)
    yield* (await selectFingerprints(database).where('clearance.model_id', 'in', asked).execute()).map(toFingerprint)
  }
}

/** See `Register.fingerprints`. */
export async function* listFingerprints(database: Database): AsyncGenerator<FingerprintRecord> {
  for (let after = ''; ;) {
    const page = await selectFingerprints(database).where('clearance.model_id', '>', after).execute()
    yield* page.map(toFingerprint)
    if (page.length < FINGERPRINTS_AT_ONCE) return
    after = page.at(-1)?.model_id ?? ''
  }
}

/** See `Register.count`. */
export async function countAll(database: Database): Promise<{ readonly models: number; readonly clearances: number }> {
  const models = await database
    .selectFrom('model')
    .select(({ fn }) => fn.countAll<number | string>().as('n'))
    .executeTakeFirstOrThrow()
  const clearances = await database
    .selectFrom('clearance')
    .select(({ fn }) => fn.countAll<number | string>().as('n'))
    .executeTakeFirstOrThrow()
  return { models: Number(models.n), clearances: Number(clearances.n) }
}
