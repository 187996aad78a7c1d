/** The tables of the register as types; see `migrations/` for what each column means. */
import type { ColumnType } from 'kysely'

type Time = ColumnType<Date, string, never>
/** PostgreSQL's bigint: comes back as text from one driver and as a number from the other. */
type Size = ColumnType<string | number | bigint, number, never>

/** A size that changes. */
type ChangingSize = ColumnType<string | number | bigint, number, number>

/** A time that changes. */
type ChangingTime = ColumnType<Date, string, string>

/** All tables. */
export interface RegisterTables {
  readonly model: {
    readonly id: string
    readonly ref: string
    readonly oms_root: string
    readonly dir_hash: string
    readonly size: Size
    readonly first_seen: Time
  }
  readonly model_file: {
    readonly model_id: string
    readonly path: string
    readonly size: Size
    readonly sha256: string
  }
  readonly fingerprint: { readonly model_id: string; readonly sha256: string; readonly bytes: Uint8Array }
  readonly screening: {
    readonly model_id: string
    readonly sha256: string
    readonly entered: string
    readonly index_row: string | null
  }
  readonly facts: { readonly model_id: string; readonly sha256: string; readonly bytes: Uint8Array }
  readonly dossier: { readonly sha256: string; readonly model_id: string; readonly bytes: Uint8Array }
  readonly clearance: {
    readonly id: string
    readonly number: string
    readonly model_id: string
    readonly ref: string
    readonly decision: string
    readonly channel: string
    readonly issued_at: Time
    readonly expires_on: Time
    readonly dossier_sha256: string
    readonly bundle: string
  }
  readonly deep_inspection: {
    readonly id: string
    readonly a_ref: string
    readonly a_id: string
    readonly b_ref: string
    readonly b_id: string
    readonly inspection: string
    readonly status: string
    readonly attempts: number
    readonly worker: string | null
    readonly leased_until: ColumnType<Date | null, string | null, string | null>
    readonly kind: string | null
    readonly state: Uint8Array | null
    readonly progress: string | null
    readonly result: Uint8Array | null
    readonly failure: string | null
    readonly created_at: Time
    readonly changed_at: ChangingTime
  }
  readonly certificate_serial: { readonly year: number; readonly last: number }
  readonly kit_key: {
    readonly id: string
    readonly commitment: string
    readonly sealed: Uint8Array
    readonly issued_at: Time
  }
  readonly kit_registration: {
    readonly id: string
    readonly ordinal: number
    readonly registrant: string
    readonly sha256: string
    readonly key_commitment: string
    readonly bytes: Uint8Array
    readonly registered_at: Time
  }
  readonly kit_dispute: {
    readonly id: string
    readonly registration_id: string
    readonly kind: string
    readonly other: string
    readonly log10p: number | null
    readonly detail: string
    readonly opened_at: Time
  }
  readonly docket_statement: {
    readonly leaf_hash: string
    readonly model_id: string
    readonly family_id: string
    readonly seq: Size
    readonly kind: string
    readonly number: string | null
    readonly origin: string
    readonly leaf_index: ChangingSize
    readonly issued_at: Time
    readonly bundle: string
  }
  readonly certificate_token: { readonly number: string; readonly token: string }
  readonly docket_text: {
    readonly digest: string
    readonly salt: string | null
    readonly body: string | null
    readonly erased_at: ColumnType<Date | null, string | null, string>
  }
  readonly status_place: { readonly list: string; readonly idx: number; readonly number: string }
  readonly schema_migration: { readonly number: number; readonly name: string; readonly sha256: string }
}
