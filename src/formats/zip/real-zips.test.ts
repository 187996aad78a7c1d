/** Zips by real producers: none of them is accused, and other readers of zips see the same in them. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { BlobReader, configure, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js'
import fc from 'fast-check'
import { unzipSync } from 'fflate'
import { fromBufferPromise, type Entry } from 'yauzl'
import { isFault } from '../../base/index.ts'
import { readBytes } from '../../testing/read-bytes.ts'
import { extraField, writeZip, type ZipMemberOptions, type ZipOptions } from '../../testing/zip.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { openZipMember, readZip, ZIP_ANOMALIES } from './index.ts'

/** Names and contents, in no order. */
type Seen = ReadonlyMap<string, string>

interface Ours {
  readonly seen: Seen
  readonly codes: readonly string[]
  readonly sound: boolean
}

const VECTORS: readonly { readonly name: string; readonly base64: string }[] = JSON.parse(
  readFileSync(new URL('vectors.json', import.meta.url), 'utf8'),
)
configure({ useWebWorkers: false })

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function readOurs(bytes: Uint8Array): Ours {
  const seen = new Map<string, string>()
  let isSound = false
  const read = (request: ReadRequest) => {
    const facts = new FactCollector(request, 'zip', ZIP_ANOMALIES)
    const { members, sound } = readZip(request, facts)
    for (const member of members) {
      facts.claim('opaque', member.from, member.from + member.packedSize)
      const source = openZipMember(request, member)
      seen.set(member.name, hex(source.read(0, source.size)))
    }
    isSound = sound
    return facts.finish()
  }
  const reader: FormatReader = { format: 'zip', title: 'Zip', version: 1, extensions: [], sniff: () => 'magic', read }
  const { codes, accounting } = readBytes(reader, bytes)
  return { seen, codes, sound: isSound && accounting.complete }
}

async function readYauzl(bytes: Uint8Array): Promise<Seen> {
  const archive = await fromBufferPromise(Buffer.from(bytes), {})
  const seen = new Map<string, string>()
  for await (const entry of archive.eachEntry() as AsyncIterable<Entry>) {
    const pieces: Buffer[] = []
    for await (const piece of await archive.openReadStreamPromise(entry)) pieces.push(piece as Buffer)
    seen.set(entry.fileName, hex(Buffer.concat(pieces)))
  }
  return seen
}

async function readZipJs(bytes: Uint8Array): Promise<Seen> {
  const reader = new ZipReader(new BlobReader(new Blob([Buffer.from(bytes)])))
  const seen = new Map<string, string>()
  for (const entry of await reader.getEntries())
    seen.set(entry.filename, entry.directory ? '' : hex(await entry.getData(new Uint8ArrayWriter())))
  return seen
}

async function readFflate(bytes: Uint8Array): Promise<Seen> {
  return new Map(Object.entries(unzipSync(bytes)).map(([name, content]) => [name, hex(content)]))
}

const OTHERS = { yauzl: readYauzl, 'zip.js': readZipJs, fflate: readFflate }

/** Readers differ in how they show a name without a flag for its encoding; its bytes are the same. */
function sorted(seen: Seen): readonly (readonly [string, string])[] {
  const shown = [...seen].map(([name, content]) => [name.replaceAll(/[^ -~]+/g, '?'), content] as const)
  return shown.toSorted(([a], [b]) => (a < b ? -1 : 1))
}

for (const { name, base64 } of VECTORS) {
  test(`readZip() has no objection to what ${name} writes, and sees in it what other readers see`, async () => {
    const bytes = gunzipSync(Buffer.from(base64, 'base64'))
    const { seen, codes, sound } = readOurs(bytes)
    assert.deepEqual([codes, sound, seen.size > 0], [[], true, true])
    for (const [other, read] of Object.entries(OTHERS)) assert.deepEqual(sorted(await read(bytes)), sorted(seen), other)
  })
}

test('readZip() of archives by ten producers and more is tested', () => assert.ok(VECTORS.length >= 10))

const MEMBERS: readonly ZipMemberOptions[] = [
  { name: 'a.txt', data: 'one two three '.repeat(4) },
  { name: 'b.bin', data: 'stored', method: 0, local: { extra: extraField(0x4246, Buffer.alloc(5)) } },
  { name: 'c.txt', data: 'described '.repeat(3), descriptor: 16 },
]
const ARCHIVES = [writeZip(MEMBERS), writeZip(MEMBERS, { wideEnd: {} }), writeZip(MEMBERS.slice(0, 2), { comment: 'a comment' })] // prettier-ignore

