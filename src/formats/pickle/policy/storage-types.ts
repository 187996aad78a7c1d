/** Classes of torch storages: bytes of an element and the name of its type. Source: `torch/storage.py`. */

/** One class. */
export interface StorageType {
  readonly size: number
  /** As in safetensors; quantised types by their own name. */
  readonly type: string
}

const ROWS: readonly (readonly [name: string, size: number, type: string])[] = [
  ['FloatStorage', 4, 'F32'],
  ['DoubleStorage', 8, 'F64'],
  ['HalfStorage', 2, 'F16'],
  ['BFloat16Storage', 2, 'BF16'],
  ['LongStorage', 8, 'I64'],
  ['IntStorage', 4, 'I32'],
  ['ShortStorage', 2, 'I16'],
  ['CharStorage', 1, 'I8'],
  ['ByteStorage', 1, 'U8'],
  ['BoolStorage', 1, 'BOOL'],
  ['ComplexFloatStorage', 8, 'C64'],
  ['ComplexDoubleStorage', 16, 'C128'],
  ['QInt8Storage', 1, 'QINT8'],
  ['QUInt8Storage', 1, 'QUINT8'],
  ['QInt32Storage', 4, 'QINT32'],
  ['QUInt4x2Storage', 1, 'QUINT4X2'],
  ['QUInt2x4Storage', 1, 'QUINT2X4'],
]

/** By the path of the class. */
export const STORAGE_TYPES: ReadonlyMap<string, StorageType> = new Map([
  ...ROWS.map(([name, size, type]) => [`torch.${name}`, { size, type }] as const),
  ['torch.storage.UntypedStorage', { size: 1, type: 'U8' }],
])

/** Element types that `_rebuild_tensor_v3` names: bytes of an element and the name of its type. */
export const TENSOR_TYPES: ReadonlyMap<string, StorageType> = new Map([
  ['torch.uint16', { size: 2, type: 'U16' }],
  ['torch.uint32', { size: 4, type: 'U32' }],
  ['torch.uint64', { size: 8, type: 'U64' }],
  ['torch.float8_e4m3fn', { size: 1, type: 'F8_E4M3' }],
  ['torch.float8_e5m2', { size: 1, type: 'F8_E5M2' }],
  ['torch.float8_e4m3fnuz', { size: 1, type: 'F8_E4M3FNUZ' }],
  ['torch.float8_e5m2fnuz', { size: 1, type: 'F8_E5M2FNUZ' }],
  ['torch.float8_e8m0fnu', { size: 1, type: 'F8_E8M0' }],
  ['torch.complex32', { size: 4, type: 'C32' }],
])
