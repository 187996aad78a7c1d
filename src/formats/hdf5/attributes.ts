/**
 * Attributes: small named values on a group or dataset, in its header or in a heap.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.m (attribute), IV.A.2.v (attribute info).
 */
import { ByteReader } from '../../base/index.ts'
import { type Dataspace, readDataspace } from './dataspace.ts'
import { type Datatype, readDatatype } from './datatype.ts'
import { readDense } from './dense.ts'
import { type Hdf5File, stop } from './file.ts'
import { MESSAGE, type Message } from './object-header.ts'
import type { SharedMessages } from './shared-messages.ts'

const TYPE_SHARED = 1
const SPACE_SHARED = 2
const MESSAGE_SHARED = 0x02
const NAME_TREE = 8
const HEAP_ID_BYTES = 8

/** See the module. */
export interface Attribute {
  readonly name: string
  readonly type: Datatype
  readonly space: Dataspace
  readonly data: Uint8Array
}

interface Parts {
  readonly file: Hdf5File
  readonly shared: SharedMessages
}

/** All attributes of an object. @throws Fault `h5-…` */
export function readAttributes(parts: Parts, messages: readonly Message[], into: Attribute[]): void {
  for (const { type, body } of messages) {
    if (type === MESSAGE.attribute) into.push(readAttribute(parts, body))
    else if (type === MESSAGE.attributeInfo) readDenseAttributes(parts, body, into)
  }
}

function readDenseAttributes(parts: Parts, body: Uint8Array, into: Attribute[]): void {
  readDense(parts.file, body, {
    orderBytes: 2,
    tree: NAME_TREE,
    take(record, heap) {
      const id = record.bytes(HEAP_ID_BYTES)
      const isShared = (record.u8() & MESSAGE_SHARED) !== 0
      into.push(readAttribute(parts, isShared ? parts.shared.fetch(MESSAGE.attribute, id) : heap.read(id)))
    },
  })
}

function readAttribute(parts: Parts, body: Uint8Array): Attribute {
  const { file } = parts
  file.countEntry()
  const reader = new ByteReader(body)
  const version = reader.u8()
  if (version < 1 || version > 3) throw stop('h5-unsupported', `attribute version ${version}; 1 to 3 are read`)
  const flags = reader.u8()
  const [nameLength, typeLength, spaceLength] = [reader.u16(), reader.u16(), reader.u16()]
  if (version === 3) reader.skip(1)
  const next = (length: number): Uint8Array => {
    const bytes = reader.bytes(length)
    if (version === 1) reader.skip((8 - (length % 8)) % 8)
    return bytes
  }
  const name = Buffer.from(next(nameLength)).toString('utf8').replace(/\0.*$/s, '')
  const find = (type: number, part: Uint8Array, sharedFlag: number): Uint8Array =>
    version > 1 && (flags & sharedFlag) !== 0 ? parts.shared.resolve(type, part) : part
  const type = readDatatype(find(MESSAGE.datatype, next(typeLength), TYPE_SHARED), file.budget)
  const space = readDataspace(file, find(MESSAGE.dataspace, next(spaceLength), SPACE_SHARED))
  return { name, type, space, data: reader.bytes(reader.remaining) }
}
