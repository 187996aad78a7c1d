/**
 * The superblock extension: an object whose messages say what the superblock has no room for.
 *
 * Source: HDF5 File Format Specification 3.0, II.C, IV.A.2.t (K values), .u (driver), .x (file space).
 */
import { ByteReader } from '../../base/index.ts'
import { type Hdf5File, stop } from './file.ts'
import { claimFreeSpace } from './free-space.ts'
import { MESSAGE, type Message } from './object-header.ts'
import type { SharedMessages } from './shared-messages.ts'
import type { TreeRanks } from './superblock.ts'

const OLD_MANAGERS = 6
const PAGED_MANAGERS = 12

/** Reads the messages of the extension; gives the ranks of trees as they then are. @throws Fault `h5-…` */
export function readExtension(
  file: Hdf5File,
  messages: readonly Message[],
  { shared, ranks }: { readonly shared: SharedMessages; readonly ranks: TreeRanks },
): TreeRanks {
  let found = ranks
  for (const { type, body } of messages) {
    if (type === MESSAGE.treeRanks) found = readRanks(body)
    else if (type === MESSAGE.sharedTable) shared.readTable(body)
    else if (type === MESSAGE.fileSpace) readFileSpace(file, body)
    else if (type === MESSAGE.driver) throw stop('h5-unsupported', 'the file is one of a set for a driver of its own')
  }
  return found
}

function readRanks(body: Uint8Array): TreeRanks {
  const reader = new ByteReader(body, { at: 1 })
  const [chunk, node, leaf] = [reader.u16(), reader.u16(), reader.u16()]
  return { chunk, node, leaf }
}

function readFileSpace(file: Hdf5File, body: Uint8Array): void {
  const reader = new ByteReader(body)
  const version = reader.u8()
  if (version === 0) return claimOldManagers(file, reader)
  if (version !== 1) throw stop('h5-unsupported', `file space version ${version}; 0 and 1 are read`)
  reader.skip(1)
  const persists = reader.u8() !== 0
  reader.skip(2 * file.sizes.lengthSize + 2 + file.sizes.offsetSize)
  for (let i = 0; persists && i < PAGED_MANAGERS; i++) claimManager(file, file.address(reader))
}

function claimOldManagers(file: Hdf5File, reader: ByteReader): void {
  const persists = reader.u8() === 1
  reader.skip(file.sizes.lengthSize)
  for (let i = 0; persists && i < OLD_MANAGERS; i++) claimManager(file, file.address(reader))
}

function claimManager(file: Hdf5File, address: number | undefined): void {
  if (address !== undefined) claimFreeSpace(file, address)
}
