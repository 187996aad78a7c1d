import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encode, type Message } from '../../testing/protobuf.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import {
  buildGraph,
  buildSavedModel,
  constant,
  entry,
  functionDef,
  graphDef,
  nodeDef,
  textConstant,
} from '../../testing/tensorflow.ts'
import type { FormatReader } from '../reader.ts'
import { tensorflowReaders } from './index.ts'
import { TENSORFLOW_SCHEMA } from './schema.ts'

function readerOf(format: string): FormatReader {
  return tensorflowReaders.find((reader) => reader.format === format) ?? assert.fail(format)
}

const savedModel = readerOf('tf-saved-model')
const graphs = readerOf('tf-graphdef')
const call: Message = nodeDef('call', 'StatefulPartitionedCall', { attr: { f: [['func', [['name', 'body']]]] } })
const sound = buildSavedModel(
  graphDef(
    [constant('w'), nodeDef('x', 'Placeholder'), nodeDef('y', 'MatMul', { input: ['x', 'w'] }), call],
    [functionDef('body', [nodeDef('r', 'RestoreV2'), nodeDef('m', 'MergeV2Checkpoints')])],
  ),
  [
    ['saver_def', [['restore_op_name', 'call']]],
    ['signature_def', entry('__saved_model_init_op', [['outputs', entry('out', [['name', 'call:0']])]])],
    ['asset_file_def', [['filename', 'vocab.txt']]],
  ],
)
const write = nodeDef('w', 'WriteFile')
const hiding = buildGraph(graphDef([write]))

/** A graph or a saved model, and the anomalies that it must have, in the order of the alphabet. */
const CASES: readonly (readonly [about: string, bytes: Uint8Array, codes: readonly string[]])[] = [
  ['a sound model', sound, []],
  ['a file operator in the graph', buildSavedModel(graphDef([write])), ['tfg-file']],
  [
    'a file operator in a function',
    buildSavedModel(graphDef([call], [functionDef('body', [write])])),
    ['tfg-file', 'tfg-hidden'],
  ],
  ['a Python operator', buildSavedModel(graphDef([nodeDef('p', 'EagerPyFunc')])), ['tfg-python']],
  [
    'a graph in an attribute',
    buildSavedModel(graphDef([nodeDef('d', 'DatasetFromGraph', { attr: { graph: [['s', hiding]] } })])),
    ['tfg-file', 'tfg-hidden'],
  ],
  ['a graph in a text constant', buildSavedModel(graphDef([textConstant('g', hiding)])), ['tfg-file', 'tfg-hidden']],
  [
    'a graph in a list',
    buildSavedModel(
      graphDef([
        nodeDef('d', 'NoOp', {
          attr: {
            l: [
              [
                'list',
                [
                  ['s', 'a'],
                  ['s', hiding],
                ],
              ],
            ],
          },
        }),
      ]),
    ),
    ['tfg-file', 'tfg-hidden'],
  ],
  [
    'a graph in a graph in a graph',
    buildSavedModel(graphDef([textConstant('g', buildGraph(graphDef([textConstant('h', hiding)])))])),
    ['tfg-file', 'tfg-hidden'],
  ],
  ['words in a text constant', buildSavedModel(graphDef([textConstant('g', 'WriteFile and PyFunc')])), []],
  ['a database', buildSavedModel(graphDef([nodeDef('s', 'SqlDataset')])), ['tfg-network']],
  ['a debugger', buildSavedModel(graphDef([nodeDef('d', 'DebugIdentityV2')])), ['tfg-network']],
  ['an unknown operator', buildSavedModel(graphDef([nodeDef('e', 'EvilOp')])), ['tfg-operator']],
  [
    'a function as an operator',
    buildSavedModel(graphDef([nodeDef('b', 'body')], [functionDef('body', [constant('c')])])),
    [],
  ],
  [
    'printing to a file',
    buildSavedModel(graphDef([nodeDef('p', 'PrintV2', { attr: { output_stream: [['s', 'file:///tmp/x']] } })])),
    ['tfg-file'],
  ],
  [
    'printing to the terminal',
    buildSavedModel(graphDef([nodeDef('p', 'PrintV2', { attr: { output_stream: [['s', 'stderr']] } })])),
    [],
  ],
  [
    'a library in an attribute',
    buildSavedModel(graphDef([nodeDef('n', 'NoOp', { attr: { lib: [['s', './evil.so']] } })])),
    ['tfg-library'],
  ],
  [
    'an asset outside',
    buildSavedModel(graphDef([constant('c')]), [['asset_file_def', [['filename', '../../x']]]]),
    ['tfg-asset-path'],
  ],
  [
    'initialising that writes',
    buildSavedModel(graphDef([write, nodeDef('i', 'NoOp', { input: ['^w'] })]), [
      ['collection_def', entry('saved_model_main_op', [['node_list', [['value', 'i']]]])],
    ]),
    ['tfg-file', 'tfg-load-effect'],
  ],
  [
    'restoring that writes in a function',
    buildSavedModel(graphDef([call], [functionDef('body', [write])]), [['saver_def', [['restore_op_name', 'call']]]]),
    ['tfg-file', 'tfg-hidden', 'tfg-load-effect'],
  ],
  ['a constant that is cut', buildSavedModel(graphDef([constant('c', Buffer.alloc(7))])), ['tfg-tensor-size']],
  [
    'a Lambda layer',
    buildSavedModel(graphDef([constant('c')]), [
      [
        'object_graph_def',
        [
          [
            'nodes',
            [
              [
                'user_object',
                [
                  ['identifier', '_tf_keras_layer'],
                  ['metadata', '{"class_name": "Lambda", "config": {}}'],
                ],
              ],
            ],
          ],
        ],
      ],
    ]),
    ['tfg-keras-code'],
  ],
  [
    'a Dense layer',
    buildSavedModel(graphDef([constant('c')]), [
      [
        'object_graph_def',
        [
          [
            'nodes',
            [
              [
                'user_object',
                [
                  ['identifier', '_tf_keras_layer'],
                  ['metadata', '{"class_name": "Dense"}'],
                ],
              ],
            ],
          ],
        ],
      ],
    ]),
    [],
  ],
  [
    'an attribute twice',
    buildSavedModel(
      graphDef([
        [
          ['name', 'n'],
          ['op', 'NoOp'],
          ['attr', entry('a', [['i', 1]])],
          ['attr', entry('a', [['i', 2]])],
        ],
      ]),
    ),
    ['pb-duplicate-key'],
  ],
  [
    'a function twice',
    buildSavedModel(graphDef([call], [functionDef('body', []), functionDef('body', [])])),
    ['pb-duplicate-key'],
  ],
  ['no meta graph', Buffer.from('0801', 'hex'), ['tfg-missing']],
]

