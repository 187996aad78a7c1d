/**
 * Where the elements of a torch tensor lie: a tensor is a view of a storage, with an offset and a stride a dimension.
 *
 * A tensor whose strides are those of its shape lies in the file as it is and can be read there. Any other one, a
 * transposed matrix or a column of one, is `strided`: the bytes that it spans are known, its elements do not follow
 * one another.
 *
 * Guarantee: what is returned lies inside the storage, whatever shape and strides say.
 */
import { addChecked, isFault, mulChecked } from '../../base/index.ts'
import type { TensorFact } from '../facts.ts'
import type { PickleTensor } from '../pickle/engine/index.ts'
import { elementBytes, isCommonType } from './element-bytes.ts'

/** The bytes of a storage. */
export interface Storage {
  /** First byte in the file. */
  readonly from: number
  readonly bytes: number
  /** Why they do not lie in the file as they are, if they do not. */
  readonly packed?: string
}

/** The file in which storages lie. */
export interface StorageFile {
  readonly path: string
  readonly bigEndian: boolean
}

/** Elements from the first to the last one that is reached; undefined for what no tensor has. */
function spanOf({ shape, strides }: PickleTensor): number | undefined {
  if (shape.length !== strides.length || shape.includes(0)) return shape.length === strides.length ? 0 : undefined
  try {
    return shape.reduce((span, size, index) => addChecked(span, mulChecked(size - 1, strides[index] ?? 0)), 1)
  } catch (thrown) {
    if (isFault(thrown, 'size-overflow')) return undefined
    throw thrown
  }
}

/** True when the last index runs fastest and nothing lies between the elements. */
function isContiguous({ shape, strides }: PickleTensor): boolean {
  let expected = 1
  for (let index = shape.length - 1; index >= 0; index--) {
    const size = shape[index] ?? 0
    if (size === 0) return true
    if (size > 1 && strides[index] !== expected) return false
    expected *= size
  }
  return true
}

function howPacked(tensor: PickleTensor): string | undefined {
  if (!isCommonType(tensor.type)) return 'typed'
  return isContiguous(tensor) ? undefined : 'strided'
}

/** The tensor as a fact, or undefined when it does not lie in its storage or its type is unknown. */
export function placeTensor(
  tensor: PickleTensor,
  storage: Storage,
  { path, bigEndian }: StorageFile,
): TensorFact | undefined {
  const bytes = elementBytes(tensor.type)
  const span = spanOf(tensor)
  if (bytes === undefined || span === undefined) return undefined
  const room = Math.floor(storage.bytes / bytes)
  if (tensor.offset < 0 || tensor.offset > room || span > room - tensor.offset) return undefined
  const packed = storage.packed ?? howPacked(tensor)
  return {
    name: tensor.name,
    type: tensor.type,
    shape: tensor.shape,
    file: path,
    offset: storage.from + tensor.offset * bytes,
    length: span * bytes,
    ...(bigEndian && bytes > 1 ? { bigEndian } : {}),
    ...(packed === undefined ? {} : { packed }),
  }
}
