/**
 * The texts of dockets: each signed statement about a model, by its place.
 *
 * The log decides what stands where; here lies what it only has the hash of. Rows are added and never changed, but for
 * drafts (what is about to be logged is kept before, gets its place in the log after, and is no part of a docket until
 * then) and free texts, which can be erased: of one that is gone the log keeps the digest, by which nobody guesses the words.
 */
import type { Kysely, Selectable } from 'kysely'
import { formatTime } from '../base/index.ts'
import type { RegisterTables } from './schema.ts'

/** One statement of a docket. */
export interface DocketStatement {
  /** Hex: hash of the statement's own leaf, its identity. */
  readonly leafHash: string
  readonly modelId: string
  readonly familyId: string
  /** Place in the docket, from 0. */
  readonly seq: number
  readonly kind: string
  /** 12 digits; of certificates alone. */
  readonly number: string | null
  readonly origin: string
  /** Index in the log of the leaf that is the link of the docket. */
  readonly leafIndex: number
  /** RFC 3339. */
  readonly issuedAt: string
  readonly bundle: string
}

/** A statement that was signed and kept before the log took it; its bundle has no entry yet. */
export type StatementDraft = Omit<DocketStatement, 'leafIndex'>

/** Index of a draft. */
const NOT_LOGGED = -1

type Row = Selectable<RegisterTables['docket_statement']>

function toStatement(row: Row): DocketStatement {
  return {
    leafHash: row.leaf_hash,
    modelId: row.model_id,
    familyId: row.family_id,
    seq: Number(row.seq),
    kind: row.kind,
    number: row.number,
    origin: row.origin,
    leafIndex: Number(row.leaf_index),
    issuedAt: formatTime(row.issued_at.getTime()),
    bundle: row.bundle,
  }
}

/** A text that was said, or that it was erased. */
export interface DocketText {
  /** Salted SHA-256, as the statement names it. */
  readonly digest: string
  /** Null when it was erased. */
  readonly words: { readonly text: string; readonly salt: string } | null
}

/** Statements by model, identity and number, and the places of status lists. */
export class DocketRegister {
  readonly #database: Kysely<RegisterTables>

  constructor(database: Kysely<RegisterTables>) {
    this.#database = database
  }

  /** Keeps a statement, in the place of its draft when there is one; the same one twice is one. */
  async keep({ leafHash, modelId, familyId, leafIndex, issuedAt, bundle, ...rest }: DocketStatement): Promise<void> {
    await this.#database
      .insertInto('docket_statement')
      .values({
        ...rest,
        bundle,
        leaf_hash: leafHash,
        model_id: modelId,
        family_id: familyId,
        leaf_index: leafIndex,
        issued_at: issuedAt,
      })
      .onConflict((conflict) =>
        conflict
          .column('leaf_hash')
          .doUpdateSet({ bundle, leaf_index: leafIndex })
          .where('docket_statement.leaf_index', '=', NOT_LOGGED),
      )
      .execute()
  }

  /** Keeps a statement that the log is about to be given, so that its text is there whatever happens between. */
  async keepDraft(draft: StatementDraft): Promise<void> {
    await this.keep({ ...draft, leafIndex: NOT_LOGGED })
  }

  /** The drafts about a model that were meant for a log, in the order of their places. */
  async draftsOf(modelId: string, origin: string): Promise<readonly StatementDraft[]> {
    const rows = await this.#database
      .selectFrom('docket_statement')
      .selectAll()
      .where('model_id', '=', modelId)
      .where('origin', '=', origin)
      .where('leaf_index', '=', NOT_LOGGED)
      .orderBy('issued_at')
      .orderBy('seq')
      .execute()
    return rows.map(toStatement)
  }

  /** Forgets a draft that the log did not take. */
  async discard(leafHash: string): Promise<void> {
    await this.#database
      .deleteFrom('docket_statement')
      .where('leaf_hash', '=', leafHash)
      .where('leaf_index', '=', NOT_LOGGED)
      .execute()
  }

  /** All that was said of a model, in order; where a later log began its docket anew, that comes after. */
  async listOf(modelId: string): Promise<readonly DocketStatement[]> {
    const rows = await this.#database
      .selectFrom('docket_statement')
      .selectAll()
      .where('model_id', '=', modelId)
      .where('leaf_index', '>', NOT_LOGGED)
      .orderBy('issued_at')
      .orderBy('seq')
      .execute()
    return rows.map(toStatement)
  }

  /** One statement by its identity. */
  async find(leafHash: string): Promise<DocketStatement | undefined> {
    const row = await this.#database
      .selectFrom('docket_statement')
      .selectAll()
      .where('leaf_hash', '=', leafHash)
      .where('leaf_index', '>', NOT_LOGGED)
      .executeTakeFirst()
    return row === undefined ? undefined : toStatement(row)
  }

  /** The certificate of a number. */
  async findCertificate(number: string): Promise<DocketStatement | undefined> {
    const row = await this.#database
      .selectFrom('docket_statement')
      .selectAll()
      .where('number', '=', number)
      .where('kind', 'in', ['clearance', 'mot-result'])
      .where('leaf_index', '>', NOT_LOGGED)
      .executeTakeFirst()
    return row === undefined ? undefined : toStatement(row)
  }

  /** Keeps the words behind a digest; the same twice is one. */
  async keepText({ digest, salt, text }: { digest: string; salt: string; text: string }): Promise<void> {
    await this.#database
      .insertInto('docket_text')
      .values({ digest, salt, body: text, erased_at: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }

  /** The texts of some digests, those that were ever kept. */
  async texts(digests: readonly string[]): Promise<readonly DocketText[]> {
    if (digests.length === 0) return []
    const rows = await this.#database.selectFrom('docket_text').selectAll().where('digest', 'in', digests).execute()
    return rows.map(({ digest, salt, body }) => ({
      digest,
      words: salt === null || body === null ? null : { salt, text: body },
    }))
  }

  /** Erases a text for good; false when there is none to erase. @param now RFC 3339 */
  async eraseText(digest: string, now: string): Promise<boolean> {
    const erased = await this.#database
      .updateTable('docket_text')
      .set({ salt: null, body: null, erased_at: now })
      .where('digest', '=', digest)
      .where('body', 'is not', null)
      .executeTakeFirst()
    return erased.numUpdatedRows > 0n
  }

  /** The family to which the last statement about a model assigned it. */
  async familyOf(modelId: string): Promise<string | undefined> {
    const row = await this.#database
      .selectFrom('docket_statement')
      .select('family_id')
      .where('model_id', '=', modelId)
      .where('leaf_index', '>', NOT_LOGGED)
      .orderBy('issued_at', 'desc')
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row?.family_id
  }

  /** How many places of a status list were ever given. */
  async countPlaces(list: string): Promise<number> {
    const { taken } = await this.#database
      .selectFrom('status_place')
      .select(({ fn }) => fn.countAll().as('taken'))
      .where('list', '=', list)
      .executeTakeFirstOrThrow()
    return Number(taken)
  }

  /** Takes a place of a status list for a certificate; false when it was given before. */
  async takePlace(place: { readonly list: string; readonly idx: number; readonly number: string }): Promise<boolean> {
    const taken = await this.#database
      .insertInto('status_place')
      .values(place)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    return taken.numInsertedOrUpdatedRows === 1n
  }
}
