/**
 * A file of joblib is read otherwise by `pickle.load`, which takes array bytes for opcodes.
 *
 * As a rule that breaks at once. Where it does not, and something is called on the way, the file means one thing to
 * one loader and another to the other.
 */
import type { Anomaly } from '../facts.ts'
import type { ReadRequest } from '../reader.ts'
import { analysePickle, type PickleContext } from './engine/index.ts'

const CALLING: ReadonlySet<string> = new Set([
  'pkl-executes-code',
  'pkl-builds-code',
  'pkl-resolver',
  'pkl-system-access',
  'pkl-loads-more',
  'pkl-disarms',
  'pkl-unlisted-called',
])

/** What only `pickle.load` would come to, of the stream that begins at `from`. */
export function noteOtherReading(request: ReadRequest, from: number, context: PickleContext): readonly Anomaly[] {
  const { persistent, locus } = context
  const plain = analysePickle(request, from, { persistent, ...(locus === undefined ? {} : { locus }) })
  return plain.anomalies
    .filter(({ code }) => CALLING.has(code))
    .map((anomaly) => ({ ...anomaly, message: `read by pickle.load, array bytes are opcodes: ${anomaly.message}` }))
}
