/**
 * Writes checkpoints for tests as torch.save does: in its zip and in the form before it.
 *
 * The pickle is that of a dict of tensors, each the whole of a storage of its own. Nothing is put into the memo.
 */
import type { TensorToWrite } from './safetensors.ts'
import { writeZip, type ZipMemberOptions } from './zip.ts'

const CLASSES: ReadonlyMap<string, readonly [name: string, bytes: number]> = new Map([
  ['F64', ['DoubleStorage', 8]],
  ['F32', ['FloatStorage', 4]],
  ['F16', ['HalfStorage', 2]],
  ['BF16', ['BFloat16Storage', 2]],
  ['I64', ['LongStorage', 8]],
])

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const head = Buffer.from('X\0\0\0\0', 'latin1')
  head.writeUInt32LE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

function integer(value: number): Buffer {
  if (value < 0x100) return Buffer.from([0x4b, value])
  if (value < 0x10000) return Buffer.from([0x4d, value & 0xff, value >> 8])
  const bytes = Buffer.from('J\0\0\0\0', 'latin1')
  bytes.writeInt32LE(value, 1)
  return bytes
}

function ascii(value: string): Buffer {
  return Buffer.from(value, 'latin1')
}

function tuple(items: readonly Buffer[]): Buffer {
  if (items.length === 0) return ascii(')')
  const closing = ['\x85', '\x86', '\x87'][items.length - 1]
  return closing === undefined
    ? Buffer.concat([ascii('('), ...items, ascii('t')])
    : Buffer.concat([...items, ascii(closing)])
}

function stridesOf(shape: readonly number[]): readonly number[] {
  return shape.map((_, index) => shape.slice(index + 1).reduce((product, size) => product * size, 1))
}

function pickleTensor({ type, shape, bytes }: TensorToWrite, key: string, view: readonly Buffer[]): Buffer {
  const [name, size] = CLASSES.get(type) ?? ['FloatStorage', 4]
  const storage = [text('storage'), ascii(`ctorch\n${name}\n`), text(key), text('cpu'), integer(bytes.length / size)]
  return Buffer.concat([
    ascii('ctorch._utils\n_rebuild_tensor_v2\n'),
    tuple([
      Buffer.concat([tuple([...storage, ...view]), ascii('Q')]),
      integer(0),
      tuple(shape.map(integer)),
      tuple(stridesOf(shape).map(integer)),
      ascii('\x89'),
      ascii('ccollections\nOrderedDict\n)R'),
    ]),
    ascii('R'),
  ])
}

/** The pickle of a dict of tensors whose storages have the keys 0, 1, 2 …; `view` ends each persistent id. */
export function pickleStateDict(tensors: readonly TensorToWrite[], view: readonly Buffer[] = []): Buffer {
  const items = tensors.flatMap((tensor, index) => [text(tensor.name), pickleTensor(tensor, `${index}`, view)])
  const body = items.length === 0 ? [] : [ascii('('), ...items, ascii('u')]
  return Buffer.concat([ascii('\x80\x02}'), ...body, ascii('.')])
}

/** What a test may have otherwise. */
export interface TorchZipChanges {
  readonly pickle?: Uint8Array
  readonly byteorder?: string
  /** Records beside those of torch.save. */
  readonly more?: readonly ZipMemberOptions[]
}

/** A checkpoint in torch's zip. */
export function writeTorchZip(tensors: readonly TensorToWrite[], changes: TorchZipChanges = {}): Uint8Array {
  const { pickle = pickleStateDict(tensors), byteorder = 'little', more = [] } = changes
  const records: readonly (readonly [string, Uint8Array | string])[] = [
    ['data.pkl', pickle],
    ['byteorder', byteorder],
    ...tensors.map(({ bytes }, index) => [`data/${index}`, bytes] as const),
    ['version', '3\n'],
    ['.data/serialization_id', '0'.repeat(40)],
  ]
  const members = records.map(([name, data]) => ({ name: `archive/${name}`, data, method: 0 }))
  return new Uint8Array(writeZip([...members, ...more]))
}

/** The first three pickles of a file before the zip: magic number, protocol, system. */
export const LEGACY_HEAD: Uint8Array = Buffer.concat([
  Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex'),
  Buffer.from('80024de9032e', 'hex'),
  Buffer.concat([ascii('\x80\x02}('), text('little_endian'), ascii('\x88'), text('type_sizes'), ascii('}u.')]),
])

/** The list of the keys 0, 1, 2 … and the storages after it. */
export function legacyStorages(tensors: readonly TensorToWrite[]): Buffer {
  const keys = tensors.map((_, index) => text(`${index}`))
  const storages = tensors.flatMap(({ type, bytes }) => {
    const count = Buffer.alloc(8)
    count.writeBigUInt64LE(BigInt(bytes.length / (CLASSES.get(type)?.[1] ?? 4)))
    return [count, bytes]
  })
  return Buffer.concat([ascii('\x80\x02]('), ...keys, ascii('e.'), ...storages])
}

/** A checkpoint in the form before the zip. */
export function writeTorchLegacy(tensors: readonly TensorToWrite[]): Uint8Array {
  const parts = [LEGACY_HEAD, pickleStateDict(tensors, [ascii('N')]), legacyStorages(tensors)]
  return new Uint8Array(Buffer.concat(parts))
}
