/** The evidence of every model, for rules that were written after it came in. */
import { inflateSync } from 'node:zlib'
import type { Kysely } from 'kysely'
import type { Dossier } from '../dossier/index.ts'
import type { ArtefactFacts } from '../formats/index.ts'
import type { RegisterTables } from './schema.ts'

/** What was kept of one model, with its latest decision. */
export interface EvidenceRecord {
  readonly modelId: string
  readonly ref: string
  /** Number of the latest certificate. */
  readonly number: string
  readonly facts: ArtefactFacts
  readonly dossier: Dossier
}

const AT_ONCE = 8

function parse<Value>(bytes: Uint8Array): Value {
  return JSON.parse(inflateSync(bytes).toString('utf8')) as Value
}

/** See `Register.findFacts`. */
export async function findFacts(database: Kysely<RegisterTables>, modelId: string): Promise<ArtefactFacts | undefined> {
  const row = await database.selectFrom('facts').select('bytes').where('model_id', '=', modelId).executeTakeFirst()
  return row === undefined ? undefined : parse(row.bytes)
}

/** See `Register.evidence`. In the order of their identities, a few at a time, so that memory stays bounded. */
export async function* listEvidence(database: Kysely<RegisterTables>): AsyncGenerator<EvidenceRecord> {
  for (let after = ''; ;) {
    const page = await database
      .selectFrom('facts')
      .innerJoin('clearance', 'clearance.model_id', 'facts.model_id')
      .innerJoin('dossier', 'dossier.sha256', 'clearance.dossier_sha256')
      .select(['facts.model_id', 'clearance.ref', 'clearance.number', 'facts.bytes', 'dossier.bytes as dossier'])
      .where('facts.model_id', '>', after)
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
      .orderBy('facts.model_id')
      .limit(AT_ONCE)
      .execute()
    for (const { model_id, ref, number, bytes, dossier } of page)
      yield { modelId: model_id, ref, number, facts: parse(bytes), dossier: parse(dossier) }
    if (page.length < AT_ONCE) return
    after = page.at(-1)?.model_id ?? ''
  }
}
