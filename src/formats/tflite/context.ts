/**
 * What the parts of the TensorFlow Lite reader pass to one another.
 */
import type { FactCollector } from '../fact-collector.ts'
import type { FlatAnomaly } from '../flatbuffer/anomalies.ts'
import type { FlatTable } from '../flatbuffer/table.ts'
import type { ReadRequest } from '../reader.ts'
import type { ZipAnomaly } from '../zip/index.ts'
import type { TfliteAnomaly } from './anomalies.ts'
import type { Span } from './buffers.ts'

/** State of one reading. */
export interface TfliteContext {
  readonly request: ReadRequest
  readonly facts: FactCollector<TfliteAnomaly | FlatAnomaly | ZipAnomaly>
  readonly root: FlatTable
  /** Bytes in the file. */
  readonly size: number
  /** Where the FlatBuffer ends. */
  readonly end: number
  /** What lies behind the FlatBuffer and belongs to the model. */
  readonly behind: Span[]
}
