/**
 * Models of other kinds: trees, tokenizers, engines for one processor, and formats of smaller frameworks.
 */
import type { RecognisedFormat } from './recognised-format.ts'
import { any, headIs, headIsHex, headMatches } from './signatures.ts'

const FLATBUFFER = 'Its tables may point outside the file; operators outside the standard set need native code.'
const PLAIN = 'Numbers and names only, as far as the format goes.'

/** See the module. */
export const MODEL_FORMATS: readonly RecognisedFormat[] = [
  {
    id: 'tensorrt',
    title: 'TensorRT engine',
    kind: 'plugin-engine',
    extensions: ['.engine', '.plan', '.trt'],
    magic: any(headIs('ftrt'), headIs('ptrt')),
    danger: 'Compiled for one processor; may load plug-in libraries.',
  },
  {
    id: 'xgboost-binary',
    title: 'XGBoost model (old binary form)',
    kind: 'model',
    extensions: ['.model', '.xgb', '.bin', '.deprecated'],
    magic: any(headIs('binf'), headIs('bs64\t')),
    danger: 'A dump of memory; readers of it have crashed on bad files.',
  },
  {
    id: 'mxnet-params',
    title: 'MXNet parameters',
    kind: 'model',
    extensions: ['.params'],
    magic: headIsHex('12010000000000000000000000000000'),
    danger: PLAIN,
  },
  {
    id: 'cntk',
    title: 'CNTK model',
    kind: 'model',
    extensions: ['.cntk', '.dnn', '.model'],
    magic: headIs('B\0C\0N\0\0\0'),
    danger: PLAIN,
  },
  {
    id: 'rknn',
    title: 'RKNN engine',
    kind: 'plugin-engine',
    extensions: ['.rknn'],
    magic: headIs('RKNN'),
    danger: 'Compiled for one processor.',
  },
  {
    id: 'hailo',
    title: 'Hailo engine',
    kind: 'engine',
    extensions: ['.hef'],
    magic: headIsHex('01484546'),
    danger: 'Compiled for one processor.',
  },
  {
    id: 'kendryte',
    title: 'Kendryte model',
    kind: 'engine',
    extensions: ['.kmodel'],
    magic: headIs('LDMK'),
    danger: 'Compiled for one processor.',
  },
  {
    id: 'compiled-blob',
    title: 'Compiled model',
    kind: 'engine',
    extensions: ['.blob', '.dlc', '.om', '.mlmodelc', '.cvimodel', '.bmodel', '.neuron', '.nef'],
    danger: 'Compiled for one processor; cannot be inspected.',
  },
  {
    id: 'mlir-bytecode',
    title: 'MLIR bytecode (StableHLO)',
    kind: 'engine',
    extensions: ['.mlirbc', '.mlir'],
    magic: headIsHex('4d4cef52'),
    danger: 'A program for a compiler.',
  },
  {
    id: 'faiss',
    title: 'Faiss index',
    kind: 'data',
    extensions: ['.faiss', '.index'],
    magic: headMatches(/^I(xF[2Il]|xPT|xMp|xM2|wFl|wPQ|wSQ|HN[fs]|Bx[Ff])/),
    danger: 'Declared sizes may exceed the bytes present.',
  },
  {
    id: 'darknet',
    title: 'Darknet configuration',
    kind: 'model',
    extensions: ['.cfg', '.weights'],
    magic: headMatches(/^(#[^\n]{0,200}\n|\s){0,20}\[net\]/),
    danger: PLAIN,
  },
  {
    id: 'ncnn',
    title: 'ncnn graph',
    kind: 'model',
    extensions: ['.param', '.ncnn'],
    magic: headMatches(/^7767517\r?\n/),
    danger: PLAIN,
  },
  { id: 'mnn', title: 'MNN model', kind: 'model', extensions: ['.mnn'], danger: FLATBUFFER },
  { id: 'tnn', title: 'TNN model', kind: 'model', extensions: ['.tnnproto', '.tnnmodel'], danger: PLAIN },
  { id: 'tengine', title: 'Tengine model', kind: 'model', extensions: ['.tmfile'], danger: PLAIN },
  { id: 'uff', title: 'UFF graph', kind: 'model', extensions: ['.uff'], danger: PLAIN },
  { id: 'rten', title: 'RTen model', kind: 'model', extensions: ['.rten'], magic: headIs('RTEN'), danger: FLATBUFFER },
  {
    id: 'sentis',
    title: 'Unity Sentis or Barracuda model',
    kind: 'model',
    extensions: ['.sentis', '.nn'],
    danger: PLAIN,
  },
  { id: 'mindspore', title: 'MindSpore model', kind: 'model', extensions: ['.mindir', '.ms'], danger: PLAIN },
  { id: 'dlib', title: 'dlib model', kind: 'model', extensions: ['.dat'], danger: PLAIN },
]
