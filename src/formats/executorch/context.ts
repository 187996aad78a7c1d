/**
 * What the parts of the ExecuTorch reader pass to one another, and the types of elements.
 */
import type { FactCollector } from '../fact-collector.ts'
import type { FlatAnomaly } from '../flatbuffer/anomalies.ts'
import type { OpenFlat } from '../flatbuffer/open.ts'
import { objectionToSize } from '../flatbuffer/tensor-size.ts'
import { quoteName } from '../names.ts'
import type { ReadRequest } from '../reader.ts'
import { BITS } from '../safetensors/element-types.ts'
import type { ExecutorchAnomaly } from './anomalies.ts'
import type { Segment } from './segments.ts'

/** State of one reading. */
export interface ExecutorchContext {
  readonly request: ReadRequest
  readonly facts: FactCollector<ExecutorchAnomaly | FlatAnomaly>
  readonly flat: OpenFlat
  readonly segments: readonly Segment[]
}

/** By the numbers of `ScalarType`. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [0, 'U8'],
  [1, 'I8'],
  [2, 'I16'],
  [3, 'I32'],
  [4, 'I64'],
  [5, 'F16'],
  [6, 'F32'],
  [7, 'F64'],
  [11, 'BOOL'],
  [15, 'BF16'],
  [23, 'F8_E5M2'],
  [24, 'F8_E4M3'],
  [25, 'F8_E5M2FNUZ'],
  [26, 'F8_E4M3FNUZ'],
  [27, 'U16'],
  [28, 'U32'],
  [29, 'U64'],
])

/** A tensor whose bytes are in the file. */
export interface StoredTensor {
  readonly name: string
  readonly scalarType: number
  readonly sizes: readonly number[]
  /** Order in which the dimensions lie, when it is another than the usual one. */
  readonly isPermuted: boolean
  readonly at: number
  /** Bytes from there to the end of what holds it. */
  readonly room: number
}

/** Adds a tensor, when its bytes are there. */
export function addTensor({ facts }: ExecutorchContext, tensor: StoredTensor): void {
  const { name, scalarType, sizes, at, room } = tensor
  const type = TYPES.get(scalarType)
  const bits = type === undefined ? 8 : (BITS.get(type) ?? 8)
  const isWhole = sizes.every((size) => size >= 0)
  const objection = isWhole ? objectionToSize({ shape: sizes, bits, length: room }) : 'a dimension is negative'
  if (objection !== undefined) {
    facts.anomalies.add('pte-tensor-size', objection, { locus: `tensor ${quoteName(name)}`, offset: at })
    return
  }
  const length = type === undefined ? room : (sizes.reduce((product, size) => product * size, 1) * bits) / 8
  const packed = type === undefined ? 'typed' : tensor.isPermuted ? 'strided' : undefined
  const place = { file: facts.path, offset: at, length }
  facts.tensor({
    name,
    type: type ?? `type ${scalarType}`,
    shape: sizes,
    ...place,
    ...(packed !== undefined && { packed }),
  })
}
