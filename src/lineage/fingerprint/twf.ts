/**
 * The fingerprint file, `.twf` version 1.
 *
 *     "TWF1"  u32 length of the header  header  sections  SHA-256 of all before
 *
 * The header is canonical JSON and gives every count; the sections follow without gaps, all numbers little-endian:
 * records (32 bytes each), their sketches, layers of the kit, residual kits, sketches of gains. So one fingerprint has
 * one sequence of bytes, and every byte is accounted for.
 *
 * Guarantee: `decodeFingerprint` throws nothing but `Fault`, allocates no more than a small multiple of the bytes that
 * are there, and accepts only what `encodeFingerprint` writes: whatever it accepts encodes to the same bytes.
 */
import { createHash } from 'node:crypto'
import { ByteReader, canonicalJson, Fault, toFault } from '../../base/index.ts'
import {
  MOST_BYTES,
  type Fingerprint,
  type GainSketch,
  type KitLayer,
  type ResidualKit,
  type TensorRecord,
} from './fingerprint.ts'
import { headerOf, parseHeader, type Header } from './twf-header.ts'
import { ByteWriter } from './byte-writer.ts'
import { ROLES } from '../weights/families/family.ts'
import { MLP_VIEWS } from '../weights/mlp.ts'

const MAGIC = new TextEncoder().encode('TWF1')
const DIGEST_BYTES = 32

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function writeRecord(writer: ByteWriter, record: TensorRecord, header: Header): void {
  writer.u8(ROLES.indexOf(record.role))
  writer.u8((record.bias ? 1 : 0) | (record.sketch === null ? 0 : 2))
  writer.i16(record.layer)
  writer.u16(header.types.indexOf(record.type))
  writer.u16(header.shapes.findIndex(([rows, columns]) => rows === record.rows && columns === record.columns))
  writer.hex(record.raw)
  writer.hex(record.canonical)
  writer.f32(record.rms)
  writer.u16(record.zeros)
  writer.u16(record.parts)
}

function writeBody(fingerprint: Fingerprint): Uint8Array {
  const header = headerOf(fingerprint)
  const json = new TextEncoder().encode(canonicalJson(header))
  const writer = new ByteWriter()
  writer.bytes(MAGIC)
  writer.u32(json.length)
  writer.bytes(json)
  for (const record of fingerprint.records) writeRecord(writer, record, header)
  for (const { sketch } of fingerprint.records) if (sketch !== null) writer.bytes(sketch)
  for (const { layer, views, bits } of fingerprint.kit?.layers ?? []) {
    writer.i16(layer)
    writer.u16(MLP_VIEWS.reduce((mask, view, i) => mask | (views.includes(view) ? 1 << i : 0), 0))
    writer.bytes(bits)
  }
  for (const { bits } of fingerprint.residual) writer.bytes(bits)
  for (const { role, bias, layer, sketch } of fingerprint.gains) {
    writer.u8(ROLES.indexOf(role))
    writer.u8(bias ? 1 : 0)
    writer.i16(layer)
    writer.bytes(new Uint8Array(sketch.buffer, sketch.byteOffset, sketch.length))
  }
  return writer.finish()
}

/** Bytes that a fingerprint takes, whether or not they are too many. */
export function fingerprintSize(fingerprint: Fingerprint): number {
  return writeBody(fingerprint).length + DIGEST_BYTES
}

/**
 * The bytes of a fingerprint.
 *
 * @throws Fault `fingerprint-too-large` above {@link MOST_BYTES}
 */
export function encodeFingerprint(fingerprint: Fingerprint): Uint8Array {
  const body = writeBody(fingerprint)
  const whole = Buffer.concat([body, digest(body)])
  if (whole.length > MOST_BYTES)
    throw new Fault('fingerprint-too-large', `${whole.length} bytes; a fingerprint has at most ${MOST_BYTES}`)
  return whole
}

function at<T>(list: readonly T[], index: number, what: string): T {
  const value = list[index]
  if (value === undefined) throw new Fault('bad-fingerprint', `${what} ${index} of ${list.length}`)
  return value
}

function hex(reader: ByteReader): string {
  return Buffer.from(reader.bytes(8)).toString('hex')
}

