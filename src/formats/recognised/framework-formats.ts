/**
 * Models of the large frameworks, which later versions will read.
 */
import type { Predicate, RecognisedFormat } from './recognised-format.ts'
import { all, headIs, headIsHex, headMatches, isNamed } from './signatures.ts'

const FLATBUFFER = 'Its tables may point outside the file; operators outside the standard set need native code.'
const PLAIN = 'Numbers and names only, as far as the format goes.'

/** A map of at least one entry whose first key is a short printable string. */
const isMessagePackMap: Predicate = ({ head }) => {
  const [kind = 0] = head
  const at = kind >= 0x81 && kind <= 0x8f ? 1 : kind === 0xde ? 3 : kind === 0xdf ? 5 : 0
  const key = head[at] ?? 0
  if (at === 0 || key < 0xa1 || key > 0xbf) return false
  return head.subarray(at + 1, at + 1 + (key & 31)).every((byte) => byte >= 0x20 && byte < 0x7f)
}

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
    id: 'ort',
    title: 'ONNX Runtime model',
    kind: 'model',
    extensions: ['.ort'],
    magic: headIs('ORTM', 4),
    danger: FLATBUFFER,
  },
  {
    id: 'checkpoint-data',
    title: 'TensorFlow checkpoint data',
    kind: 'model',
    extensions: ['.data-00000-of-00001'],
    danger: 'Bytes without structure; the index says what they are.',
  },
  {
    id: 'tflite',
    title: 'TensorFlow Lite',
    kind: 'model',
    extensions: ['.tflite', '.lite', '.litert'],
    magic: headIs('TFL3', 4),
    danger: FLATBUFFER,
  },
  {
    id: 'litert-lm',
    title: 'LiteRT-LM bundle',
    kind: 'model',
    extensions: ['.litertlm'],
    magic: headIs('LITERTLM'),
    danger: FLATBUFFER,
  },
  {
    id: 'executorch',
    title: 'ExecuTorch program',
    kind: 'engine',
    extensions: ['.pte', '.ptd'],
    magic: headMatches(/^[^]{4}E[TD]\d\d/),
    danger: 'A compiled program; delegates may carry native code.',
  },
  {
    id: 'flax',
    title: 'Flax weights (MessagePack)',
    kind: 'model',
    extensions: ['.msgpack', '.mpk'],
    structure: all(isMessagePackMap, isNamed('.msgpack', '.mpk')),
    danger: 'Declared lengths may exceed the bytes present.',
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
    id: 'openvino',
    title: 'OpenVINO graph',
    kind: 'model',
    extensions: ['.xml'],
    structure: headMatches(/^(\xef\xbb\xbf)?\s{0,64}(<\?xml[^>]{0,200}\?>\s{0,64})?<net\s[^>]{0,400}version=/),
    danger: 'May name layers that need a native extension.',
  },
  {
    id: 'paddle-other',
    title: 'PaddlePaddle parameters of training, or for mobile',
    kind: 'code-model',
    extensions: ['.pdparams', '.pdopt', '.nb'],
    danger: 'Parameters; those of the older form are a pickle.',
  },
]
