/** Operators and functions of ONNX models: what is noted of each, sound or not. */
import { checkOnnxCases, type OnnxCase, buildOnnx, graph, node, opset } from '../../testing/onnx.ts'
import type { Message } from '../../testing/protobuf.ts'

const nodes = (...list: readonly Message[]): Uint8Array => buildOnnx({ graph: graph([], list) })
const attribute = (fields: Message): Uint8Array => nodes(node('Add', ['x', 'w'], ['y'], [['attribute', fields]]))
const operator = (name: string, more: Message = []): Uint8Array => nodes(node(name, ['x'], ['y'], more))
const named = (name: string, version = 17): Uint8Array =>
  buildOnnx({ graph: graph([], [node(name, ['x'], ['y'])]), tail: [opset(version)] })
const fn = (name: string, body: readonly Message[], more: Message = []): Message[number] => [
  'functions',
  [
    ['name', name],
    ['domain', 'own'],
    ['input', 'x'],
    ['output', 'y'],
    ...body.map((each) => ['node', each] as const),
    opset(17),
    ...more,
  ],
]
const call = (name: string): Message => node(name, ['x'], ['y'], [['domain', 'own']])
const calling = (...functions: Message): Uint8Array =>
  buildOnnx({ graph: graph([], [call('F')]), tail: [opset(17), opset(1, 'own'), ...functions] })
function nested(levels: number): Message {
  const inner: Message =
    levels === 0
      ? [['name', 'leaf']]
      : [
          ['name', 'g'],
          ['node', nested(levels - 1)],
        ]
  return [
    ['op_type', 'If'],
    [
      'attribute',
      [
        ['name', 'then_branch'],
        ['type', 5],
        ['g', inner],
      ],
    ],
  ]
}
/** Calls its successor twice, so that n functions expand to 2^n nodes. */
function doubling(count: number): Message {
  const name = (i: number): string => (i === 0 ? 'F' : `F${i}`)
  return Array.from({ length: count }, (_, i) => {
    const callee = (from: string, to: string): Message => node(name(i + 1), [from], [to], [['domain', 'own']])
    const body = i === count - 1 ? [node('Neg', ['x'], ['y'])] : [callee('x', 'm'), callee('m', 'y')]
    return fn(name(i), body, [opset(1, 'own')])
  })
}
function deepType(levels: number): Message {
  return levels === 0 ? [['denotation', 'x']] : [['sequence_type', [['elem_type', deepType(levels - 1)]]]]
}

const CASES: readonly OnnxCase[] = [
  ['a custom domain', operator('Evil', [['domain', 'com.evil']]), ['onx-custom-domain']],
  [
    'an operator of the runtime',
    buildOnnx({
      graph: graph([], [node('FusedMatMul', ['x', 'w'], ['y'], [['domain', 'com.microsoft']])]),
      tail: [opset(17), opset(1, 'com.microsoft')],
    }),
    [],
  ],
  [
    'an engine in a node',
    buildOnnx({
      graph: graph([], [node('EPContext', ['x'], ['y'], [['domain', 'com.microsoft']])]),
      tail: [opset(17), opset(1, 'com.microsoft')],
    }),
    ['onx-compiled-context'],
  ],
  ['a Python operator', operator('PyOp', [['domain', 'pyop']]), ['onx-custom-domain', 'onx-library']],
  [
    'a library in an attribute',
    attribute([
      ['name', 'lib'],
      ['type', 3],
      ['s', './libevil.so'],
    ]),
    ['onx-library'],
  ],
  [
    'a script in an attribute',
    attribute([
      ['name', 'run'],
      ['type', 3],
      ['s', 'evil.py'],
    ]),
    ['onx-library'],
  ],
  [
    'prose in an attribute',
    attribute([
      ['name', 'mode'],
      ['type', 3],
      ['s', 'see libx.so for it'],
    ]),
    [],
  ],
  [
    'a library in the metadata',
    buildOnnx({
      tail: [
        opset(17),
        [
          'metadata_props',
          [
            ['key', 'k'],
            ['value', 'a/evil.dll'],
          ],
        ],
      ],
    }),
    ['onx-library'],
  ],
  ['an operator that does not exist', named('Evil'), ['onx-operator']],
  ['an operator that is younger', named('Gelu', 17), ['onx-operator']],
  ['the same operator in its version', named('Gelu', 20), []],
  ['an operator that was withdrawn', named('Upsample', 10), ['onx-operator']],
  ['an operator of a newer release', named('Relu', 99), []],
  ['no operator set', buildOnnx({ tail: [] }), ['onx-opset']],
  ['an operator set of version 0', buildOnnx({ tail: [opset(0)] }), ['onx-operator', 'onx-opset']],
  ['operator sets that contradict', buildOnnx({ tail: [opset(17), opset(12)] }), ['onx-opset']],
  ['a domain that is not imported', operator('Scaler', [['domain', 'ai.onnx.ml']]), ['onx-opset']],
  ['a function that calls itself', calling(fn('F', [call('F')], [opset(1, 'own')])), ['onx-function-cycle']],
  ['functions that call each other', calling(fn('F', [call('G')]), fn('G', [call('F')])), ['onx-function-cycle']],
  ['functions that expand to 2^30 nodes', calling(...doubling(31)), ['onx-function-expansion']],
  ['functions in a row', calling(...doubling(8)), []],
  [
    'a function twice',
    calling(fn('F', [node('Neg', ['x'], ['y'])]), fn('F', [node('Neg', ['x'], ['y'])])),
    ['onx-duplicate-name'],
  ],
  [
    'a function that reads what it is not given',
    calling(fn('F', [node('Neg', ['w'], ['y'])])),
    ['onx-undefined-input'],
  ],
  ['graphs in 30 levels', nodes(node('Add', ['x', 'w'], ['y']), nested(30)), ['onx-subgraph-depth']],
  ['graphs in 10 levels', nodes(node('Add', ['x', 'w'], ['y']), nested(10)), []],
  [
    'messages in 120 levels',
    buildOnnx({
      graph: graph([
        [
          'input',
          [
            ['name', 'x2'],
            ['type', deepType(60)],
          ],
        ],
      ]),
    }),
    ['pb-depth'],
  ],
]

checkOnnxCases(CASES)
