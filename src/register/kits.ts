/**
 * Kits in the register: keys issued, registrations with their time, disputes.
 *
 * A registration is entered whole with the disputes that it opens, and only if nobody registered in between: whoever
 * comes second must have been held against the first. Its time shows who registered first, never who descends from whom.
 */
import type { Kysely } from 'kysely'
import { Fault, formatTime, sha256, type Clock, type MakeId } from '../base/index.ts'
import type { RegisterTables } from './schema.ts'

/** Why a registration is disputed. */
export const DISPUTE_KINDS = ['earlier-kit', 'public-digest', 'public-kin'] as const
/** See {@link DISPUTE_KINDS}. */
export type DisputeKind = (typeof DISPUTE_KINDS)[number]

/** A dispute that a registration opens. */
export interface NewDispute {
  readonly kind: DisputeKind
  /** Id of the earlier registration, or of the public model. */
  readonly other: string
  readonly log10p: number | null
  readonly detail: string
}

/** A dispute as it stands in the register. */
export interface DisputeRecord extends NewDispute {
  readonly id: string
  readonly registration: string
  readonly openedAt: string
}

/** A registration. */
export interface KitRecord {
  readonly id: string
  /** 1, 2, 3 … in the order of registration. */
  readonly ordinal: number
  readonly registrant: string
  readonly sha256: string
  /** Commitment to the key. */
  readonly key: string
  readonly registeredAt: string
  readonly bytes: Uint8Array
}

/** What is registered. */
export interface NewKit {
  readonly registrant: string
  readonly bytes: Uint8Array
  readonly key: string
  readonly disputes: readonly NewDispute[]
  /** Number of registrations that it was held against. */
  readonly seen: number
}

/** A sealed key. */
export interface SealedKey {
  readonly id: string
  readonly commitment: string
  readonly sealed: Uint8Array
}

interface KitRow {
  readonly id: string
  readonly ordinal: number
  readonly registrant: string
  readonly sha256: string
  readonly key_commitment: string
  readonly bytes: Uint8Array
  readonly registered_at: Date
}

function toKit(row: KitRow): KitRecord {
  const { id, ordinal, registrant, sha256: digest, key_commitment, bytes, registered_at } = row
  return {
    id,
    ordinal,
    registrant,
    sha256: digest,
    key: key_commitment,
    registeredAt: formatTime(registered_at.getTime()),
    bytes: new Uint8Array(bytes),
  }
}

/** See the module. */
export class KitRegister {
  readonly #database: Kysely<RegisterTables>
  readonly #clock: Clock
  readonly #makeId: MakeId

  constructor(database: Kysely<RegisterTables>, { clock, makeId }: { readonly clock: Clock; readonly makeId: MakeId }) {
    this.#database = database
    this.#clock = clock
    this.#makeId = makeId
  }

  /** Keeps a key that is made for the number that it gets. */
  async issueKey(make: (id: string) => Omit<SealedKey, 'id'>): Promise<SealedKey> {
    const id = this.#makeId()
    const { commitment, sealed } = make(id)
    const row = { id, commitment, sealed, issued_at: formatTime(this.#clock.now()) }
    await this.#database.insertInto('kit_key').values(row).execute()
    return { id, commitment, sealed }
  }

  /** The sealed key of that commitment, if this register issued it. */
  async findKey(commitment: string): Promise<SealedKey | undefined> {
    const row = await this.#database
      .selectFrom('kit_key')
      .selectAll()
      .where('commitment', '=', commitment)
      .executeTakeFirst()
    return row === undefined ? undefined : { id: row.id, commitment, sealed: new Uint8Array(row.sealed) }
  }

  /**
   * Registers a kit with its disputes.
   *
   * @throws Fault `kit-registered` when these very bytes were registered before; `register-moved` when others registered
   *   since, and the kit has to be held against them too
   */
  async enter({ registrant, bytes, key, disputes, seen }: NewKit): Promise<KitRecord> {
    const id = this.#makeId()
    const now = formatTime(this.#clock.now())
    const kit = {
      id,
      ordinal: seen + 1,
      registrant,
      sha256: sha256(bytes),
      key_commitment: key,
      bytes,
      registered_at: now,
    }
    await this.#database.transaction().execute(async (transaction) => {
      const before = await transaction
        .selectFrom('kit_registration')
        .select('id')
        .where('sha256', '=', kit.sha256)
        .executeTakeFirst()
      if (before !== undefined) throw new Fault('kit-registered', `these bytes were registered before, as ${before.id}`)
      const entered = await transaction
        .insertInto('kit_registration')
        .values(kit)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      if (entered.numInsertedOrUpdatedRows === 0n)
        throw new Fault('register-moved', 'somebody registered at the same time; register again')
      const rows = disputes.map(({ kind, other, log10p, detail }) => {
        return { id: this.#makeId(), registration_id: id, kind, other, log10p, detail, opened_at: now }
      })
      if (rows.length > 0) await transaction.insertInto('kit_dispute').values(rows).execute()
    })
    return { id, ordinal: seen + 1, registrant, sha256: kit.sha256, key, registeredAt: now, bytes }
  }

  /** All registrations, oldest first. */
  async list(): Promise<readonly KitRecord[]> {
    const rows = await this.#database.selectFrom('kit_registration').selectAll().orderBy('ordinal').execute()
    return rows.map(toKit)
  }

  /** Disputes, oldest first: all, or those with that id or of that registration. */
  async disputes(id?: string): Promise<readonly DisputeRecord[]> {
    let rows = this.#database.selectFrom('kit_dispute').selectAll().orderBy('id')
    if (id !== undefined) rows = rows.where(({ or, eb }) => or([eb('id', '=', id), eb('registration_id', '=', id)]))
    return (await rows.execute()).map((row) => ({
      id: row.id,
      registration: row.registration_id,
      kind: row.kind as DisputeKind,
      other: row.other,
      log10p: row.log10p,
      detail: row.detail,
      openedAt: formatTime(row.opened_at.getTime()),
    }))
  }
}
