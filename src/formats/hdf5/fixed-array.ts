/**
 * Fixed arrays: the index of chunks of datasets that cannot grow.
 *
 * Source: HDF5 File Format Specification 3.0, VII.C.
 */
import { ByteReader, mulChecked } from '../../base/index.ts'
import { type Hdf5File, stop } from './file.ts'

const INDEX = { what: 'chunk index', role: 'index' } as const
const CHECKSUM_BYTES = 4

/** Takes one element of the index. */
export type ElementVisitor = (element: ByteReader) => void

/** Elements that stand together, and who takes them. */
export interface Elements {
  readonly count: number
  readonly size: number
  readonly visit: ElementVisitor
}

/** Visits the next elements of a reader. */
export function visitElements(file: Hdf5File, reader: ByteReader, { count, size, visit }: Elements): void {
  file.budget.spendItems(count)
  for (let i = 0; i < count; i++) visit(new ByteReader(reader.bytes(size)))
}

/** A page of elements with its checksum; one that was never written is claimed and not looked at. @throws Fault `h5-…` */
export function takePage(
  file: Hdf5File,
  page: Elements & { readonly address: number; readonly isWritten: boolean },
): number {
  const length = mulChecked(page.count, page.size) + CHECKSUM_BYTES
  const bytes = file.take(page.address, length, INDEX)
  if (page.isWritten) {
    file.verify(bytes, 'page of a chunk index')
    visitElements(file, new ByteReader(bytes), page)
  }
  return length
}

/** Whether the bit of a page is set; the highest bit of a byte is the first. */
export function isSet(bits: Uint8Array, index: number): boolean {
  return (((bits[index >> 3] ?? 0) << (index & 7)) & 0x80) !== 0
}

/** Visits all elements of the array whose header is at `address`. @throws Fault `h5-…` */
export function walkFixedArray(file: Hdf5File, address: number, visit: ElementVisitor): void {
  const { offsetSize, lengthSize } = file.sizes
  const bytes = file.take(address, 8 + lengthSize + offsetSize + CHECKSUM_BYTES, INDEX)
  file.verify(bytes, 'chunk index')
  const header = file.open(bytes, 'FAHD', 0)
  header.skip(1)
  const size = header.u8()
  const pageBits = header.u8()
  const count = file.length(header)
  const block = file.address(header)
  if (size === 0 || pageBits > 32) throw stop('h5-structure', `a chunk index with elements of ${size} bytes`)
  if (block !== undefined) takeBlock(file, { address: block, count, size, perPage: 2 ** pageBits, visit })
}

function takeBlock(file: Hdf5File, block: Elements & { readonly address: number; readonly perPage: number }): void {
  const { address, count, size, perPage, visit } = block
  const isPaged = count > perPage
  const pages = isPaged ? Math.ceil(count / perPage) : 0
  const prefix = 6 + file.sizes.offsetSize
  const length = prefix + (isPaged ? Math.ceil(pages / 8) : mulChecked(count, size)) + CHECKSUM_BYTES
  const bytes = file.take(address, length, INDEX)
  file.verify(bytes, 'chunk index')
  const reader = file.open(bytes, 'FADB', 0)
  reader.skip(prefix - 5)
  if (!isPaged) return visitElements(file, reader, block)
  const written = reader.bytes(Math.ceil(pages / 8))
  let at = address + length
  for (let page = 0; page < pages; page++) {
    const here = Math.min(perPage, count - page * perPage)
    at += takePage(file, { address: at, count: here, size, isWritten: isSet(written, page), visit })
  }
}