function readRecord(reader: ByteReader, header: Header): TensorRecord & { readonly hasSketch: boolean } {
  const role = at(ROLES, reader.u8(), 'role')
  const flags = reader.u8()
  const layer = reader.i16()
  const type = at(header.types, reader.u16(), 'type')
  const [rows, columns] = at(header.shapes, reader.u16(), 'shape')
  const raw = hex(reader)
  const canonical = hex(reader)
  const rms = reader.f32()
  const zeros = reader.u16()
  const parts = reader.u16()
  const base = { role, bias: (flags & 1) === 1, layer, parts, type, rows, columns, raw, canonical, rms, zeros }
  return { ...base, sketch: null, hasSketch: (flags & 2) === 2 }
}

function readRecords(reader: ByteReader, header: Header): TensorRecord[] {
  const records = Array.from({ length: header.records }, () => readRecord(reader, header))
  return records.map(({ hasSketch, ...record }) => ({
    ...record,
    sketch: hasSketch ? Uint8Array.from(reader.bytes(header.sketchBits / 8)) : null,
  }))
}

function readKitLayers(reader: ByteReader, { kit }: Header): KitLayer[] {
  if (kit === null) return []
  return Array.from({ length: kit.layers }, () => {
    const layer = reader.i16()
    const mask = reader.u16()
    const views = MLP_VIEWS.filter((_, i) => (mask & (1 << i)) !== 0).toSorted((a, b) => (a < b ? -1 : 1))
    return { layer, views, bits: Uint8Array.from(reader.bytes((kit.units * views.length * kit.bitsPerView) / 8)) }
  })
}

function readResidual(reader: ByteReader, { residual }: Header): ResidualKit[] {
  return residual.map((each) => ({
    ...each,
    bits: Uint8Array.from(reader.bytes(each.dimensions * Math.ceil(each.tokens / 8))),
  }))
}

function readGains(reader: ByteReader, { gains, gainBuckets }: Header): GainSketch[] {
  return Array.from({ length: gains }, () => {
    const role = at(ROLES, reader.u8(), 'role')
    const bias = reader.u8() === 1
    const layer = reader.i16()
    return { role, bias, layer, sketch: Int8Array.from(reader.bytes(gainBuckets), (value) => (value << 24) >> 24) }
  })
}

function readBody(reader: ByteReader, header: Header): Fingerprint {
  const { sketchBits: _bits, types: _types, shapes: _shapes, gainBuckets: _buckets, ...plain } = header
  const records = readRecords(reader, header)
  const layers = readKitLayers(reader, header)
  const kit = header.kit === null ? null : { ...header.kit, layers }
  const residual = readResidual(reader, header)
  const gains = readGains(reader, header)
  if (reader.remaining > 0) throw new Fault('bad-fingerprint', `${reader.remaining} bytes after the last section`)
  return { ...plain, records, kit, residual, gains }
}

function decode(bytes: Uint8Array): Fingerprint {
  const end = bytes.length - DIGEST_BYTES
  if (bytes.length > MOST_BYTES || end < 8)
    throw new Fault('bad-fingerprint', `${bytes.length} bytes are no fingerprint`)
  const body = bytes.subarray(0, end)
  const reader = new ByteReader(body)
  if (Buffer.compare(reader.bytes(4), MAGIC) !== 0) throw new Fault('bad-fingerprint', 'no TWF1 at the start')
  if (Buffer.compare(digest(body), bytes.subarray(end)) !== 0)
    throw new Fault('bad-fingerprint', 'the digest at the end is not that of the content')
  const header = parseHeader(reader.text(reader.u32()))
  const fingerprint = readBody(reader, header)
  if (Buffer.compare(encodeFingerprint(fingerprint), bytes) !== 0)
    throw new Fault('bad-fingerprint', 'not in canonical form')
  return fingerprint
}

/**
 * Reads a fingerprint file.
 *
 * @throws Fault `bad-fingerprint` for anything that `encodeFingerprint` would not have written
 */
export function decodeFingerprint(bytes: Uint8Array): Fingerprint {
  try {
    return decode(bytes)
  } catch (thrown) {
    const fault = toFault(thrown, 'bad-fingerprint')
    if (fault.code === 'bad-fingerprint') throw fault
    throw new Fault('bad-fingerprint', fault.message, { cause: thrown })
  }
}
