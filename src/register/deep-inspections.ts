/**
 * The queue of deep inspections: comparisons of two models that take hours and are done in steps.
 *
 * Whoever works takes the oldest that waits, under a lease; keeps what was reached from time to time, which renews the
 * lease; and ends it with a result or the reason of a failure. A lease that ran out (the machine died) may be taken
 * over; what was kept is gone on with. An inspection that was taken up three times and came no further has failed.
 *
 * Guarantee: at any time at most one holder of a lease that has not run out; who has lost it can change nothing.
 */
import { deflateSync, inflateSync } from 'node:zlib'
import type { Kysely, Selectable, Transaction } from 'kysely'
import { canonicalJson, Fault, formatTime, type Clock, type Json, type MakeId } from '../base/index.ts'
import type { RegisterTables } from './schema.ts'

/** One of the two models. */
export interface InspectionSide {
  readonly ref: string
  /** `tw1:…` */
  readonly id: string
}

/** How far an inspection is. */
export interface InspectionProgress {
  readonly done: number
  readonly total: number
  /** What is being done, in words. */
  readonly note: string
}

/** An inspection as it stands. */
export interface InspectionRecord {
  readonly id: string
  readonly a: InspectionSide
  readonly b: InspectionSide
  /** Which inspection was asked for, by its name. */
  readonly kind: string
  readonly status: 'waiting' | 'running' | 'done' | 'failed'
  /** Times that it was taken up since it last came further. */
  readonly attempts: number
  readonly progress: InspectionProgress | null
  readonly failure: string | null
  /** RFC 3339. */
  readonly createdAt: string
  readonly changedAt: string
}

/** An inspection with what came of it, if anything did. */
export interface InspectionResult extends InspectionRecord {
  readonly result: Json | null
}

/** An inspection that was taken up. */
export interface InspectionClaim {
  readonly record: InspectionRecord
  readonly worker: string
  /** What was kept before, and of which computation it is; null at the beginning. */
  readonly kept: { readonly kind: string; readonly state: Json } | null
}

/** What is kept of work that is not done. */
export interface KeptWork {
  /** Computation and version; state of another one is of no use. */
  readonly kind: string
  readonly state: Json
  readonly progress: InspectionProgress
}

/** How long a holder may be silent. */
const LEASE_MS = 30 * 60 * 1000
const MOST_ATTEMPTS = 3
const LISTED = 200

type Row = Selectable<RegisterTables['deep_inspection']>

const RECORD = [
  'id',
  'a_ref',
  'a_id',
  'b_ref',
  'b_id',
  'inspection',
  'status',
  'attempts',
  'progress',
  'failure',
  'created_at',
  'changed_at',
] as const

function toRecord(row: Pick<Row, (typeof RECORD)[number]>): InspectionRecord {
  return {
    id: row.id,
    a: { ref: row.a_ref, id: row.a_id },
    b: { ref: row.b_ref, id: row.b_id },
    kind: row.inspection,
    status: row.status as InspectionRecord['status'],
    attempts: row.attempts,
    progress: row.progress === null ? null : (JSON.parse(row.progress) as InspectionProgress),
    failure: row.failure,
    createdAt: formatTime(row.created_at.getTime()),
    changedAt: formatTime(row.changed_at.getTime()),
  }
}

function pack(value: Json): Uint8Array {
  return deflateSync(canonicalJson(value))
}

function unpack(bytes: Uint8Array): Json {
  return JSON.parse(inflateSync(bytes).toString('utf8')) as Json
}

/** See the module. */
export class DeepInspections {
  readonly #database: Kysely<RegisterTables>
  readonly #clock: Clock
  readonly #makeId: MakeId

  constructor(database: Kysely<RegisterTables>, { clock, makeId }: { readonly clock: Clock; readonly makeId: MakeId }) {
    this.#database = database
    this.#clock = clock
    this.#makeId = makeId
  }

  #now(): string {
    return formatTime(this.#clock.now())
  }

