/** Graphs, and the message that holds them: what is noted of each, sound or not. */
import { checkOnnxCases, type OnnxCase, buildOnnx, graph, node, opset, valueInfo } from '../../testing/onnx.ts'
import type { Message } from '../../testing/protobuf.ts'

const nodes = (...list: readonly Message[]): Uint8Array => buildOnnx({ graph: graph([], list) })
const attribute = (fields: Message): Uint8Array => nodes(node('Add', ['x', 'w'], ['y'], [['attribute', fields]]))

const CASES: readonly OnnxCase[] = [
  ['a value that nothing defines', nodes(node('Add', ['x', 'q'], ['y'])), ['onx-undefined-input']],
  [
    'a value that is defined later',
    nodes(node('Neg', ['z'], ['y']), node('Neg', ['x'], ['z'])),
    ['onx-undefined-input'],
  ],
  [
    'a value that two nodes define',
    nodes(node('Neg', ['x'], ['y']), node('Neg', ['x'], ['y'])),
    ['onx-duplicate-name'],
  ],
  ['a node that defines an input', nodes(node('Neg', ['w'], ['x']), node('Neg', ['w'], ['y'])), ['onx-duplicate-name']],
  [
    'a node without operator',
    nodes([
      ['input', 'x'],
      ['output', 'y'],
    ]),
    ['onx-missing'],
  ],
  [
    'a graph without a name',
    buildOnnx({
      graph: [
        ['node', node('Neg', ['x'], ['y'])],
        ['input', valueInfo('x')],
      ],
    }),
    ['onx-missing'],
  ],
  ['the IR version 0', buildOnnx({ head: [['ir_version', 0]] }), ['onx-missing']],
  [
    'an attribute of another kind',
    attribute([
      ['name', 'a'],
      ['type', 1],
      ['i', 1],
    ]),
    ['onx-attribute'],
  ],
  [
    'an attribute with two values',
    attribute([
      ['name', 'a'],
      ['i', 1],
      ['f', 1],
    ]),
    ['onx-attribute'],
  ],
  [
    'an attribute of a type that does not exist',
    attribute([
      ['name', 'a'],
      ['type', 77],
    ]),
    ['onx-attribute'],
  ],
  [
    'an attribute without a name',
    attribute([
      ['type', 2],
      ['i', 1],
    ]),
    ['onx-missing'],
  ],
  [
    'an element type of a value that does not exist',
    buildOnnx({
      graph: graph([
        [
          'input',
          [
            ['name', 'z'],
            ['type', [['tensor_type', [['elem_type', 99]]]]],
          ],
        ],
      ]),
    }),
    ['onx-value-type'],
  ],
  ['two graphs', buildOnnx({ tail: [opset(17), ['graph', graph()]] }), ['pb-repeated']],
  ['an unknown field', Buffer.concat([buildOnnx(), Buffer.from('9a3f03616263', 'hex')]), ['pb-unknown-field']],
  ['a group', Buffer.concat([buildOnnx(), Buffer.from('eb07ec07', 'hex')]), ['pb-tag']],
  ['the field 0', Buffer.concat([buildOnnx(), Buffer.from('0000', 'hex')]), ['pb-tag']],
  [
    'a number of eleven bytes',
    Buffer.concat([buildOnnx(), Buffer.from('08ffffffffffffffffffff01', 'hex')]),
    ['pb-tag'],
  ],
  ['a field of another wire type', Buffer.concat([buildOnnx(), Buffer.from('4001', 'hex')]), ['pb-wire-type']],
  ['bytes behind it', Buffer.concat([buildOnnx(), Buffer.from('PK\u0003\u0004')]), ['pb-tag', 'pb-unknown-field']],
]

checkOnnxCases(CASES)
