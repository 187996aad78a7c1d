/**
 * The index of a sharded model: `*.safetensors.index.json`, and `pytorch_model.bin.index.json` of the same form.
 *
 * Each entry of `weight_map` becomes a metadata fact under its JSON pointer and each shard a reference; `folder.ts`
 * holds them against the shards themselves.
 */
import type { FactCollector } from '../fact-collector.ts'
import { baseName, firstByteIsOneOf } from '../glimpse.ts'
import type { JsonAnomaly } from '../json/anomalies.ts'
import type { JsonCursor } from '../json/cursor.ts'
import { readJsonFile } from '../json/document.ts'
import { Flattener, pointerStep } from '../json/flatten.ts'
import { quoteName } from '../names.ts'
import type { FormatReader } from '../reader.ts'
import { ANOMALIES, type IndexAnomaly } from './anomalies.ts'

type Facts = FactCollector<IndexAnomaly | JsonAnomaly>

const ENDINGS = ['.safetensors.index.json', '.bin.index.json']

function takeWeightMap(cursor: JsonCursor, facts: Facts): void {
  const shards = new Set<string>()
  cursor.object((name) => {
    const locus = `/weight_map${pointerStep(name)}`
    if (cursor.kind() !== 'string') {
      facts.anomalies.add('stn-index-shape', `${quoteName(name)} is given no file name`, { locus })
      return cursor.skip()
    }
    const shard = cursor.string()
    facts.metadata({ key: locus, type: 'string', value: shard.slice(0, 4096).toWellFormed() })
    if (!shards.has(shard)) facts.reference({ kind: 'path', target: shard.slice(0, 4096).toWellFormed(), locus })
    shards.add(shard)
  })
}

function take(cursor: JsonCursor, facts: Facts): void {
  const flattener = new Flattener(cursor, { metadata: (fact) => facts.metadata(fact) })
  let mapped = false
  if (cursor.kind() === 'object') {
    cursor.object((key) => {
      if (key !== 'weight_map' || cursor.kind() !== 'object') return flattener.take(pointerStep(key), key)
      mapped = true
      takeWeightMap(cursor, facts)
    })
  } else cursor.skip()
  if (!mapped) facts.anomalies.add('stn-index-shape', 'the index has no weight_map', { locus: '/weight_map' })
}

/** See the module. */
export const safetensorsIndexReader: FormatReader = {
  format: 'safetensors-index',
  title: 'Index of a sharded model',
  version: 1,
  extensions: ENDINGS,
  sniff(glimpse) {
    if (!ENDINGS.some((ending) => baseName(glimpse.path).endsWith(ending))) return null
    return firstByteIsOneOf(glimpse, '{') ? 'structure' : 'name'
  },
  read(request) {
    return readJsonFile(request, { format: 'safetensors-index', anomalies: ANOMALIES, read: take })
  },
}
