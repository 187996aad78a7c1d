/** Cases of TW-ONX and TW-TFG: what the reader notes, code by code, and links that intake saw. */
import { anomaly, answering, card, file, hit, miss, problem, subjectOf, type RuleCase } from './build.ts'

const SAVED = { path: 'saved_model.pb', format: 'tf-saved-model' } as const
const ONNX = { path: 'model.onnx', format: 'onnx' } as const

function modelNaming(target: string): ReturnType<typeof file> {
  return file(ONNX.path, ONNX.format, { references: [{ kind: 'path', target, locus: 'tensor "w"' }] })
}

function folderWith(code: string): ReturnType<typeof subjectOf> {
  return subjectOf([file(ONNX.path, ONNX.format), card()], { anomalies: [{ path: ONNX.path, ...anomaly(code) }] })
}

/** See the module. */
export const GRAPH_CASES: readonly RuleCase[] = [
  ...answering({
    rule: 'TW-ONX-01',
    ...ONNX,
    hits: ['onx-path-escape', 'onx-memory-address'],
    misses: ['onx-external-size', 'onx-external-key'],
  }),
  hit(
    'TW-ONX-01',
    'external data that is a link',
    subjectOf([modelNaming('w.bin'), card()], { problems: [problem('symlink', 'w.bin')] }),
  ),
  miss(
    'TW-ONX-01',
    'a link that no tensor names',
    subjectOf([modelNaming('w.bin'), card()], { problems: [problem('symlink', 'v.bin')] }),
  ),
  ...answering({
    rule: 'TW-ONX-02',
    ...ONNX,
    hits: ['onx-external-overlap', 'onx-external-size', 'onx-external-number'],
    misses: ['onx-path-escape', 'onx-tensor-size'],
  }),
  hit('TW-ONX-02', 'a tensor beyond its external file', folderWith('external-outside')),
  miss('TW-ONX-02', 'an external file that is missing', folderWith('external-missing')),
  ...answering({
    rule: 'TW-ONX-03',
    ...ONNX,
    hits: ['onx-custom-domain', 'onx-compiled-context'],
    misses: ['onx-operator', 'onx-opset'],
  }),
  ...answering({ rule: 'TW-ONX-04', ...ONNX, hits: ['onx-library'], misses: ['onx-custom-domain', 'onx-attribute'] }),
  hit(
    'TW-ONX-04',
    'metadata that name a library',
    subjectOf([file(ONNX.path, ONNX.format, { anomalies: [anomaly('onx-library', 'metadata "ort"')] })]),
  ),
  ...answering({
    rule: 'TW-ONX-05',
    ...ONNX,
    hits: ['onx-function-cycle', 'onx-function-expansion', 'onx-subgraph-depth'],
    misses: ['pb-depth', 'onx-duplicate-name'],
  }),
  ...answering({
    rule: 'TW-ONX-06',
    ...ONNX,
    hits: ['onx-opset', 'onx-operator', 'onx-tensor-type', 'onx-tensor-size', 'onx-duplicate-tensor', 'onx-attribute'],
    misses: ['onx-custom-domain', 'onx-external-size'],
  }),
  ...answering({
    rule: 'TW-ONX-07',
    ...ONNX,
    hits: ['onx-external-key'],
    misses: ['onx-external-number', 'pb-unknown-field'],
  }),
  hit(
    'TW-ONX-07',
    'a key that stands twice',
    subjectOf([file(ONNX.path, ONNX.format, { anomalies: [anomaly('onx-external-key', 'tensor "w"')] }), card()]),
  ),
  ...answering({
    rule: 'TW-TFG-01',
    ...SAVED,
    hits: ['tfg-file', 'tfg-asset-path'],
    misses: ['tfg-network', 'tfg-load-effect'],
  }),
  ...answering({
    rule: 'TW-TFG-02',
    ...SAVED,
    hits: ['tfg-python', 'tfg-library', 'tfg-keras-code'],
    misses: ['tfg-operator', 'tfg-file'],
  }),
  ...answering({ rule: 'TW-TFG-03', ...SAVED, hits: ['tfg-hidden'], misses: ['tfg-python', 'tfg-file'] }),
  hit(
    'TW-TFG-03',
    'an operator in a function of a frozen graph',
    subjectOf([file('g.pb', 'tf-graphdef', { anomalies: [anomaly('tfg-hidden', 'function "f"')] })]),
  ),
  ...answering({ rule: 'TW-TFG-04', ...SAVED, hits: ['tfg-network'], misses: ['tfg-file', 'tfg-operator'] }),
  hit(
    'TW-TFG-04',
    'an operator of a meta graph',
    subjectOf([file('m.meta', 'tf-metagraph', { anomalies: [anomaly('tfg-network', 'node "n"')] })]),
  ),
  ...answering({ rule: 'TW-TFG-05', ...SAVED, hits: ['tfg-operator'], misses: ['tfg-python', 'pb-unknown-field'] }),
  hit(
    'TW-TFG-05',
    'an operator of a frozen graph',
    subjectOf([file('g.pb', 'tf-graphdef', { anomalies: [anomaly('tfg-operator', 'node "n"')] })]),
  ),
  ...answering({ rule: 'TW-TFG-06', ...SAVED, hits: ['tfg-load-effect'], misses: ['tfg-file', 'tfg-hidden'] }),
  hit(
    'TW-TFG-06',
    'what restoring a meta graph runs',
    subjectOf([file('m.meta', 'tf-metagraph', { anomalies: [anomaly('tfg-load-effect', 'the saver')] })]),
  ),
  ...answering({
    rule: 'TW-TFG-02',
    path: 'net.caffemodel',
    format: 'caffe',
    hits: ['net-python'],
    misses: ['net-file', 'net-native'],
  }),
  ...answering({
    rule: 'TW-ONX-03',
    path: 'a.mlmodel',
    format: 'core-ml',
    hits: ['net-native'],
    misses: ['net-path', 'net-python'],
  }),
]
