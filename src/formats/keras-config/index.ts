/**
 * Keras configurations: the JSON of `model.to_json()`, and what `.keras` and HDF5 models hold of the same form.
 *
 * `checkConfig` is for text that stands within another format; the reader is for files.
 */
import type { FactCollector } from '../fact-collector.ts'
import { firstByteIsOneOf } from '../glimpse.ts'
import type { JsonAnomaly } from '../json/anomalies.ts'
import type { JsonCursor } from '../json/cursor.ts'
import { readJsonFile } from '../json/document.ts'
import { Flattener } from '../json/flatten.ts'
import type { Confidence, FormatReader, Glimpse } from '../reader.ts'
import { ANOMALIES, type KerasAnomaly } from './anomalies.ts'
import type { Taken } from './taken.ts'
import { ConfigWalk } from './walk.ts'

export { ANOMALIES as KERAS_ANOMALIES, type KerasAnomaly } from './anomalies.ts'

/** What a file of this kind shows in its first bytes. */
const MARKS = [
  /"class_name"\s*:/,
  /"module"\s*:\s*"(tf_|tensorflow\.)?keras|"(registered_name|keras_version)"\s*:|"class_name"\s*:\s*"(Sequential|Functional|Model)"/,
]

/**
 * Takes a configuration from a cursor and notes what it asks for.
 *
 * @param at where it stands: nothing, or the place in the file that the pointers begin with
 */
export function checkConfig(cursor: JsonCursor, at: string, facts: FactCollector<KerasAnomaly | JsonAnomaly>): void {
  const { members } = walkConfigValue(cursor, at, facts)
  if (members?.get('class_name')?.text === undefined)
    facts.anomalies.add('krs-no-object', 'the configuration names no class', { locus: at || '/' })
}

/** Takes any value that may hold objects and notes what they ask for. */
export function walkConfigValue(
  cursor: JsonCursor,
  at: string,
  facts: FactCollector<KerasAnomaly | JsonAnomaly>,
): Taken {
  const walk = new ConfigWalk(cursor, {
    note: (code, message, pointer) => facts.anomalies.add(code, message, { locus: pointer || '/' }),
    oddObject: (target, pointer) => facts.reference({ kind: 'class', target, locus: pointer || '/' }),
  })
  return walk.take(at)
}

function sniff(glimpse: Glimpse): Confidence {
  if (!firstByteIsOneOf(glimpse, '{')) return null
  const head = Buffer.from(glimpse.head).toString('latin1')
  return MARKS.every((mark) => mark.test(head)) ? 'structure' : null
}

/** See the module. */
export const kerasConfigReader: FormatReader = {
  format: 'keras-config',
  title: 'Keras configuration (JSON)',
  version: 1,
  extensions: ['.json', 'config.json'],
  sniff,
  read(request) {
    return readJsonFile(request, {
      format: 'keras-config',
      anomalies: ANOMALIES,
      read(cursor, facts) {
        const start = cursor.at
        new Flattener(cursor, { metadata: (fact) => facts.metadata(fact) }).take('', '')
        checkConfig(cursor.again(start), '', facts)
      },
    })
  },
}
