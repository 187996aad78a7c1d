/**
 * The form of an architecture table: which tensor name plays which role.
 *
 * A pattern is the name without `.weight` or `.bias` and without whatever stands before it (`model.`, `bert.`,
 * `language_model.model.`). `{n}` stands for the number of the layer, `{e}` for that of an expert. Tables are data, so
 * that a family is added without touching code; `roles.ts` says how they are read.
 */

/** What a tensor is for. `other` is everything that no lineage test looks at. */
export const ROLES = [
  'embedding',
  'head',
  'position-embedding',
  'type-embedding',
  'patch-embedding',
  'embedding-norm',
  'attention-norm',
  'mlp-norm',
  'post-attention-norm',
  'post-mlp-norm',
  'query-norm',
  'key-norm',
  'final-norm',
  'q',
  'k',
  'v',
  'o',
  'qkv',
  'gate',
  'up',
  'gate-up',
  'down',
  'router',
  'pooler',
  'other',
] as const
/** See {@link ROLES}. */
export type Role = (typeof ROLES)[number]

/** One row of a table. */
export interface RoleName {
  readonly pattern: string
  readonly role: Role
  /** Stored with inputs as rows, as GPT-2's `Conv1D` does. */
  readonly transposed?: boolean
  /** A fused `qkv` whose rows go head by head (query, key, value of head 0, then of head 1 …). */
  readonly perHead?: boolean
}

/** A table. */
export interface Family {
  readonly id: string
  readonly title: string
  readonly names: readonly RoleName[]
}

/** Shorthand for tables: `role: pattern, pattern …`. */
export function roleNames(
  table: Partial<Readonly<Record<Role, readonly string[]>>>,
  options: Pick<RoleName, 'transposed' | 'perHead'> = {},
): readonly RoleName[] {
  return ROLES.flatMap((role) => (table[role] ?? []).map((pattern) => ({ pattern, role, ...options })))
}