async function attempt(read: () => Promise<Seen>): Promise<Seen | undefined> {
  try {
    return await read()
  } catch {
    return undefined
  }
}

/** Holds what is sound in our eyes against the others. */
async function compare(bytes: Uint8Array): Promise<void> {
  let ours: Ours
  try {
    ours = readOurs(bytes)
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return
  }
  if (!ours.sound || ours.codes.length > 0) return
  for (const [other, read] of Object.entries(OTHERS)) {
    const theirs = await attempt(() => read(bytes))
    if (theirs !== undefined) assert.deepEqual(sorted(theirs), sorted(ours.seen), other)
  }
}

test('readZip() calls no mutated archive sound in which another reader that accepts it sees something else', async () => {
  const mutation = fc.record({ at: fc.nat(), byte: fc.nat(255) })
  const archive = fc.constantFrom(...ARCHIVES)
  const property = fc.asyncProperty(archive, fc.array(mutation, { minLength: 1, maxLength: 2 }), (original, mutations) => {
    const bytes = Uint8Array.from(original)
    for (const { at, byte } of mutations) bytes[at % bytes.length] = byte
    return compare(bytes)
  }) // prettier-ignore
  await fc.assert(property, { numRuns: 1000 })
})

/** Fields that contradict each other in every way that the writer knows. */
const fields = fc.record(
  {
    name: fc.constantFrom('a.txt', 'b.txt', 'c/', 'd\\e'),
    flags: fc.constantFrom(0, 1, 8, 0x800),
    method: fc.constantFrom(0, 8, 12),
    crc: fc.constantFrom(0, 1),
    packedSize: fc.constantFrom(0, 3, 0xffffffff),
    size: fc.constantFrom(0, 3, 0xffffffff),
    extra: fc.constantFrom(
      extraField(1, Buffer.from('0300000000000000', 'hex')),
      extraField(1, Buffer.from('03000000000000000300000000000000', 'hex')),
      extraField(0x7075, Buffer.concat([Buffer.from('01cd4e6f8a', 'hex'), Buffer.from('x.txt')])),
      Buffer.alloc(4),
    ),
    offset: fc.constantFrom(0, 1, 35),
    external: fc.constantFrom(0x10, 0o120_777 * 65_536),
  },
  { requiredKeys: [] },
)
const member = fc.record(
  {
    name: fc.constantFrom('a.txt', 'b.txt', 'A.TXT', 'dir/'),
    data: fc.constantFrom('', 'abc', 'one two three'),
    method: fc.constantFrom(0, 8),
    descriptor: fc.constantFrom(12, 16, 20, 24),
    local: fields,
    central: fields,
    hidden: fc.boolean(),
    before: fc.constantFrom(Buffer.from('junk'), ARCHIVES[0] as Buffer),
  },
  { requiredKeys: ['name'] },
)
const around = fc.record(
  {
    comment: fc.constantFrom(
      'x',
      (ARCHIVES[0] as Buffer).toString('latin1').replaceAll(/[^ -~]/g, 'x'),
      'PK\u0005\u0006',
    ),
    prepend: fc.constantFrom(Buffer.from('junk'), ARCHIVES[0] as Buffer),
    append: fc.constantFrom(Buffer.from('junk'), ARCHIVES[0] as Buffer),
    wideEnd: fc.record({ count: fc.nat(2), offset: fc.nat(40), size: fc.nat(60) }, { requiredKeys: [] }),
    end: fc.record({ count: fc.nat(2), offset: fc.nat(40), size: fc.nat(60), disk: fc.nat(1) }, { requiredKeys: [] }),
    beforeDirectory: fc.constantFrom(Buffer.from('junk')),
    beforeEnd: fc.constantFrom(Buffer.from('junk')),
  },
  { requiredKeys: [] },
)

test('readZip() calls no contradictory archive sound in which another reader sees something else', async () => {
  const rarely = fc.option(around, { freq: 2, nil: {} })
  const property = fc.asyncProperty(fc.array(member, { maxLength: 3 }), rarely, (members, options) =>
    compare(writeZip(members as readonly ZipMemberOptions[], options as ZipOptions)),
  )
  await fc.assert(property, { numRuns: 1000 })
})
