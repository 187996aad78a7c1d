/**
 * The storages at the end of a legacy torch file.
 *
 * How long they are is told by the number of elements before each and by the type that the pickle gave its key, so the
 * end of the last one is the end of the file or something is wrong.
 */
import { isFault, mulChecked, toSize } from '../../base/index.ts'
import type { ByteSource } from '../byte-source.ts'
import type { FactCollector } from '../fact-collector.ts'
import { quoteName } from '../names.ts'
import { PageReader } from '../page-reader.ts'
import type { PickleAnomaly } from '../pickle/anomalies.ts'
import type { TorchAnomaly } from '../torch/anomalies.ts'
import { storageElementBytes } from '../torch/element-bytes.ts'
import type { Storage } from '../torch/place-tensor.ts'

const COUNT_BYTES = 8

/** What is known before the storages. */
export interface StorageList {
  /** Keys in the order of the file. */
  readonly keys: readonly string[]
  /** Class of the storage by key. */
  readonly types: ReadonlyMap<string, string>
  readonly source: ByteSource
  /** First byte of the first storage. */
  readonly from: number
}

interface Step {
  readonly cursor: PageReader
  readonly facts: FactCollector<TorchAnomaly | PickleAnomaly>
  readonly storages: Map<string, Storage>
}

/** Bytes of the storage at the cursor; undefined when they are more than are left. */
function readBytes(cursor: PageReader, type: string): number | undefined {
  const size = storageElementBytes(type)
  if (size === undefined || cursor.remaining < COUNT_BYTES) return undefined
  try {
    const bytes = mulChecked(toSize(cursor.u64()), size)
    return bytes <= cursor.remaining ? bytes : undefined
  } catch (thrown) {
    if (isFault(thrown, 'size-overflow')) return undefined
    throw thrown
  }
}

function readStorage({ cursor, facts, storages }: Step, key: string, type: string): boolean {
  const locus = `storage ${quoteName(key)}`
  const at = cursor.at
  const bytes = readBytes(cursor, type)
  if (bytes === undefined || storages.has(key)) {
    const what = bytes === undefined ? `does not lie in the file; ${cursor.remaining} bytes are left` : 'stands twice'
    facts.anomalies.add('pkl-tensor', `${locus} of ${type} ${what}`, { locus, offset: at })
    facts.leaveUnread(`${locus} ${what}`)
    return false
  }
  facts.claim('index', at, cursor.at)
  facts.claim('tensor', cursor.at, cursor.at + bytes)
  storages.set(key, { from: cursor.at, bytes })
  cursor.skip(bytes)
  return true
}

/** Walks the storages; gives those that lie in the file by their keys. */
export function readStorages(
  list: StorageList,
  facts: FactCollector<TorchAnomaly | PickleAnomaly>,
): ReadonlyMap<string, Storage> {
  const { source, from, keys, types } = list
  const step: Step = { cursor: new PageReader(source, { at: from }), facts, storages: new Map() }
  for (const key of keys) {
    const type = types.get(key)
    if (type === undefined) {
      facts.leaveUnread(`the type of storage ${quoteName(key)} is not known, so not where it ends`)
      facts.claim('opaque', step.cursor.at, source.size)
      return step.storages
    }
    if (!readStorage(step, key, type)) return step.storages
  }
  if (step.cursor.remaining > 0)
    facts.anomalies.add('tor-grammar', `${step.cursor.remaining} bytes follow the last storage`, {
      locus: 'file',
      offset: step.cursor.at,
      length: step.cursor.remaining,
    })
  return step.storages
}
