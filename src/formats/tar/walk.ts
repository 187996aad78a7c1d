/**
 * Walks a tar from header to header.
 *
 * Guarantee: what is said about a member is taken from where most readers take it, and where they differ it is noted;
 * every block is claimed by one structure.
 */
import { readContent } from '../byte-source.ts'
import type { FactCollector } from '../fact-collector.ts'
import { escapeOf, NameLedger } from '../member-names.ts'
import { quoteName } from '../names.ts'
import type { ReadRequest } from '../reader.ts'
import { sliceSource } from '../slice-source.ts'
import type { TarAnomaly } from './anomalies.ts'
import { BLOCK, decodeText, hasChecksum, parseHeader, type TarHeader } from './header.ts'
import { parsePax } from './pax.ts'

const LONGEST_EXTENSION = 1024 * 1024
const CHUNK = 64 * 1024
const LARGEST_IN_HEADER = 8 ** 11 - 1
/** Kinds of the GNU dialect whose content is no file: folders, volumes, sparse files. */
const NO_FILES = 'DMNSV'
const FILES = '0\u00007'
const FOLDER = '5'
const LINKS: ReadonlyMap<string, string> = new Map([
  ['1', 'a hard link'],
  ['2', 'a symbolic link'],
  ['3', 'a device'],
  ['4', 'a device'],
  ['6', 'a pipe'],
])
/** Keys of extended headers that decide what a member is called or how long it is. */
const DECISIVE = /^(path|size|linkpath|GNU\.sparse\..*)$/

/** part: less than a file, so that its content is none; unknown: to be taken for a file, as the standard wants it. */
type Kind = 'file' | 'folder' | 'link' | 'part' | 'unknown'

function kindOf({ type }: TarHeader, { sparse }: Extension, name: string): Kind {
  if (sparse === true || NO_FILES.includes(type)) return 'part'
  if (LINKS.has(type)) return 'link'
  if (type === FOLDER) return 'folder'
  if (!FILES.includes(type)) return 'unknown'
  return name.endsWith('/') ? 'folder' : 'file'
}

/** What extensions say about the member that follows. */
interface Extension {
  name?: string
  size?: number
  sparse?: true
}

/** See the module. */
export class TarWalk {
  readonly #request: ReadRequest
  readonly #facts: FactCollector<TarAnomaly>
  readonly #names = new NameLedger()
  #at = 0
  #extension: Extension = {}

  constructor(request: ReadRequest, facts: FactCollector<TarAnomaly>) {
    this.#request = request
    this.#facts = facts
  }

