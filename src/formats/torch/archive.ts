/**
 * The zip archives that torch writes: records below one folder, pickles whose tensors lie in records of their own.
 *
 * Checkpoints, TorchScript, packages and exported programs share this form. A reader of one of them takes the records
 * that it knows, in its own way; what nobody takes is read as a file of its own.
 *
 * Guarantee: the data of every member is claimed once; a record that cannot be opened is an anomaly and the file is not
 * read in full.
 * Source: `caffe2/serialize/inline_container.cc`; `torch/serialization.py`, `_save` and `_load`.
 */
import type { ByteSource } from '../byte-source.ts'
import { FactCollector } from '../fact-collector.ts'
import type { ClaimRole, FileFacts } from '../facts.ts'
import { quoteName } from '../names.ts'
import { ANOMALIES as PICKLE_ANOMALIES, type PickleAnomaly } from '../pickle/anomalies.ts'
import { PickleParts } from '../pickle/parts.ts'
import type { ReadRequest } from '../reader.ts'
import { readZip, readZipMembers, ZIP_ANOMALIES, type ZipAnomaly, type ZipMember } from '../zip/index.ts'
import { takeZipMember } from '../zip/members.ts'
import { openNoted } from '../zip/open-noted.ts'
import { ANOMALIES, type TorchAnomaly } from './anomalies.ts'
import { findKind, type TorchKind } from './kinds.ts'

/** A text that says how the archive is to be read has no more bytes. */
const LONGEST_TEXT = 256

/** The facts of any of the archives. */
export type TorchFacts = FactCollector<TorchAnomaly | PickleAnomaly | ZipAnomaly>

/** See the module. */
export class TorchArchive {
  readonly request: ReadRequest
  readonly facts: TorchFacts
  readonly parts: PickleParts
  /** Undefined for a zip that is none of torch's. */
  readonly kind: TorchKind | undefined
  /** Members by their names below the root, in the order of the archive. */
  readonly records: ReadonlyMap<string, ZipMember>
  readonly #rest: Set<ZipMember>
  #bigEndian = false

  /** Opens an archive. @throws Fault `budget-…` */
  constructor(request: ReadRequest) {
    this.request = request
    this.facts = new FactCollector(request, 'zip', [...ANOMALIES, ...PICKLE_ANOMALIES, ...ZIP_ANOMALIES])
    this.parts = new PickleParts(this.facts)
    const { members } = readZip(request, this.facts)
    const { kind, root = '' } = findKind(members.map(({ name }) => name)) ?? {}
    this.kind = kind
    const inside = members.filter(({ name, isFolder }) => !isFolder && name.startsWith(root))
    this.records = new Map(inside.map((member) => [member.name.slice(root.length), member]))
    this.#rest = new Set(members)
  }

  /** Whether multi-byte elements are stored big-endian, as the record `byteorder` has it. */
  get bigEndian(): boolean {
    return this.#bigEndian
  }

  /** Takes a record: claims its data and returns it. */
  take(name: string, role: ClaimRole): ZipMember | undefined {
    const member = this.records.get(name)
    if (member === undefined || !this.#rest.delete(member)) return undefined
    this.facts.claim(role, member.from, member.from + member.packedSize)
    return member
  }

  /** Names of the records that nobody has taken. */
  get left(): readonly string[] {
    return [...this.records].filter(([, member]) => this.#rest.has(member)).map(([name]) => name)
  }

  /** The content of a member, or undefined when it cannot be had, which is noted. @throws Fault `budget-…` */
  open(member: ZipMember): ByteSource | undefined {
    return openNoted(this.request, this.facts, member)
  }

  /** Reads a short record of printable ASCII. */
  text(name: string): string | undefined {
    const member = this.take(name, 'metadata')
    if (member === undefined) return undefined
    const source = this.open(member)
    const bytes = source === undefined ? undefined : Buffer.from(source.read(0, Math.min(source.size, LONGEST_TEXT)))
    const text = bytes?.toString('latin1') ?? ''
    const isPlain = /^[\x20-\x7e\n]*$/.test(text) && (source?.size ?? 0) <= LONGEST_TEXT
    if (!isPlain) this.note('tor-record', name, 'is no short line of text')
    return isPlain ? text.trim() : undefined
  }

  /** Reads the records that say how the others are to be read. */
  readSettings(): void {
    const order = this.text('byteorder')
    if (order !== undefined && order !== 'little' && order !== 'big')
      this.note('tor-record', 'byteorder', `says ${quoteName(order)}, neither little nor big`)
    this.#bigEndian = order === 'big'
    for (const name of ['version', '.data/version', '.format_version', '.storage_alignment']) {
      const text = this.text(name)
      if (text !== undefined && !/^\d{1,9}$/.test(text)) this.note('tor-record', name, 'is no number')
      if (text !== undefined) this.facts.metadata({ key: `torch.${name}`, type: 'string', value: text })
    }
    this.text('.data/serialization_id')
  }

  /** Notes what is wrong with a record. */
  note(code: TorchAnomaly, name: string, what: string): void {
    const member = this.records.get(name)
    const place = member === undefined ? {} : { offset: member.from, length: member.packedSize }
    this.facts.anomalies.add(code, `record ${quoteName(name)} ${what}`, {
      locus: `record ${quoteName(name)}`,
      ...place,
    })
  }

  /** Reads a record as a file of its own. @throws Fault `budget-…` */
  hand(name: string, options: { readonly role: ClaimRole; readonly format?: string }): FileFacts | undefined {
    const member = this.take(name, options.role)
    if (member === undefined) return undefined
    const { format } = options
    return takeZipMember(this.request, this.facts, { ...member, ...(format === undefined ? {} : { format }) })
  }

  /** Reads whatever nobody has taken, and gives the facts of the file. */
  finish(): FileFacts {
    readZipMembers(this.request, this.facts, { members: [...this.#rest] })
    const format = this.kind ?? 'zip'
    return { ...this.facts.finish({ ...this.parts.doubt, broken: 'listed' }), ...this.parts.finish(), format }
  }
}
