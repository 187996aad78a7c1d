/**
 * Writes small HDF5 files of the newer form, sound or broken as the caller wants.
 *
 * A file is put together from the leaves up: what is appended gives the address that the next structure names.
 */
import { checksum } from '../formats/hdf5/lookup3.ts'

const SUPERBLOCK = 48
const UNDEFINED = 0xffffffffffffffffn

/** A message of an object header. */
export interface MessageBytes {
  readonly type: number
  readonly body: Uint8Array
  readonly flags?: number
}

/** A number in little-endian bytes. */
export function le(value: number | bigint, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  for (let i = 0; i < bytes; i++) buffer[i] = Number((BigInt(value) >> BigInt(8 * i)) & 0xffn)
  return buffer
}

/** An address of eight bytes; undefined where none is given. */
export function address(value?: number | bigint): Buffer {
  return le(value ?? UNDEFINED, 8)
}

/** Bytes with their checksum behind them. */
export function checked(...parts: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(parts)
  return Buffer.concat([bytes, le(checksum(bytes), 4)])
}

/** See the module. */
export class Hdf5Writer {
  #bytes = Buffer.alloc(SUPERBLOCK)

  /** Address of what is appended next. */
  get end(): number {
    return this.#bytes.length
  }

  /** Appends bytes; gives their address. */
  append(...parts: readonly Uint8Array[]): number {
    const at = this.end
    this.#bytes = Buffer.concat([this.#bytes, ...parts])
    return at
  }

  /** Appends an object header of these messages. */
  object(...messages: readonly MessageBytes[]): number {
    return this.append(objectHeader(messages))
  }

  /** The file, with the root group at `root`. */
  finish(
    root: number,
    changes: { readonly end?: number; readonly extension?: number; readonly base?: number } = {},
  ): Uint8Array {
    const head = Buffer.from('894844460d0a1a0a02080800', 'hex')
    const { end = this.end, extension, base = 0 } = changes
    const superblock = checked(head, address(base), address(extension), address(end), address(root))
    superblock.copy(this.#bytes)
    return new Uint8Array(this.#bytes)
  }
}

/** An object header of version 2. */
export function objectHeader(messages: readonly MessageBytes[]): Buffer {
  const all = messages.map(({ type, body, flags = 0 }) =>
    Buffer.concat([le(type, 1), le(body.length, 2), le(flags, 1), body]),
  )
  const content = Buffer.concat(all)
  return checked(Buffer.from('OHDR'), Buffer.from([2, 2]), le(content.length, 4), content)
}

/** Dimensions. */
export function dataspace(...dimensions: readonly (number | bigint)[]): MessageBytes {
  const head = Buffer.from([2, dimensions.length, 0, dimensions.length === 0 ? 0 : 1])
  return { type: 1, body: Buffer.concat([head, ...dimensions.map((size) => le(size, 8))]) }
}

/** The type F32. */
export const FLOAT32: MessageBytes = { type: 3, body: Buffer.from('11201f000400000000002000170800177f000000', 'hex') }

/** Text of a fixed length. */
export function textType(length: number): MessageBytes {
  return { type: 3, body: Buffer.concat([Buffer.from('13000000', 'hex'), le(length, 4)]) }
}

/** A layout of one piece. */
export function contiguous(at: number | bigint | undefined, length: number | bigint): MessageBytes {
  return { type: 8, body: Buffer.concat([Buffer.from([3, 1]), address(at), le(length, 8)]) }
}

/** A layout within the header. */
export function compact(data: Uint8Array): MessageBytes {
  return { type: 8, body: Buffer.concat([Buffer.from([3, 0]), le(data.length, 2), data]) }
}

/** A layout of one chunk. */
export function singleChunk(at: number, ...dimensions: readonly number[]): MessageBytes {
  const head = Buffer.from([4, 2, 0, dimensions.length, 4])
  return {
    type: 8,
    body: Buffer.concat([head, ...dimensions.map((size) => le(size, 4)), Buffer.from([1]), address(at)]),
  }
}

/** A pipeline of filters without values. */
export function filters(...ids: readonly number[]): MessageBytes {
  const each = ids.map((id) => Buffer.concat([le(id, 2), id < 256 ? Buffer.alloc(0) : le(0, 2), le(0, 2), le(0, 2)]))
  return { type: 11, body: Buffer.concat([Buffer.from([2, ids.length]), ...each]) }
}

function link(name: string, type: number, rest: Uint8Array): MessageBytes {
  const bytes = Buffer.from(name)
  return { type: 6, body: Buffer.concat([Buffer.from([1, 8, type, bytes.length]), bytes, rest]) }
}

/** A link to an object of the file. */
export function hardLink(name: string, to: number | bigint): MessageBytes {
  return link(name, 0, address(to))
}

/** A link of a class that has a text. */
export function namedLink(name: string, type: number, target: string): MessageBytes {
  const bytes = Buffer.from(target, 'latin1')
  return link(name, type, Buffer.concat([le(bytes.length, 2), bytes]))
}

/** An attribute of text. */
export function textAttribute(name: string, value: string): MessageBytes {
  const [key, text] = [Buffer.from(`${name}\0`), Buffer.from(value)]
  const type = textType(text.length).body
  const space = dataspace().body
  const head = Buffer.concat([
    Buffer.from([3, 0]),
    le(key.length, 2),
    le(type.length, 2),
    le(space.length, 2),
    Buffer.from([1]),
  ])
  return { type: 12, body: Buffer.concat([head, key, type, space, text]) }
}

/** A dataset of F32 in one piece, and the file that holds nothing else. */
export function datasetFile(name = 'w', values: readonly number[] = [1, 2, 3, 4]): Uint8Array {
  const writer = new Hdf5Writer()
  const data = writer.append(Buffer.from(Float32Array.from(values).buffer))
  const dataset = writer.object(dataspace(values.length), FLOAT32, contiguous(data, 4 * values.length))
  return writer.finish(writer.object(hardLink(name, dataset), textAttribute('made_by', 'a test')))
}

/** A file whose root group has attributes of text and nothing else. */
export function attributesFile(attributes: Readonly<Record<string, string>>): Uint8Array {
  const writer = new Hdf5Writer()
  return writer.finish(writer.object(...Object.entries(attributes).map(([name, value]) => textAttribute(name, value))))
}
