/** What the engine knows of instances beyond their class: element types, arrays, tensors. */
import type { PickleAnomaly } from '../anomalies.ts'
import type { PickleUse } from '../proof.ts'
import type { PickleArray, PickleStorage, PickleTensor } from './analysis.ts'

/** A position in which a global is used. */
export type Position = PickleUse['position']

const POSITIONS: readonly Position[] = ['value', 'REDUCE', 'NEWOBJ', 'NEWOBJ_EX', 'BUILD']

/** The number of a position. @example positionNumber('BUILD') // 4 */
export function positionNumber(position: Position): number {
  return POSITIONS.indexOf(position)
}

/** The position of a number. @example positionAt(0) // 'value' */
export function positionAt(number: number): Position {
  return POSITIONS[number] ?? 'value'
}

/** A torch storage that a persistent id names. */
export type Storage = PickleStorage

/** A NumPy element type. */
export interface DtypeMeta {
  readonly is: 'dtype'
  /** Kind and size, as `f4`. */
  readonly code: string
  readonly size: number
  readonly holdsObjects: boolean
  readonly bigEndian: boolean
}

/** A NumPy array with its bytes in the source. */
export interface ArrayMeta {
  readonly is: 'array'
  readonly array: Omit<PickleArray, 'name'>
}

/** A torch tensor. */
export interface TensorMeta {
  readonly is: 'tensor'
  readonly tensor: Omit<PickleTensor, 'name'>
}

/** See the module. */
export type Meta = DtypeMeta | ArrayMeta | TensorMeta

/** What a check came to: nothing to say, something that is now known, or why it is not within its rights. */
export type Checked =
  | Meta
  | undefined
  | { readonly is: 'wrong'; readonly reason: string; readonly code?: PickleAnomaly }
