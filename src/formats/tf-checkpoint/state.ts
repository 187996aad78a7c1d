/**
 * The file `checkpoint` beside checkpoints of TensorFlow: which of them is the latest, as text.
 */
import { FactCollector } from '../fact-collector.ts'
import { baseName, looksLikeText } from '../glimpse.ts'
import { unquote } from '../protobuf/text-fields.ts'
import type { FormatReader } from '../reader.ts'
import { ANOMALIES, type TextAnomaly } from '../text/anomalies.ts'
import { takeText } from '../text/take-text.ts'

const PATH = /^(model_checkpoint_path|all_model_checkpoint_paths): ("(?:[^"\\]|\\.)*")$/
const TIME = /^(?:all_model_checkpoint_timestamps|last_preserved_timestamp): [\d.e+-]{1,40}$/

/** See the module. */
export const checkpointStateReader: FormatReader = {
  format: 'tf-checkpoint-state',
  title: 'TensorFlow checkpoint state',
  version: 1,
  extensions: ['checkpoint'],
  sniff(glimpse) {
    const begins = Buffer.from(glimpse.head.subarray(0, 22)).toString('latin1') === 'model_checkpoint_path:'
    return begins && baseName(glimpse.path) === 'checkpoint' && looksLikeText(glimpse) ? 'structure' : null
  },
  read(request) {
    const facts = new FactCollector<TextAnomaly>(request, 'tf-checkpoint-state', ANOMALIES)
    const lines = (takeText(request, facts) ?? '').split('\n').filter((line) => line.trim() !== '')
    for (const line of lines) {
      const [, key, quoted] = PATH.exec(line) ?? []
      if (key === undefined || quoted === undefined) {
        if (!TIME.test(line)) facts.leaveUnread('a line that is none of a checkpoint state')
        continue
      }
      const value = Buffer.from(unquote(quoted), 'latin1').toString('utf8').slice(0, 4096)
      facts.metadata({ key, type: 'string', value })
    }
    return facts.finish()
  },
}
