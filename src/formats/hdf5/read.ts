/**
 * Reads an HDF5 file into facts.
 *
 * The superblock leads to the root group, that to everything else. What no structure uses is looked at last. A broken
 * structure leaves the file `unread`, and what could be read beside it stays. A whole Keras model is read as one, and
 * its format is then `keras-h5`.
 *
 * Source: HDF5 File Format Specification, version 3.0.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import type { ReadRequest } from '../reader.ts'
import { ANOMALIES as JSON_ANOMALIES } from '../json/anomalies.ts'
import { KERAS_ANOMALIES } from '../keras-config/index.ts'
import { ANOMALIES } from './anomalies.ts'
import { readExtension } from './extension.ts'
import { Hdf5File } from './file.ts'
import { settle } from './gaps.ts'
import { readKeras } from './keras.ts'
import { SharedMessages } from './shared-messages.ts'
import { readDriver, readSuperblock } from './superblock.ts'
import { readUserBlock } from './user-block.ts'
import { ObjectWalk } from './walk.ts'

/** Reads a file in which an HDF5 part begins. @throws Fault `budget-…` */
export function readHdf5(request: ReadRequest): FileFacts {
  const { budget } = request
  const facts = new FactCollector(request, 'hdf5', [...ANOMALIES, ...KERAS_ANOMALIES, ...JSON_ANOMALIES])
  const file = new Hdf5File(request, facts)
  const walk = file.attempt(() => readStructure(file))
  const isKeras = walk !== undefined && readKeras({ facts, budget, texts: walk.rootTexts })
  settle(file, walk?.heaps)
  return isKeras ? { ...facts.finish(), format: 'keras-h5' } : facts.finish()
}

function readStructure(file: Hdf5File): ObjectWalk {
  const superblock = readSuperblock(file)
  const { driver, extension } = superblock
  readUserBlock(file)
  file.facts.metadata({ key: 'superblock', type: 'u8', value: superblock.version })
  if (driver !== undefined) file.attempt(() => readDriver(file, driver))
  const shared = new SharedMessages(file)
  const first = new ObjectWalk(file, { shared, ranks: superblock.ranks })
  const { ranks } = superblock
  const better =
    extension === undefined
      ? ranks
      : file.attempt(() => readExtension(file, first.messages(extension), { shared, ranks }))
  const walk = new ObjectWalk(file, { shared, ranks: better ?? ranks })
  walk.walk(superblock.root)
  return walk
}
