/**
 * Object headers: the list of messages that describe a group, a dataset or a committed type.
 *
 * Both versions are read, with their continuation blocks. A message that is stored elsewhere is fetched from the
 * committed type that holds it.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.
 */
import { ByteReader } from '../../base/index.ts'
import { type Hdf5File, readNumber, stop } from './file.ts'
import type { SharedMessages } from './shared-messages.ts'

/** Types of messages, by the numbers of the specification. */
export const MESSAGE = {
  nil: 0x00,
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFill: 0x04,
  fill: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  groupInfo: 0x0a,
  filters: 0x0b,
  attribute: 0x0c,
  comment: 0x0d,
  oldTime: 0x0e,
  sharedTable: 0x0f,
  continuation: 0x10,
  symbolTable: 0x11,
  time: 0x12,
  treeRanks: 0x13,
  driver: 0x14,
  attributeInfo: 0x15,
  referenceCount: 0x16,
  fileSpace: 0x17,
} as const

const KNOWN: ReadonlySet<number> = new Set(Object.values(MESSAGE))
const SHARED = 0x02
const HEADER = { what: 'object header', role: 'header' } as const
const OLD_PREFIX = 16
const OLD_MESSAGE = 8
const CHECKSUM_BYTES = 4
/** Messages of one object; the library moves links and attributes elsewhere long before. */
const MOST_MESSAGES = 100_000
const HAS_ORDER = 0x04
const HAS_ATTRIBUTE_LIMITS = 0x10
const HAS_TIMES = 0x20

/** One message. */
export interface Message {
  readonly type: number
  readonly body: Uint8Array
  /** First byte of the body from the base of the file; undefined when it is stored elsewhere. */
  readonly at: number | undefined
}

interface Block {
  readonly bytes: Uint8Array
  /** Address of the first of them. */
  readonly at: number
}

interface Form {
  readonly version: 1 | 2
  readonly hasOrder: boolean
}

interface Walk {
  readonly file: Hdf5File
  readonly form: Form
  readonly messages: Message[]
  readonly continuations: { readonly address: number; readonly length: number }[]
  readonly shared: SharedMessages
}

/** Reads the messages of the object at an address. @throws Fault `h5-…` */
export function readObjectHeader(file: Hdf5File, address: number, shared: SharedMessages): readonly Message[] {
  const isNew = Buffer.from(file.peek(address, 4)).toString('latin1') === 'OHDR'
  const { form, block } = isNew ? takeNew(file, address) : takeOld(file, address)
  const walk: Walk = { file, form, messages: [], continuations: [], shared }
  readBlock(walk, block)
  for (let next = walk.continuations.shift(); next !== undefined; next = walk.continuations.shift())
    readBlock(walk, takeContinuation(file, form, next))
  return walk.messages
}

function takeOld(file: Hdf5File, address: number): { form: Form; block: Block } {
  const prefix = new ByteReader(file.peek(address, OLD_PREFIX))
  const version = prefix.u8()
  if (version !== 1) throw stop('h5-structure', `no object header at ${address}`)
  prefix.skip(7)
  const length = prefix.u32()
  const bytes = file.take(address, OLD_PREFIX + length, HEADER)
  return {
    form: { version: 1, hasOrder: false },
    block: { bytes: bytes.subarray(OLD_PREFIX), at: address + OLD_PREFIX },
  }
}

function takeNew(file: Hdf5File, address: number): { form: Form; block: Block } {
  const prefix = new ByteReader(file.peek(address, 6), { at: 4 })
  const version = prefix.u8()
  if (version !== 2) throw stop('h5-unsupported', `object header version ${version}; 1 and 2 are read`)
  const flags = prefix.u8()
  const width = 1 << (flags & 3)
  const before = 6 + ((flags & HAS_TIMES) === 0 ? 0 : 16) + ((flags & HAS_ATTRIBUTE_LIMITS) === 0 ? 0 : 4)
  const length = readNumber(new ByteReader(file.peek(address + before, width)), width)
  const start = before + width
  const bytes = file.take(address, start + length + CHECKSUM_BYTES, HEADER)
  file.verify(bytes, `object header at ${address}`)
  const form = { version: 2, hasOrder: (flags & HAS_ORDER) !== 0 } as const
  return { form, block: { bytes: bytes.subarray(start, start + length), at: address + start } }
}

function takeContinuation(
  file: Hdf5File,
  { version }: Form,
  { address, length }: { readonly address: number; readonly length: number },
): Block {
  const bytes = file.take(address, length, HEADER)
  if (version === 1) return { bytes, at: address }
  file.verify(bytes, `object header continuation at ${address}`)
  const found = Buffer.from(bytes.subarray(0, 4)).toString('latin1')
  if (found !== 'OCHK') throw stop('h5-structure', `no continuation of an object header at ${address}`)
  return { bytes: bytes.subarray(4, -CHECKSUM_BYTES), at: address + 4 }
}

function readBlock(walk: Walk, { bytes, at }: Block): void {
  const { file, form } = walk
  const reader = new ByteReader(bytes)
  const least = form.version === 1 ? OLD_MESSAGE : form.hasOrder ? 6 : 4
  while (reader.remaining >= least) {
    file.budget.spendItems()
    if (walk.messages.length >= MOST_MESSAGES)
      throw stop('h5-limit', `an object of more than ${MOST_MESSAGES} messages`)
    const type = form.version === 1 ? reader.u16() : reader.u8()
    const length = reader.u16()
    const flags = reader.u8()
    reader.skip(form.version === 1 ? 3 : form.hasOrder ? 2 : 0)
    const from = at + reader.at
    takeMessage(walk, { type, flags, body: reader.bytes(length), at: from })
  }
}

function takeMessage(walk: Walk, message: Message & { readonly flags: number; readonly at: number }): void {
  const { file, messages } = walk
  const { type, flags, body, at } = message
  if (type === MESSAGE.nil) return
  if (!KNOWN.has(type)) throw stop('h5-unsupported', `message type ${type} at ${at}`)
  if (type === MESSAGE.continuation) {
    const reader = new ByteReader(body)
    walk.continuations.push({ address: file.someAddress(reader, 'a continuation'), length: file.length(reader) })
  } else if ((flags & SHARED) === 0) messages.push({ type, body, at })
  else messages.push({ type, body: walk.shared.resolve(type, body), at: undefined })
}
