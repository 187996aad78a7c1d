/**
 * Filters that a dataset may need without anybody having to wonder where they come from.
 *
 * HDF5 loads every other filter as a shared library from a plug-in folder, named by nothing but a number.
 *
 * Source: the list of registered filters of The HDF Group; the filters that h5py and PyTables ship.
 */
import { quoteName } from '../names.ts'
import type { Hdf5File } from './file.ts'
import type { Filter } from './layout.ts'

const BUILT_IN = { from: 1, to: 6 }
/** Registered and widely shipped: LZO, bzip2, LZF, Blosc, LZ4, bitshuffle, ZFP, Zstandard, SZ, Blosc2 and their like. */
const REGISTERED: ReadonlySet<number> = new Set([
  305, 307, 32000, 32001, 32004, 32008, 32012, 32013, 32015, 32017, 32018, 32019, 32024, 32026, 32027, 32028,
])

/** Notes every filter that is neither built in nor widely shipped. */
export function checkFilters(file: Hdf5File, filters: readonly Filter[]): void {
  for (const { id, name } of filters) {
    const isBuiltIn = id >= BUILT_IN.from && id <= BUILT_IN.to
    if (isBuiltIn || REGISTERED.has(id)) continue
    file.note('h5-filter', `needs the filter ${id} (${quoteName(name)}), which no known library ships`)
  }
}