for (const [about, bytes, expected] of CASES) {
  test(`tensorflowReaders note ${expected.join(' and ') || 'nothing'} of ${about}`, () => {
    const { codes, facts, accounting } = readBytes(savedModel, bytes, { path: 'saved_model.pb' })
    assert.deepEqual([...codes].toSorted(), expected, JSON.stringify(facts.anomalies))
    assert.ok(accounting.complete || facts.reading !== 'full', 'bytes are left')
    if (expected.length === 0) assert.equal(facts.reading, 'full')
  })
}

test('tensorflowReaders put the constants of a graph into the table, where their bytes are', () => {
  const { facts } = readBytes(savedModel, sound, { path: 'saved_model.pb' })
  const [tensor] = facts.tensors
  assert.deepEqual([facts.tensors.length, tensor?.name, tensor?.type, tensor?.shape], [1, 'w', 'F32', [2]])
  assert.deepEqual([...sound.subarray(tensor?.offset, (tensor?.offset ?? 0) + 8)], [1, 2, 3, 4, 5, 6, 7, 8])
})

test('tensorflowReaders know graphs whose fields stand in another order, and no file by a common ending alone', () => {
  const late: Message = [
    ['versions', [['producer', 1]]],
    [
      'node',
      [
        ['op', 'WriteFile'],
        ['name', 'w'],
      ],
    ],
  ]
  const glimpsed = glimpse(buildGraph(late), 'x.bin')
  assert.equal(graphs.sniff(glimpsed), 'structure')
  assert.deepEqual(readBytes(graphs, buildGraph(late)).codes, ['tfg-file'])
  for (const path of ['words.pb', 'words.meta'])
    assert.ok(
      tensorflowReaders.every((reader) => reader.sniff(glimpse(Buffer.from('words of no format'), path)) === null),
    )
})

test('tensorflowReaders read the marker of a module of TensorFlow Hub', () => {
  const bytes = Buffer.from('0803', 'hex')
  const reader = readerOf('tf-hub-module')
  assert.equal(reader.sniff(glimpse(bytes, 'm/tfhub_module.pb')), 'structure')
  assert.deepEqual(
    [readBytes(reader, bytes).facts.reading, readBytes(reader, bytes).accounting.complete],
    ['full', true],
  )
})

test('tensorflowReaders know each kind of file by its structure', () => {
  const graph = buildGraph(graphDef([constant('c')]))
  const meta = encode(TENSORFLOW_SCHEMA, 'MetaGraphDef', [
    [
      'meta_info_def',
      [
        ['stripped_op_list', [['op', [['name', 'Const']]]]],
        ['tags', 'train'],
      ],
    ],
    ['graph_def', graphDef([constant('c')])],
  ])
  const keras = encode(TENSORFLOW_SCHEMA, 'SavedMetadata', [
    [
      'nodes',
      [
        ['node_id', 0],
        ['node_path', 'root'],
        ['identifier', '_tf_keras_model'],
        ['metadata', '{"class_name":"Lambda"}'],
      ],
    ],
  ])
  const known = (bytes: Uint8Array, path: string): string | undefined =>
    tensorflowReaders.find((reader) => reader.sniff(glimpse(bytes, path)) === 'structure')?.format
  assert.deepEqual(
    [known(sound, 'a'), known(graph, 'b'), known(meta, 'c'), known(keras, 'd'), known(Buffer.from('words'), 'e.pb')],
    ['tf-saved-model', 'tf-graphdef', 'tf-metagraph', 'tf-keras-metadata', undefined],
  )
  assert.deepEqual(readBytes(readerOf('tf-metagraph'), meta).codes, [])
  assert.deepEqual(readBytes(readerOf('tf-keras-metadata'), keras).codes, ['tfg-keras-code'])
  assert.deepEqual(readBytes(graphs, graph).facts.reading, 'full')
})
