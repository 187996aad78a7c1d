/**
 * Models of the large frameworks, which later versions will read.
 */
import type { RecognisedFormat } from './recognised-format.ts'
import { headIsHex } from './signatures.ts'

const PLAIN = 'Numbers and names only, as far as the format goes.'

/** See the module. */
export const FRAMEWORK_FORMATS: readonly RecognisedFormat[] = [
  {
    id: 'onnx-external-data',
    title: 'External data of an ONNX model',
    kind: 'model',
    extensions: ['.onnx_data', '.onnx.data'],
    danger: 'Bytes without structure; the model says what they are.',
  },
  {
    id: 'onnx-text',
    title: 'ONNX text or JSON',
    kind: 'model',
    extensions: ['.onnxtxt', '.onnxjson', '.textproto'],
    danger: 'May name files outside its folder.',
  },
  {
    id: 'checkpoint-data',
    title: 'TensorFlow checkpoint data',
    kind: 'model',
    extensions: ['.data-00000-of-00001'],
    danger: 'Bytes without structure; the index says what they are.',
  },
  {
    id: 'ocdbt',
    title: 'OCDBT manifest (Orbax checkpoint)',
    kind: 'model',
    extensions: ['.ocdbt'],
    magic: headIsHex('0cdb3a2a'),
    danger: PLAIN,
  },
  {
    id: 'paddle-other',
    title: 'PaddlePaddle parameters of training, or for mobile',
    kind: 'code-model',
    extensions: ['.pdparams', '.pdopt', '.nb'],
    danger: 'Parameters; those of the older form are a pickle.',
  },
]
