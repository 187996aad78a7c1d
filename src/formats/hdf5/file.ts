/**
 * An HDF5 file as the parts of the reader see it: sizes of its addresses, its bytes, what was claimed and noted.
 *
 * Guarantee: no structure is read that does not lie wholly inside the file, none of more than 64 MiB, and none twice
 * unless it may be shared. Every structure that is read claims its bytes.
 *
 * Source: HDF5 File Format Specification, version 3.0.
 */
import { ByteReader, Fault, isFault } from '../../base/index.ts'
import type { Budget } from '../budget.ts'
import type { ByteSource } from '../byte-source.ts'
import type { FactCollector } from '../fact-collector.ts'
import type { ReadRequest } from '../reader.ts'
import type { Hdf5Anomaly } from './anomalies.ts'
import { Extents, type Role } from './extents.ts'
import { checksum } from './lookup3.ts'

const LARGEST_STRUCTURE = 64 * 1024 * 1024
/** Links and attributes of a file; twice what any known model has. */
const MOST_ENTRIES = 200_000
const CHECKSUM_BYTES = 4
/** Faults of the base that mean a broken structure here. */
const BASE_CODES: ReadonlyMap<string, Hdf5Anomaly> = new Map([
  ['truncated', 'h5-address'],
  ['size-overflow', 'h5-address'],
  ['bad-utf8', 'h5-structure'],
])

/** A fault that becomes an anomaly of that code. */
export function stop(code: Hdf5Anomaly, message: string): Fault {
  return new Fault(code, message)
}

/** What a structure is, and what its bytes are for. */
export interface StructureKind {
  readonly what: string
  readonly role: Role
}

/** Sizes that the superblock gives. */
export interface Hdf5Sizes {
  readonly base: number
  readonly end: number
  readonly offsetSize: number
  readonly lengthSize: number
}

/** An unsigned integer of up to eight bytes. @throws Fault `h5-address` above 2^53-1 */
export function readNumber(reader: ByteReader, bytes: number): number {
  let value = 0n
  reader.bytes(bytes).forEach((byte, index) => {
    value |= BigInt(byte) << BigInt(8 * index)
  })
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw stop('h5-address', `${value} is above 2^53-1`)
  return Number(value)
}

/** See the module. */
export class Hdf5File {
  readonly source: ByteSource
  readonly budget: Budget
  readonly facts: FactCollector<Hdf5Anomaly>
  readonly extents = new Extents()
  /** Names of the links of older groups, whose heaps leave them behind. */
  readonly names = new Set<string>()
  readonly path: string
  readonly readMember: ReadRequest['readMember']
  sizes: Hdf5Sizes
  /** The structure that is being read, as a person would say it. */
  locus = 'superblock'
  readonly #seen = new Set<number>()
  #entries = 0

  constructor({ path, source, budget, readMember }: ReadRequest, facts: FactCollector<Hdf5Anomaly>) {
    this.path = path
    this.source = source
    this.budget = budget
    this.facts = facts
    this.readMember = readMember
    this.sizes = { base: 0, end: source.size, offsetSize: 8, lengthSize: 8 }
  }

  /** Notes an anomaly at the current place. */
  note(code: Hdf5Anomaly, message: string, offset?: number): void {
    this.facts.anomalies.add(code, `${this.locus}: ${message}`, {
      locus: this.locus,
      ...(offset === undefined ? {} : { offset }),
    })
  }

  /** Counts a link or an attribute. @throws Fault `h5-limit` */
  countEntry(): void {
    this.budget.spendItems()
    if (++this.#entries > MOST_ENTRIES) throw stop('h5-limit', `more than ${MOST_ENTRIES} links and attributes`)
  }

  /** Runs a step; a broken structure becomes an anomaly and undefined. Faults of budget and source pass through. */
  attempt<T>(step: () => T): T | undefined {
    const { locus } = this
    try {
      return step()
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
      const code = BASE_CODES.get(thrown.code) ?? thrown.code
      if (!code.startsWith('h5-')) throw thrown
      this.note(code as Hdf5Anomaly, thrown.message)
      return undefined
    } finally {
      this.locus = locus
    }
  }

  /** The next address, or undefined where none is given. */
  address(reader: ByteReader): number | undefined {
    const bytes = reader.bytes(this.sizes.offsetSize)
    if (bytes.every((byte) => byte === 0xff)) return undefined
    return readNumber(new ByteReader(bytes), bytes.length)
  }

  /** The next address, which must be given. @throws Fault `h5-address` */
  someAddress(reader: ByteReader, what: string): number {
    const address = this.address(reader)
    if (address === undefined) throw stop('h5-address', `the address of ${what} is undefined`)
    return address
  }

  /** The next number that is as wide as an address and is none. */
  offset(reader: ByteReader): number {
    return readNumber(reader, this.sizes.offsetSize)
  }

  /** The next length. */
  length(reader: ByteReader): number {
    return readNumber(reader, this.sizes.lengthSize)
  }

  /** Checks that a range lies inside the file, and gives where it begins there. @throws Fault `h5-address` */
  place(address: number, length: number): number {
    const { base, end } = this.sizes
    const from = base + address
    if (!Number.isSafeInteger(from + length) || from + length > end)
      throw stop('h5-address', `bytes ${from} to ${from + length} are wanted of a file that ends at ${end}`)
    return from
  }

  /** Bytes at an address, a copy. @throws Fault `h5-address`, `h5-limit` */
  peek(address: number, length: number): Uint8Array {
    const from = this.place(address, length)
    if (length > LARGEST_STRUCTURE)
      throw stop('h5-limit', `a structure of ${length} bytes; at most ${LARGEST_STRUCTURE} are read`)
    return new Uint8Array(this.source.read(from, length))
  }

  /** Claims a range inside the file. @throws Fault `h5-address` */
  claim(address: number, length: number, role: Role): void {
    const from = this.place(address, length)
    this.budget.spendItems()
    this.extents.add(from, from + length, role)
  }

  /** Bytes of a structure that is read once. @throws Fault `h5-address`, `h5-limit`, `h5-cycle` */
  take(address: number, length: number, { what, role }: StructureKind): Uint8Array {
    const bytes = this.peek(address, length)
    if (this.#seen.has(address)) throw stop('h5-cycle', `the ${what} at ${address} belongs to another structure`)
    this.#seen.add(address)
    this.claim(address, length, role)
    return bytes
  }

  /** A reader behind the signature and the version of a structure. @throws Fault `h5-structure`, `h5-unsupported` */
  open(bytes: Uint8Array, signature: string, version: number): ByteReader {
    const reader = new ByteReader(bytes)
    const found = Buffer.from(reader.bytes(signature.length)).toString('latin1')
    if (found !== signature) throw stop('h5-structure', `${JSON.stringify(found)} stands where ${signature} must stand`)
    const has = reader.u8()
    if (has !== version) throw stop('h5-unsupported', `version ${has} of ${signature}; ${version} is read`)
    return reader
  }

  /** Compares the last four bytes with the checksum of those before them. @throws Fault `h5-checksum` */
  verify(bytes: Uint8Array, what: string): void {
    const end = bytes.length - CHECKSUM_BYTES
    if (end < 0) throw stop('h5-structure', `the ${what} is too short for a checksum`)
    const stored = new ByteReader(bytes.subarray(end)).u32()
    const found = checksum(bytes.subarray(0, end))
    if (found !== stored) throw stop('h5-checksum', `the ${what} has the checksum ${stored}, its bytes have ${found}`)
  }
}
