/**
 * Schemas of FlatBuffer formats, as data.
 *
 * One line declares a table and its fields in the order of their slots, or a union and its members from kind 1 on:
 *
 *     Tensor: shape [i32], type i8, name string, quantization Quantization
 *     union Value: Number Text
 *
 * Kinds: `bool i8 u8 i16 u16 i32 u32 f32 i64 u64 f64`, `string`, a table's name, `<Union>` (its kind stands in the slot
 * before it, which is declared as `u8`), `{bytes:alignment}` for a struct, and any of them but a union in brackets for
 * a vector. `[u8]!` is a vector whose bytes are weights. A slot that nobody uses any more is called `_`.
 *
 * Source: the FlatBuffers documentation, "FlatBuffer Internals".
 */
import { Fault } from '../../base/index.ts'

/** What a slot of a table holds. */
export type FlatKind =
  | { readonly is: 'scalar'; readonly type: FlatScalar; readonly bytes: number; readonly align: number }
  | { readonly is: 'struct'; readonly bytes: number; readonly align: number }
  | { readonly is: 'string' }
  | { readonly is: 'table'; readonly table: string }
  | { readonly is: 'union'; readonly union: string }
  | { readonly is: 'vector'; readonly of: FlatKind; readonly weights: boolean }

/** Scalar types, as the notation writes them. */
export type FlatScalar = keyof typeof SCALARS

const SCALARS = { bool: 1, i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, u32: 4, f32: 4, i64: 8, u64: 8, f64: 8 } as const

/** One slot. */
export interface FlatField {
  readonly name: string
  readonly kind: FlatKind
}

/** See the module. */
export interface FlatSchema {
  readonly tables: ReadonlyMap<string, readonly FlatField[]>
  readonly unions: ReadonlyMap<string, readonly string[]>
}

function isScalar(word: string): word is FlatScalar {
  return Object.hasOwn(SCALARS, word)
}

function parseKind(word: string): FlatKind {
  if (isScalar(word)) return { is: 'scalar', type: word, bytes: SCALARS[word], align: SCALARS[word] }
  if (word === 'string') return { is: 'string' }
  if (word.startsWith('<')) return { is: 'union', union: word.slice(1, -1) }
  if (word.startsWith('[')) {
    const weights = word.endsWith('!')
    return { is: 'vector', of: parseKind(word.slice(1, weights ? -2 : -1)), weights }
  }
  if (!word.startsWith('{')) return { is: 'table', table: word }
  const [bytes = 0, align = 1] = word.slice(1, -1).split(':').map(Number)
  return { is: 'struct', bytes, align }
}

function parseField(text: string): FlatField {
  const [name = '', kind = ''] = text.trim().split(' ')
  return { name, kind: parseKind(kind) }
}

/** Parses the notation. @throws Fault `bad-schema` when a name is used that is not declared */
export function parseSchema(notation: string): FlatSchema {
  const tables = new Map<string, readonly FlatField[]>()
  const unions = new Map<string, readonly string[]>()
  for (const line of notation.split('\n').filter((each) => each.trim() !== '')) {
    const colon = line.indexOf(':')
    const head = line.slice(0, colon).trim()
    const body = line.slice(colon + 1).trim()
    if (head.startsWith('union ')) unions.set(head.slice(6), body.split(' '))
    else tables.set(head, body === '' ? [] : body.split(',').map(parseField))
  }
  checkNames({ tables, unions })
  return { tables, unions }
}

function namesIn(kind: FlatKind): readonly string[] {
  if (kind.is === 'vector') return namesIn(kind.of)
  return kind.is === 'table' ? [kind.table] : []
}

function checkNames({ tables, unions }: FlatSchema): void {
  const fields = [...tables.values()].flat()
  const used = [...fields.flatMap(({ kind }) => namesIn(kind)), ...[...unions.values()].flat()]
  const missing = used.find((name) => !tables.has(name))
  const lost = fields.find(({ kind }) => kind.is === 'union' && !unions.has(kind.union))
  if (missing !== undefined || lost !== undefined)
    throw new Fault('bad-schema', `the schema does not declare ${missing ?? lost?.name}`)
}
