/**
 * Whole Keras models in HDF5: the configuration that stands in attributes of the root group.
 *
 * Keras 1 and 2 wrote them so, and every version still loads them; older versions check nothing when they do
 * (CVE-2025-9905).
 *
 * Source: `keras/src/legacy/saving/legacy_h5_format.py` of Keras 3.
 */
import { isFault } from '../../base/index.ts'
import type { Budget } from '../budget.ts'
import type { FactCollector } from '../fact-collector.ts'
import type { JsonAnomaly } from '../json/anomalies.ts'
import { JsonCursor } from '../json/cursor.ts'
import { checkConfig, type KerasAnomaly, walkConfigValue } from '../keras-config/index.ts'

/** Attribute of the root group that holds the model as JSON. */
export const MODEL_CONFIG = 'model_config'
/** Attribute of the root group that holds losses, metrics and optimiser as JSON. */
export const TRAINING_CONFIG = 'training_config'

/** What the configuration is read with. */
export interface KerasSource {
  readonly facts: FactCollector<KerasAnomaly | JsonAnomaly>
  readonly budget: Budget
  /** Texts of attributes of the root group, whole. */
  readonly texts: ReadonlyMap<string, readonly string[]>
}

/** Reads what a Keras model has in its root group; false for a file that is none. @throws Fault `budget-…` */
export function readKeras(source: KerasSource): boolean {
  const { facts, texts } = source
  if (!texts.has(MODEL_CONFIG)) return false
  facts.anomalies.add('krs-legacy', 'a whole model in HDF5, as Keras wrote it before version 3', {
    locus: MODEL_CONFIG,
  })
  readConfig(source, MODEL_CONFIG, (cursor) => checkConfig(cursor, MODEL_CONFIG, facts))
  if (texts.has(TRAINING_CONFIG))
    readConfig(source, TRAINING_CONFIG, (cursor) => walkConfigValue(cursor, TRAINING_CONFIG, facts))
  return true
}

function readConfig({ facts, budget, texts }: KerasSource, name: string, take: (cursor: JsonCursor) => void): void {
  const report = (code: JsonAnomaly, message: string): void =>
    facts.anomalies.add(code, `${name}: ${message}`, { locus: name })
  try {
    const cursor = new JsonCursor(Buffer.from(texts.get(name)?.[0] ?? ''), { budget, report })
    take(cursor)
    cursor.end()
  } catch (thrown) {
    if (!isFault(thrown, 'json-syntax')) throw thrown
    report('json-syntax', thrown.message)
  }
}