  /**
   * Asks for an inspection of A against B of a kind. Asked for twice, it is one, as long as it is neither done nor
   * failed.
   */
  async add(a: InspectionSide, b: InspectionSide, kind: string): Promise<InspectionRecord> {
    const now = this.#now()
    const asked = { a_ref: a.ref, a_id: a.id, b_ref: b.ref, b_id: b.id, inspection: kind }
    await this.#database
      .insertInto('deep_inspection')
      .values({ id: this.#makeId(), ...asked, status: 'waiting', attempts: 0, created_at: now, changed_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const row = await this.#database
      .selectFrom('deep_inspection')
      .select(RECORD)
      .where('a_id', '=', a.id)
      .where('b_id', '=', b.id)
      .where('inspection', '=', kind)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    return toRecord(row)
  }

  /** The newest 200, newest first. */
  async list(): Promise<readonly InspectionRecord[]> {
    const rows = await this.#database
      .selectFrom('deep_inspection')
      .select(RECORD)
      .orderBy('id', 'desc')
      .limit(LISTED)
      .execute()
    return rows.map(toRecord)
  }

  /**
   * Those whose identifier is, begins or ends with these characters; with their results, newest first, two at most:
   * whoever asked for one sees whether it was the only one.
   */
  async find(part: string): Promise<readonly InspectionResult[]> {
    if (!/^[0-9a-f-]{4,36}$/.test(part)) return []
    const rows = await this.#database
      .selectFrom('deep_inspection')
      .select([...RECORD, 'result'])
      .where(({ or, eb }) => or([eb('id', 'like', `${part}%`), eb('id', 'like', `%${part}`)]))
      .orderBy('id', 'desc')
      .limit(2)
      .execute()
    return rows.map((row) => ({ ...toRecord(row), result: row.result === null ? null : unpack(row.result) }))
  }

  /** Takes up the oldest that waits or whose holder is silent; undefined when there is nothing to do. */
  async claim(worker: string): Promise<InspectionClaim | undefined> {
    return this.#database.transaction().execute(async (transaction) => {
      for (;;) {
        const row = await this.#nextDue(transaction)
        if (row === undefined) return undefined
        const changed_at = this.#now()
        const due = transaction.updateTable('deep_inspection').where('id', '=', row.id)
        if (row.attempts < MOST_ATTEMPTS) {
          const leased_until = formatTime(this.#clock.now() + LEASE_MS)
          const attempts = row.attempts + 1
          await due.set({ status: 'running', worker, leased_until, attempts, changed_at }).execute()
          const kept = row.kind === null || row.state === null ? null : { kind: row.kind, state: unpack(row.state) }
          return { record: toRecord({ ...row, status: 'running', attempts }), worker, kept }
        }
        const failure = `taken up ${MOST_ATTEMPTS} times, and whoever had it ended without a word`
        await due.set({ status: 'failed', worker: null, leased_until: null, failure, changed_at }).execute()
      }
    })
  }

  #nextDue(transaction: Transaction<RegisterTables>): Promise<Row | undefined> {
    const now = this.#now()
    return transaction
      .selectFrom('deep_inspection')
      .selectAll()
      .where(({ or, and, eb }) =>
        or([eb('status', '=', 'waiting'), and([eb('status', '=', 'running'), eb('leased_until', '<', new Date(now))])]),
      )
      .orderBy('id')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst()
  }

  /** Changes what the holder holds. */
  async #change(
    { record, worker }: InspectionClaim,
    to: Partial<Pick<Row, 'attempts' | 'kind' | 'state' | 'progress' | 'result' | 'failure'>> & {
      readonly status: string
      readonly leased_until?: string
    },
  ): Promise<void> {
    const held = to.leased_until === undefined ? { worker: null, leased_until: null } : {}
    const { numUpdatedRows } = await this.#database
      .updateTable('deep_inspection')
      .set({ ...held, ...to, changed_at: this.#now() })
      .where('id', '=', record.id)
      .where('status', '=', 'running')
      .where('worker', '=', worker)
      .executeTakeFirst()
    if (numUpdatedRows === 0n)
      throw new Fault('lease-lost', `the inspection ${record.id} was silent for too long and was taken over`)
  }

  /** Keeps what was reached, and holds on. @throws Fault `lease-lost` */
  keep(claim: InspectionClaim, { kind, state, progress }: KeptWork): Promise<void> {
    const work = { kind, state: pack(state), progress: canonicalJson({ ...progress }), attempts: 0 }
    const leased_until = formatTime(this.#clock.now() + LEASE_MS)
    return this.#change(claim, { status: 'running', leased_until, ...work })
  }

  /** Gives it back as it was last kept, for anyone to go on with. @throws Fault `lease-lost` */
  release(claim: InspectionClaim): Promise<void> {
    return this.#change(claim, { status: 'waiting', attempts: 0 })
  }

  /** Ends it with its result. @throws Fault `lease-lost` */
  finish(claim: InspectionClaim, result: Json): Promise<void> {
    return this.#change(claim, { status: 'done', result: pack(result), state: null, kind: null })
  }

  /** Ends it with the reason why there is no result. @throws Fault `lease-lost` */
  fail(claim: InspectionClaim, failure: string): Promise<void> {
    return this.#change(claim, { status: 'failed', failure, state: null, kind: null })
  }
}
