import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { constants, crc32, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { bzip2Reader } from '../bzip2/index.ts'
import type { BudgetLimits } from '../budget.ts'
import { gzipReader } from '../gzip/index.ts'
import { lz4Reader } from '../lz4/index.ts'
import type { FormatReader } from '../reader.ts'
import { lzmaReader, xzReader } from '../xz/index.ts'
import { zipReader } from '../zip/reader.ts'
import { zlibReader } from '../zlib/index.ts'
import { zstandardReader } from '../zstandard/index.ts'

interface Vector {
  readonly format: string
  readonly name: string
  readonly size: number
  readonly sha256: string
  readonly base64: string
}

const STREAMS = [gzipReader, zlibReader, bzip2Reader, xzReader, lzmaReader, lz4Reader, zstandardReader]
const VECTORS: readonly Vector[] = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8'))

/** A reader of anything, which keeps what it is given. */
function catcher(into: Buffer[]): FormatReader {
  const read: FormatReader['read'] = ({ path, source }) => {
    into.push(Buffer.from(source.read(0, source.size)))
    const nothing = { tensors: [], metadata: [], references: [], anomalies: [] }
    return { path, size: source.size, format: 'any', reading: 'full', ...nothing, claims: [{ from: 0, to: source.size, role: 'opaque' }] } // prettier-ignore
  }
  return { format: 'any', title: 'Any', version: 1, extensions: [], sniff: () => 'magic', read }
}

function unpack(
  reader: FormatReader,
  bytes: Uint8Array,
  options: { readonly path?: string; readonly limits?: Partial<BudgetLimits> } = {},
): BytesRead & { readonly content: Buffer } {
  const caught: Buffer[] = []
  const read = readBytes(reader, bytes, { ...options, readers: [catcher(caught)] })
  return { ...read, content: Buffer.concat(caught) }
}

function readerOf(format: string): FormatReader {
  return [...STREAMS, zipReader].find((reader) => reader.format === format) ?? assert.fail(format)
}

const ZSTANDARD = ['the tide '.repeat(3000), '', 'a', Buffer.alloc(200_000)].map((content, i): Vector => {
  const params = { [constants.ZSTD_c_checksumFlag]: i % 2, [constants.ZSTD_c_contentSizeFlag]: i % 2 }
  return {
    format: 'zstandard',
    name: `${i}`,
    size: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    base64: zstdCompressSync(content, { params }).toString('base64'),
  }
})

for (const { format, name, size, sha256, base64 } of [...VECTORS, ...ZSTANDARD]) {
  test(`${format} of ${name} is read in full and gives what was put in`, () => {
    const bytes = Buffer.from(base64, 'base64')
    const { facts, content, codes, accounting } = unpack(readerOf(format), bytes)
    assert.deepEqual([facts.reading, codes, accounting.complete, content.length], ['full', [], true, size])
    assert.equal(createHash('sha256').update(content).digest('hex'), sha256)
    if (size > 1) assert.ok(readerOf(format).sniff(glimpse(bytes)) !== null)
  })
}

const SHORT = [...VECTORS, ...ZSTANDARD].filter(({ name, format }) => /words|^0/.test(name) && format !== 'zip')

test('streams cut anywhere are never full', () => {
  for (const { format, base64 } of SHORT) {
    const bytes = Buffer.from(base64, 'base64')
    for (let length = 1; length < bytes.length; length += 1 + (length >> 3)) {
      const { facts, codes } = unpack(readerOf(format), bytes.subarray(0, length))
      assert.ok(facts.reading !== 'full' && codes.length > 0, `${format} cut to ${length}`)
    }
  }
})

test('streams of which a byte was changed give facts or a fault, and are full without an anomaly only when nothing was lost', () => {
  const property = fc.property(fc.constantFrom(...SHORT), fc.nat(), fc.integer({ min: 1, max: 255 }), ({ format, name, base64, size, sha256 }, at, flip) => {
    const bytes = Buffer.from(base64, 'base64')
    bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ flip
    try {
      const { facts, codes, content } = unpack(readerOf(format), bytes, { limits: { unpacked: 4_000_000 } })
      const isChecked = !['lzma', 'frame', 'linked', 'none'].some((part) => name.includes(part) || format.includes(part)) && format !== 'zstandard'
      if (facts.reading !== 'full' || codes.length > 0 || !isChecked) return
      assert.deepEqual([content.length, createHash('sha256').update(content).digest('hex')], [size, sha256])
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  }) // prettier-ignore
  fc.assert(property, { numRuns: 600 })
})

test('streams followed by bytes say so, and zeros are padding', () => {
  for (const { format, base64 } of SHORT) {
    if (format === 'lzma') continue
    const bytes = Buffer.from(base64, 'base64')
    const odd = unpack(readerOf(format), Buffer.concat([bytes, Buffer.from('payload')]))
    assert.deepEqual([odd.codes, odd.accounting.complete], [['stream-trailing'], false], format)
    const padded = unpack(readerOf(format), Buffer.concat([bytes, Buffer.alloc(512)]))
    assert.deepEqual([padded.codes, padded.accounting.complete], [[], true], format)
  }
})

test('streams behind each other are one content', () => {
  for (const { format, base64 } of SHORT) {
    if (format === 'lzma' || format === 'zlib') continue
    const bytes = Buffer.from(base64, 'base64')
    const { content, codes } = unpack(readerOf(format), Buffer.concat([bytes, bytes]))
    assert.deepEqual(codes, format === 'gzip' ? ['stream-several'] : [])
    assert.ok(content.subarray(0, content.length / 2).equals(content.subarray(content.length / 2)))
  }
})

test('streams give what stands before a break', () => {
  const text = 'text that is read '.repeat(20_000)
  const cut = gzipSync(text, { level: 0 }).subarray(0, 200_000)
  const { facts, content, codes } = unpack(gzipReader, cut)
  assert.deepEqual([facts.reading, codes], ['listed', ['stream-truncated']])
  assert.ok(content.length > 190_000 && text.startsWith(content.toString()))
})

test('streams are called as their content', () => {
  const bytes = gzipSync('x')
  const named = (path: string) => unpack(gzipReader, bytes, { path }).members[0]?.path
  assert.deepEqual(['a/model.tar.gz', 'model.TGZ', 'model.joblib', '.gz'].map(named), [
    'a/model.tar.gz!/model.tar',
    'model.TGZ!/model.tar',
    'model.joblib!/model.joblib',
    '.gz!/.gz',
  ])
})

test('streams that are bombs are not followed', () => {
  const zeros = Buffer.alloc(9 << 20)
  const members = Array.from({ length: 8 }, () => gzipSync(zeros, { level: 9 }))
  assert.throws(() => unpack(gzipReader, Buffer.concat(members)), { code: 'expansion-bomb' })
  assert.throws(() => unpack(zstandardReader, zstdCompressSync(Buffer.alloc(100_000_000))), { code: 'expansion-bomb' })
})

test('zlibReader.sniff() does not take text for a stream', () => {
  for (const text of ['x^2 + y^2 = z^2 is a theorem', 'x\x01\x02\x03 and more of that', 'x\x9c is no stream at all'])
    assert.equal(zlibReader.sniff(glimpse(Buffer.from(text, 'latin1'))), null)
})

/** A gzip member with these flags and fields. */
function gzipWith(flags: number, fields: Buffer): Buffer {
  const plain = gzipSync('content')
  return Buffer.concat([plain.subarray(0, 3), Buffer.of(flags), plain.subarray(4, 10), fields, plain.subarray(10)])
}

test('gzipReader notes what the header carries beside a name', () => {
  const sum = Buffer.alloc(2)
  sum.writeUInt16LE(crc32(gzipWith(2, Buffer.alloc(0)).subarray(0, 10)) & 0xffff)
  const codes = (flags: number, fields: Buffer) => unpack(gzipReader, gzipWith(flags, fields)).codes
  assert.deepEqual(codes(8, Buffer.from('model.pkl\0')), [])
  assert.deepEqual(codes(8, Buffer.from('../../model.pkl\0')), ['stream-comment'])
  assert.deepEqual(codes(16, Buffer.from('a comment\0')), ['stream-comment'])
  assert.deepEqual(codes(4, Buffer.from('0400414200 00'.replace(' ', ''), 'hex')), ['stream-comment'])
  assert.deepEqual(codes(2, sum), [])
  assert.deepEqual(codes(2, Buffer.alloc(2)), ['stream-header'])
  assert.deepEqual(codes(0x80, Buffer.alloc(0)), ['stream-header'])
})

test('gzipReader notes a wrong check sum and a wrong size', () => {
  const bytes = gzipSync('content')
  assert.deepEqual(unpack(gzipReader, Buffer.concat([bytes.subarray(0, -8), Buffer.alloc(4), bytes.subarray(-4)])).codes, ['stream-check']) // prettier-ignore
  assert.deepEqual(unpack(gzipReader, Buffer.concat([bytes.subarray(0, -4), Buffer.alloc(4)])).codes, ['stream-check'])
})

test('streams that need what is not in them say so', () => {
  assert.deepEqual(unpack(zlibReader, Buffer.from('78bb000000000000', 'hex')).codes, ['stream-unsupported'])
  assert.deepEqual(unpack(zstandardReader, Buffer.from('28b52ffd2101000000', 'hex')).codes, ['stream-unsupported'])
  assert.deepEqual(unpack(lz4Reader, Buffer.from('04224d18414001000000de00000000', 'hex')).codes, ['stream-unsupported']) // prettier-ignore
})
