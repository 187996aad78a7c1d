/** Tensors of ONNX models: what is noted of each, sound or not. */
import { checkOnnxCases, type OnnxCase, buildOnnx, graph, rawTensor } from '../../testing/onnx.ts'
import type { Message } from '../../testing/protobuf.ts'

const tensor = (changes: Parameters<typeof rawTensor>[1]): Uint8Array =>
  buildOnnx({ graph: graph([['initializer', rawTensor('t', changes)]]) })
const typed = (fields: Message): Uint8Array =>
  buildOnnx({ graph: graph([['initializer', [...fields, ['name', 't']]]]) })

const CASES: readonly OnnxCase[] = [
  ['raw data that is cut', tensor({ raw_data: Buffer.alloc(7) }), ['onx-tensor-size']],
  ['raw data that is too long', tensor({ raw_data: Buffer.alloc(12) }), ['onx-tensor-size']],
  [
    'no data',
    typed([
      ['dims', 2],
      ['data_type', 1],
    ]),
    ['onx-tensor-size'],
  ],
  [
    'no elements',
    typed([
      ['dims', 0],
      ['data_type', 1],
    ]),
    [],
  ],
  [
    'a scalar',
    typed([
      ['data_type', 1],
      ['float_data', { packed: [1] }],
    ]),
    [],
  ],
  [
    'packed floats',
    typed([
      ['dims', 2],
      ['data_type', 1],
      ['float_data', { packed: [1, 2] }],
    ]),
    [],
  ],
  [
    'packed floats of another number',
    typed([
      ['dims', 3],
      ['data_type', 1],
      ['float_data', { packed: [1, 2] }],
    ]),
    ['onx-tensor-size'],
  ],
  [
    'a run that is no whole number of floats',
    typed([
      ['dims', 2],
      ['data_type', 1],
      ['float_data', Buffer.alloc(7)],
    ]),
    ['pb-length'],
  ],
  [
    'half floats as numbers',
    typed([
      ['dims', 2],
      ['data_type', 10],
      ['int32_data', { packed: [1, 70000] }],
    ]),
    [],
  ],
  [
    'numbers of four bits, two in one',
    typed([
      ['dims', 3],
      ['data_type', 22],
      ['int32_data', { packed: [1, 2] }],
    ]),
    [],
  ],
  [
    'texts',
    typed([
      ['dims', 2],
      ['data_type', 8],
      ['string_data', 'a'],
      ['string_data', 'b'],
    ]),
    [],
  ],
  ['raw texts', tensor({ data_type: 8 }), ['onx-tensor-data']],
  [
    'floats in the field of integers',
    typed([
      ['dims', 1],
      ['data_type', 1],
      ['int64_data', { packed: [1] }],
    ]),
    ['onx-tensor-data'],
  ],
  ['data in two fields', tensor({ float_data: { packed: [1, 2] } }), ['onx-tensor-data']],
  ['an element type that does not exist', tensor({ data_type: 99 }), ['onx-tensor-type']],
  ['the element type 0', tensor({ data_type: 0 }), ['onx-tensor-type']],
  ['a negative dimension', tensor({ dims: -2 }), ['onx-tensor-data']],
  [
    'dimensions that overflow',
    typed([
      ['dims', 2 ** 40],
      ['dims', 2 ** 40],
      ['data_type', 1],
      ['raw_data', Buffer.alloc(8)],
    ]),
    ['onx-tensor-data'],
  ],
  ['a segment', tensor({ segment: [['begin', 0]] }), ['onx-tensor-data']],
  [
    'two initialisers of one name',
    buildOnnx({ graph: graph([['initializer', rawTensor('w')]]) }),
    ['onx-duplicate-tensor'],
  ],
  ['an invisible character in a name', tensor({ name: 't\u202e' }), ['onx-odd-characters']],
]

checkOnnxCases(CASES)
