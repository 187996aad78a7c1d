/**
 * HDF5: the container of Keras weights and of much scientific data.
 */
import type { FormatReader, Glimpse } from '../reader.ts'
import { readHdf5 } from './read.ts'
import { hasSignature } from './superblock.ts'

const STARTS = [0, 512, 1024, 2048]

function sniff({ head }: Glimpse): 'magic' | null {
  return STARTS.some((at) => hasSignature(head, at)) ? 'magic' : null
}

/** See the module. */
export const hdf5Reader: FormatReader = {
  format: 'hdf5',
  title: 'HDF5',
  version: 2,
  extensions: ['.h5', '.hdf5', '.hdf', '.he5', '.mat', '.nc', '.weights', '.keras'],
  sniff,
  read: readHdf5,
}
