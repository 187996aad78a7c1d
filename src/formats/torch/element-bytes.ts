/**
 * How many bytes an element of a torch storage takes, and whether others than torch know its type.
 */
import { STORAGE_TYPES, TENSOR_TYPES } from '../pickle/policy/storage-types.ts'
import { BITS } from '../safetensors/element-types.ts'

const BY_TYPE: ReadonlyMap<string, number> = new Map(
  [...STORAGE_TYPES.values(), ...TENSOR_TYPES.values()].map(({ type, size }) => [type, size]),
)

/** Bytes of one element of a tensor; undefined for types that nobody knows. @example elementBytes('BF16') // 2 */
export function elementBytes(type: string): number | undefined {
  return BY_TYPE.get(type)
}

/** Bytes of one element of a storage, by the name of its class. @example storageElementBytes('HalfStorage') // 2 */
export function storageElementBytes(name: string): number | undefined {
  return (STORAGE_TYPES.get(`torch.${name}`) ?? STORAGE_TYPES.get(`torch.storage.${name}`))?.size
}

/** True for types that safetensors has as well; complex numbers of 16 bytes and quantised ones are torch's own. */
export function isCommonType(type: string): boolean {
  return BITS.has(type)
}
