/**
 * Free-space managers: lists of the space that a file or a heap could use again.
 *
 * What is free is nobody's; only the lists themselves are claimed.
 *
 * Source: HDF5 File Format Specification 3.0, III.I.
 */
import { type Hdf5File } from './file.ts'

const LIST = { what: 'free-space list', role: 'index' } as const

/** Claims a manager and its list of sections. @throws Fault `h5-…` */
export function claimFreeSpace(file: Hdf5File, address: number): void {
  const { offsetSize, lengthSize } = file.sizes
  const bytes = file.take(address, 18 + 7 * lengthSize + offsetSize, LIST)
  file.verify(bytes, 'free-space manager')
  const reader = file.open(bytes, 'FSHD', 0)
  reader.skip(1 + 4 * lengthSize + 8 + lengthSize)
  const list = file.address(reader)
  file.length(reader)
  const allocated = file.length(reader)
  if (list !== undefined && allocated > 0) file.take(list, allocated, LIST)
}
