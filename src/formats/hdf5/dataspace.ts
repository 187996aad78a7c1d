/**
 * Dataspaces: how many elements, in which dimensions.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.b.
 */
import { ByteReader, mulChecked } from '../../base/index.ts'
import { type Hdf5File, readNumber, stop } from './file.ts'

const MOST_DIMENSIONS = 32
const NULL_SPACE = 2

/** Dimensions, slowest first; none for a scalar, undefined for the space of no element. */
export type Dataspace = readonly number[] | undefined

/** Reads a dataspace message. @throws Fault `h5-…` */
export function readDataspace(file: Hdf5File, body: Uint8Array): Dataspace {
  const reader = new ByteReader(body)
  const version = reader.u8()
  if (version < 1 || version > 2) throw stop('h5-unsupported', `dataspace version ${version}; 1 and 2 are read`)
  const rank = reader.u8()
  if (rank > MOST_DIMENSIONS) throw stop('h5-structure', `${rank} dimensions; at most ${MOST_DIMENSIONS} are allowed`)
  reader.skip(1)
  const kind = reader.u8()
  if (version === 1) reader.skip(4)
  if (version === 2 && kind === NULL_SPACE) return undefined
  return Array.from({ length: rank }, () => readNumber(reader, file.sizes.lengthSize))
}

/** Number of elements. @throws Fault `size-overflow` */
export function countElements(space: Dataspace): number {
  return space === undefined ? 0 : mulChecked(...space)
}
