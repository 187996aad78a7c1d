/**
 * Links: the names in a group, and where they lead.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.g.
 */
import { ByteReader } from '../../base/index.ts'
import { type Hdf5File, readNumber, stop } from './file.ts'

const HAS_TYPE = 0x08
const HAS_ORDER = 0x04
const HAS_CHARSET = 0x10
const HARD = 0
const SOFT = 1
const EXTERNAL = 64

/** See the module. */
export interface Link {
  readonly name: string
  readonly to:
    | { readonly kind: 'hard'; readonly address: number }
    | { readonly kind: 'soft'; readonly path: string }
    | { readonly kind: 'external'; readonly file: string; readonly path: string }
    | { readonly kind: 'other'; readonly type: number }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}

/** Reads a link message. @throws Fault `h5-…` */
export function readLink(file: Hdf5File, body: Uint8Array): Link {
  file.countEntry()
  const reader = new ByteReader(body)
  const version = reader.u8()
  if (version !== 1) throw stop('h5-unsupported', `link version ${version}; 1 is read`)
  const flags = reader.u8()
  const type = (flags & HAS_TYPE) === 0 ? HARD : reader.u8()
  if ((flags & HAS_ORDER) !== 0) reader.skip(8)
  if ((flags & HAS_CHARSET) !== 0) reader.skip(1)
  const length = readNumber(reader, 1 << (flags & 3))
  const name = textOf(reader.bytes(length))
  if (type === HARD) return { name, to: { kind: 'hard', address: file.someAddress(reader, 'an object') } }
  const target = reader.bytes(reader.u16())
  if (type === SOFT) return { name, to: { kind: 'soft', path: textOf(target) } }
  if (type !== EXTERNAL) return { name, to: { kind: 'other', type } }
  const [outside = '', path = ''] = textOf(target.subarray(1)).split('\0')
  return { name, to: { kind: 'external', file: outside, path } }
}
