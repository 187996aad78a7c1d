/**
 * Extensible arrays: the index of chunks of datasets that can grow in one dimension.
 *
 * The first elements stand in the index block, the next in data blocks that it names, the rest in data blocks that super
 * blocks name. Sizes double by fixed rules, so that nothing but addresses is stored.
 *
 * Source: HDF5 File Format Specification 3.0, VII.D.
 */
import type { ByteReader } from '../../base/index.ts'
import { mulChecked } from '../../base/index.ts'
import { type Hdf5File, stop } from './file.ts'
import { type ElementVisitor, isSet, takePage, visitElements } from './fixed-array.ts'

const INDEX = { what: 'chunk index', role: 'index' } as const
const CHECKSUM_BYTES = 4

interface ArrayForm {
  readonly file: Hdf5File
  readonly size: number
  readonly bits: number
  readonly inIndex: number
  readonly least: number
  readonly leastPointers: number
  readonly perPage: number
  readonly visit: ElementVisitor
}

interface DataBlock {
  readonly address: number
  readonly count: number
  /** Whether a page of the block was written. */
  readonly isWritten: (page: number) => boolean
}

/** Visits all elements of the array whose header is at `address`. @throws Fault `h5-…` */
export function walkExtensibleArray(file: Hdf5File, address: number, visit: ElementVisitor): void {
  const { offsetSize, lengthSize } = file.sizes
  const bytes = file.take(address, 12 + 6 * lengthSize + offsetSize + CHECKSUM_BYTES, INDEX)
  file.verify(bytes, 'chunk index')
  const header = file.open(bytes, 'EAHD', 0)
  header.skip(1)
  const [size, bits, inIndex, least] = [header.u8(), header.u8(), header.u8(), header.u8()]
  const leastPointers = header.u8()
  const perPage = 2 ** header.u8()
  header.skip(6 * lengthSize)
  const block = file.address(header)
  const form: ArrayForm = { file, size, bits, inIndex, least, leastPointers, perPage, visit }
  checkForm(form)
  if (block !== undefined) takeIndexBlock(form, block)
}

function checkForm({ size, bits, least, leastPointers, perPage }: ArrayForm): void {
  const powers = [least, leastPointers].every((count) => count > 0 && Number.isInteger(Math.log2(count)))
  if (!powers || size === 0 || bits > 64 || bits < Math.log2(least) || perPage > 2 ** 32)
    throw stop('h5-structure', `a chunk index with ${least} elements in a block and ${leastPointers} pointers`)
}

/** Data blocks of a super block, and the elements of each. */
function superBlock({ least }: ArrayForm, index: number): { readonly blocks: number; readonly count: number } {
  return { blocks: 2 ** Math.floor(index / 2), count: 2 ** Math.floor((index + 1) / 2) * least }
}

function takeIndexBlock(form: ArrayForm, address: number): void {
  const { file, size, bits, inIndex, least, leastPointers, visit } = form
  const { offsetSize } = file.sizes
  const direct = 2 * (leastPointers - 1)
  const first = 2 * Math.log2(leastPointers)
  const supers = Math.max(0, 1 + bits - Math.log2(least) - first)
  const length = 6 + offsetSize + mulChecked(inIndex, size) + (direct + supers) * offsetSize + CHECKSUM_BYTES
  const bytes = file.take(address, length, INDEX)
  file.verify(bytes, 'chunk index')
  const reader = file.open(bytes, 'EAIB', 0)
  reader.skip(1 + offsetSize)
  visitElements(file, reader, { count: inIndex, size, visit })
  takeDirect(form, reader, { direct, first })
  for (let i = 0; i < supers; i++) {
    const child = file.address(reader)
    if (child !== undefined) takeSuperBlock(form, child, first + i)
  }
}

/** The data blocks of the first super blocks, which the index block names itself. */
function takeDirect(
  form: ArrayForm,
  reader: ByteReader,
  { direct, first }: { readonly direct: number; readonly first: number },
): void {
  let left = direct
  for (let index = 0; index < first && left > 0; index++) {
    const { blocks, count } = superBlock(form, index)
    for (let i = 0; i < blocks && left > 0; i++, left--) {
      const address = form.file.address(reader)
      if (address !== undefined) takeDataBlock(form, { address, count, isWritten: () => true })
    }
  }
  reader.skip(left * form.file.sizes.offsetSize)
}

function takeSuperBlock(form: ArrayForm, address: number, index: number): void {
  const { file, bits, perPage } = form
  const { offsetSize } = file.sizes
  const { blocks, count } = superBlock(form, index)
  const bitBytes = count > perPage ? Math.ceil(count / perPage / 8) : 0
  const head = 6 + offsetSize + Math.ceil(bits / 8)
  const bytes = file.take(address, head + mulChecked(blocks, bitBytes + offsetSize) + CHECKSUM_BYTES, INDEX)
  file.verify(bytes, 'chunk index')
  const reader = file.open(bytes, 'EASB', 0)
  reader.skip(head - 5)
  const written = reader.bytes(blocks * bitBytes)
  for (let i = 0; i < blocks; i++) {
    const child = file.address(reader)
    const isWritten = (page: number): boolean => isSet(written, (i * count) / perPage + page)
    if (child !== undefined) takeDataBlock(form, { address: child, count, isWritten })
  }
}

function takeDataBlock(
  { file, size, bits, perPage, visit }: ArrayForm,
  { address, count, isWritten }: DataBlock,
): void {
  const head = 6 + file.sizes.offsetSize + Math.ceil(bits / 8)
  const isPaged = count > perPage
  const length = head + (isPaged ? 0 : mulChecked(count, size)) + CHECKSUM_BYTES
  const bytes = file.take(address, length, INDEX)
  file.verify(bytes, 'chunk index')
  const reader = file.open(bytes, 'EADB', 0)
  reader.skip(head - 5)
  if (!isPaged) return visitElements(file, reader, { count, size, visit })
  let at = address + length
  for (let page = 0; page < count / perPage; page++)
    at += takePage(file, { address: at, count: perPage, size, isWritten: isWritten(page), visit })
}
