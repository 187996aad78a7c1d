/**
 * Torch tensors: views that must stay within their storage.
 *
 * Source: `torch/_utils.py`; CVE-2026-24747 for what happens when nobody looks.
 */
import { STORAGE_TYPES, TENSOR_TYPES } from '../policy/storage-types.ts'
import { shapeOf } from './arrays.ts'
import type { Machine } from './machine.ts'
import type { Checked, Storage } from './meta.ts'
import { BOOL, detailOf, GLOBAL, INST, kindOf, TUPLE } from './values.ts'

/** Sizes of a tuple, or of the torch.Size around one. */
function sizesOf(m: Machine, kind: number, load: number): readonly number[] {
  if (kindOf(kind) === TUPLE) return shapeOf(m, load)
  const inner = kindOf(kind) === INST ? m.states.get(load) : undefined
  return inner === undefined ? [] : shapeOf(m, inner[1])
}

interface View {
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
}

/** Elements of the storage up to the last one that the view reaches; 0 for a view of nothing. */
function reachOf({ offset, shape, strides }: View): number {
  if (shape.includes(0)) return offset
  return shape.reduce((reach, size, i) => reach + (size - 1) * (strides[i] ?? Number.NaN), offset) + 1
}

/** Elements that a storage has in units of the tensor's type. */
function capacityOf({ type, elements }: Storage, size: number | undefined): number {
  return size === undefined || type !== 'UntypedStorage' ? elements : Math.floor(elements / size)
}

function namedType(m: Machine, args: number): { readonly size: number; readonly type: string } | undefined {
  if (m.heap.count(args) < 7) return undefined
  const kind = m.heap.values.kind(m.heap.at(args, 6))
  return kindOf(kind) === GLOBAL ? TENSOR_TYPES.get(m.globals.at(detailOf(kind)).target) : undefined
}

/** `_rebuild_tensor…(storage, offset, sizes, strides, …)`. */
export function checkTensor(m: Machine, args: number): Checked {
  const { values } = m.heap
  const at = (n: number): readonly [number, number] => [
    values.kind(m.heap.at(args, n)),
    values.load(m.heap.at(args, n)),
  ]
  const storage = m.storages[at(0)[1]]
  if (storage === undefined) return { is: 'wrong', reason: 'its storage is not known' }
  const view = { offset: at(1)[1], shape: sizesOf(m, ...at(2)), strides: sizesOf(m, ...at(3)) }
  if (view.shape.length !== view.strides.length)
    return { is: 'wrong', code: 'pkl-tensor', reason: `${view.shape.length} sizes and ${view.strides.length} strides` }
  const named = namedType(m, args)
  const capacity = capacityOf(storage, named?.size)
  const reach = reachOf(view)
  if (!(reach <= capacity))
    return { is: 'wrong', code: 'pkl-tensor', reason: `it reaches to element ${reach} of a storage of ${capacity}` }
  const grad = m.heap.count(args) > 4 && at(4)[0] === BOOL ? { requiresGrad: at(4)[1] === 1 } : {}
  const type = named?.type ?? STORAGE_TYPES.get(`torch.${storage.type}`)?.type ?? 'U8'
  return { is: 'tensor', tensor: { storage: storage.key, type, ...view, ...grad } }
}
