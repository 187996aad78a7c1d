/** Cases of TW-TFL and TW-MSG. */
import { answering, file, hit, miss, subjectOf, type RuleCase } from './build.ts'

const TFLITE = { path: 'model.tflite', format: 'tflite' } as const
const FLAX = { path: 'flax_model.msgpack', format: 'flax' } as const

/** See the module. */
export const GRAPH_RUNTIME_CASES: readonly RuleCase[] = [
  ...answering({
    rule: 'TW-TFL-01',
    ...TFLITE,
    hits: ['fbf-outside', 'fbf-vtable', 'tfl-index', 'tfl-tensor-size'],
    misses: ['tfl-custom-operator', 'bytes-unclaimed'],
  }),
  ...answering({
    rule: 'TW-TFL-02',
    ...TFLITE,
    hits: ['tfl-custom-operator', 'tfl-flex-operator'],
    misses: ['tfl-index'],
  }),
  miss(
    'TW-TFL-02',
    'an operator by name that the runtime has',
    subjectOf([
      file('model.tflite', 'tflite', {
        references: [{ kind: 'class', target: 'TFLite_Detection_PostProcess', locus: 'operator code 0' }],
      }),
    ]),
  ),
  ...answering({
    rule: 'TW-MSG-01',
    ...FLAX,
    hits: ['msg-length', 'msg-array-size'],
    misses: ['msg-extension', 'msg-duplicate-key'],
  }),
  ...answering({
    rule: 'TW-MSG-02',
    ...FLAX,
    hits: ['msg-extension', 'msg-dtype', 'msg-array'],
    misses: ['msg-length'],
  }),
  hit(
    'TW-MSG-02',
    'a key twice',
    subjectOf([
      file('opt.msgpack', 'flax', { anomalies: [{ code: 'msg-duplicate-key', message: 'x', locus: 'params' }] }),
    ]),
  ),
  miss('TW-MSG-02', 'weights that were read in full', subjectOf([file('flax_model.msgpack', 'flax')])),
]
