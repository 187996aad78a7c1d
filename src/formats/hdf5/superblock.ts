/**
 * The superblock: where the HDF5 part of a file begins and ends, and how wide its addresses are.
 *
 * Source: HDF5 File Format Specification 3.0, II.A (superblock), II.B (driver information).
 */
import { ByteReader } from '../../base/index.ts'
import { type Hdf5File, stop } from './file.ts'

/** The eight bytes with which every HDF5 part begins. */
export const SIGNATURE: readonly number[] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
const FIRST_USER_BLOCK = 512
const SIZES: readonly number[] = [2, 4, 8]
const CHECKSUM_BYTES = 4
/** Flags of a file that is open for writing, alone or with readers; since version 3 they decide. */
const IS_WRITTEN = 0x05
/** The longest superblock: version 1 with addresses of eight bytes. */
const LONGEST = 104
/** Number of leaves and nodes where the superblock does not say: the library's own. */
const DEFAULT_RANKS = { leaf: 4, node: 16, chunk: 32 } as const

/** Halves of the capacity of version 1 trees: symbol table leaves, group nodes, chunk nodes. */
export interface TreeRanks {
  readonly leaf: number
  readonly node: number
  readonly chunk: number
}

/** What the superblock says. */
export interface Superblock {
  readonly version: number
  readonly root: number
  /** The object that holds what no longer fits. */
  readonly extension: number | undefined
  readonly driver: number | undefined
  readonly ranks: TreeRanks
}

/** True when the signature stands at `at`. */
export function hasSignature(bytes: Uint8Array, at: number): boolean {
  return SIGNATURE.every((byte, index) => bytes[at + index] === byte)
}

/** Where the HDF5 part begins: at 0, 512, 1024 and so on, doubling. */
function findStart({ source }: Hdf5File): number {
  for (let at = 0; at + SIGNATURE.length <= source.size; at = at === 0 ? FIRST_USER_BLOCK : at * 2) {
    if (hasSignature(source.read(at, SIGNATURE.length), 0)) return at
  }
  throw stop('h5-structure', 'no superblock where one may begin')
}

/** Reads the superblock and sets the sizes of the file. @throws Fault `h5-…` */
export function readSuperblock(file: Hdf5File): Superblock {
  const base = findStart(file)
  const { size } = file.source
  file.sizes = { ...file.sizes, base, end: size }
  const bytes = file.peek(0, Math.min(LONGEST, size - base))
  const reader = new ByteReader(bytes, { at: SIGNATURE.length })
  const version = reader.u8()
  if (version > 3) throw stop('h5-unsupported', `superblock version ${version}; 0 to 3 are read`)
  const superblock = version < 2 ? readOld(file, reader, version) : readNew(file, reader, version)
  if (version >= 2) file.verify(bytes.subarray(0, reader.at + CHECKSUM_BYTES), 'superblock')
  const length = reader.at + (version < 2 ? 0 : CHECKSUM_BYTES)
  file.extents.add(base, base + SIGNATURE.length, 'magic')
  file.extents.add(base + SIGNATURE.length, base + length, 'header')
  return superblock
}

function setSizes(file: Hdf5File, offsetSize: number, lengthSize: number): void {
  if (!SIZES.includes(offsetSize) || !SIZES.includes(lengthSize))
    throw stop('h5-structure', `addresses of ${offsetSize} and lengths of ${lengthSize} bytes`)
  file.sizes = { ...file.sizes, offsetSize, lengthSize }
}

/** Checks base and end against the file, and makes the end the limit of everything else. */
function setEnd(file: Hdf5File, base: number, end: number): void {
  const { size } = file.source
  if (base !== file.sizes.base)
    throw stop('h5-address', `the base address is ${base}, the superblock stands at ${file.sizes.base}`)
  // What the library writes as the end counts from the start of the file, whatever the base is.
  if (end > size) throw stop('h5-address', `the file has ${size} bytes and says that it ends at ${end}`)
  file.sizes = { ...file.sizes, end }
}

function readOld(file: Hdf5File, reader: ByteReader, version: number): Superblock {
  reader.skip(4)
  setSizes(file, reader.u8(), reader.u8())
  reader.skip(1)
  const [leaf, node] = [reader.u16(), reader.u16()]
  reader.skip(4)
  const chunk = version === 1 ? reader.u16() : DEFAULT_RANKS.chunk
  if (version === 1) reader.skip(2)
  const base = file.someAddress(reader, 'the base')
  file.address(reader)
  const end = file.someAddress(reader, 'the end of the file')
  const driver = file.address(reader)
  setEnd(file, base, end)
  reader.skip(file.sizes.offsetSize)
  const root = file.someAddress(reader, 'the root group')
  reader.skip(24)
  return { version, root, extension: undefined, driver, ranks: { leaf, node, chunk } }
}

function readNew(file: Hdf5File, reader: ByteReader, version: number): Superblock {
  setSizes(file, reader.u8(), reader.u8())
  const flags = reader.u8()
  if (version === 3 && (flags & IS_WRITTEN) !== 0) file.note('h5-not-closed', `a program still writes it (${flags})`)
  const base = file.someAddress(reader, 'the base')
  const extension = file.address(reader)
  const end = file.someAddress(reader, 'the end of the file')
  setEnd(file, base, end)
  return {
    version,
    root: file.someAddress(reader, 'the root group'),
    extension,
    driver: undefined,
    ranks: DEFAULT_RANKS,
  }
}

/** Claims and checks the driver information block of an old superblock. */
export function readDriver(file: Hdf5File, address: number): void {
  const head = new ByteReader(file.peek(address, 16), { at: 4 })
  const length = head.u32()
  const name = Buffer.from(head.bytes(8)).toString('latin1')
  file.take(address, 16 + length, { what: 'driver information', role: 'header' })
  throw stop('h5-unsupported', `the file is one of a set for the driver ${JSON.stringify(name)}`)
}