  #note(code: TarAnomaly, message: string, name?: string): void {
    const locus = name === undefined ? 'archive' : `member ${quoteName(name)}`
    this.#facts.anomalies.add(code, name === undefined ? message : `${quoteName(name)}: ${message}`, {
      locus,
      offset: this.#at,
    })
  }

  /** Walks to the end, or to where the archive breaks. @throws Fault `budget-…` */
  run(): void {
    const { size } = this.#request.source
    while (this.#at + BLOCK <= size) {
      const block = Buffer.from(readContent(this.#request.source, this.#at, BLOCK))
      if (block.every((byte) => byte === 0)) return this.#end()
      if (!hasChecksum(block)) return this.#note('tar-checksum', `the header at ${this.#at} has a wrong check sum`)
      if (!this.#takeMember(parseHeader(block))) return
    }
    this.#note('tar-no-end', `the archive ends at ${size} without an end mark`)
    if (this.#at < size) this.#note('tar-truncated', `${size - this.#at} bytes are no header`)
  }

  /** Everything after the first block of zeros should be zeros. */
  #end(): void {
    const { source } = this.#request
    const { size } = source
    if (this.#at === 0) this.#note('tar-empty', 'there is no member before the end mark')
    if (size - this.#at < 2 * BLOCK) this.#note('tar-no-end', 'half of the end mark is missing')
    for (let at = this.#at; at < size; at += CHUNK) {
      const odd = readContent(source, at, Math.min(CHUNK, size - at)).findIndex((byte) => byte !== 0)
      if (odd < 0) continue
      this.#facts.claim('padding', this.#at, at + odd)
      this.#at = at + odd
      return this.#note('tar-trailing', `${size - at - odd} bytes follow the end mark`)
    }
    this.#facts.claim('padding', this.#at, size)
  }

  /** Takes one header and what follows it; false when the walk cannot go on. */
  #takeMember(header: TarHeader): boolean {
    const extended = this.#extension
    const size = extended.size ?? header.size
    if (size === undefined) {
      this.#note('tar-header', 'its size is no number', header.name)
      return false
    }
    const from = this.#at + BLOCK
    const isExtension = 'xXgLK'.includes(header.type)
    const length = isExtension ? (header.size ?? 0) : size
    if (from + length > this.#request.source.size) {
      this.#note('tar-truncated', `${length} bytes declared, ${this.#request.source.size - from} left`, header.name)
      return false
    }
    this.#facts.claim('header', this.#at, from)
    if (isExtension) return this.#takeExtension(header, { from, length })
    this.#extension = {}
    this.#takeEntry(header, extended, { from, length })
    return true
  }

  #pass({ from, length }: Span): void {
    const end = from + length
    const next = Math.min(this.#request.source.size, end + ((BLOCK - (length % BLOCK)) % BLOCK))
    this.#facts.claim('padding', end, next)
    this.#at = next
  }

  #takeExtension({ name, type }: TarHeader, span: Span): boolean {
    if (span.length > LONGEST_EXTENSION) {
      this.#note('tar-header', `an extended header of ${span.length} bytes`, name)
      return false
    }
    const bytes = Buffer.from(readContent(this.#request.source, span.from, span.length))
    this.#facts.claim('metadata', span.from, span.from + span.length)
    if (type === 'L') this.#extension.name = decodeText(bytes).replace(/\0+$/, '')
    else if (type !== 'K') this.#takePax(bytes, { name, type })
    this.#pass(span)
    return true
  }

  #takePax(bytes: Buffer, { name, type }: { readonly name: string; readonly type: string }): void {
    const records = parsePax(bytes)
    if (records === undefined) return this.#note('tar-header', 'an extended header does not parse', name)
    const decisive = [...records.keys()].filter((key) => DECISIVE.test(key))
    if (type === 'g') {
      if (decisive.length > 0) this.#note('tar-override', `all members get another ${decisive.join(', ')}`, name)
      return
    }
    const path = records.get('path')
    const size = records.get('size')
    if (path !== undefined) this.#extension.name = path
    if (decisive.some((key) => key.startsWith('GNU.sparse.'))) this.#extension.sparse = true
    if (size === undefined) return
    if (/^\d{1,15}$/.test(size)) this.#extension.size = Number(size)
    else this.#note('tar-header', `an extended size of ${quoteName(size)}`, name)
  }

  #takeEntry(header: TarHeader, extended: Extension, span: Span): void {
    const name = extended.name ?? header.name
    const kind = kindOf(header, extended, name)
    this.#request.budget.spendItems()
    this.#checkOverride(header, extended, name)
    this.#checkName(name, kind === 'folder')
    this.#checkKind(header, { name, kind, length: span.length })
    const { from, length } = span
    this.#facts.claim('opaque', from, from + length)
    this.#pass(span)
    if (kind === 'file' || kind === 'unknown')
      this.#request.readMember({ name, source: sliceSource(this.#request.source, from, length), at: from })
  }

  #checkKind(
    { type, link }: TarHeader,
    { name, kind, length }: { readonly name: string; readonly kind: Kind; readonly length: number },
  ): void {
    if (kind === 'link') this.#note('tar-link', `${LINKS.get(type)} to ${quoteName(link)}`, name)
    if ((kind === 'folder' || kind === 'link') && length > 0)
      this.#note('tar-views-disagree', `a folder or link with ${length} bytes of content`, name)
    if (kind === 'part' || kind === 'unknown')
      this.#note('tar-unsupported', `a sparse member, a volume, or one of kind ${quoteName(type)}`, name)
  }

  /** What fits into the header needs no extension that says something else. */
  #checkOverride(header: TarHeader, { name, size }: Extension, shown: string): void {
    const isBeyondHeader = header.size === 0 && (size ?? 0) > LARGEST_IN_HEADER
    if (size !== undefined && header.size !== size && !isBeyondHeader)
      this.#note('tar-override', `an extended header gives ${size} bytes for ${header.size}`, shown)
    const isPlain = name !== undefined && name.length < 100 && /^[\x20-\x7e]+$/.test(name)
    const bare = (path: string): string => path.replace(/\/+$/, '')
    if (isPlain && bare(name) !== bare(header.name))
      this.#note('tar-override', `an extended header gives another name than ${quoteName(header.name)}`, shown)
    if (name?.includes('\0') === true) this.#note('tar-name-nul', 'its extended name holds a zero byte', shown)
  }

  #checkName(name: string, isFolder: boolean): void {
    const escape = escapeOf(name)
    if (escape !== undefined) this.#note('tar-escape', `its name is ${escape}`, name)
    if (isFolder) return
    const seen = this.#names.add(name)
    if (seen?.kind === 'duplicate') this.#note('tar-duplicate-name', 'another member has the same name', name)
    if (seen?.kind === 'twin')
      this.#note('tar-name-twin', `its name is that of ${quoteName(seen.other)} on some systems`, name)
  }
}

/** Where content lies. */
interface Span {
  readonly from: number
  readonly length: number
}
