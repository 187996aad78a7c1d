/** What is to be said of each way in which a Keras configuration can reach beyond a model, and of what only looks so. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attributesFile } from '../../testing/hdf5.ts'
import { readBytes } from '../../testing/read-bytes.ts'
import { hdf5Reader } from '../hdf5/index.ts'
import { kerasConfigReader } from './index.ts'

type Json = Readonly<Record<string, unknown>>

/** An object as Keras 3 writes it. */
function made(module: string | null, className: string, config: unknown = {}, more: Json = {}): Json {
  return { module, class_name: className, config, registered_name: null, ...more }
}

/** A model with these layers. */
function model(...layers: readonly unknown[]): Json {
  return made('keras', 'Sequential', { name: 'm', layers })
}

/** A model as Keras 2 wrote it. */
function oldModel(...layers: readonly unknown[]): Json {
  return { class_name: 'Sequential', config: { name: 'm', layers } }
}

function dense(changes: Json = {}): Json {
  return made('keras.layers', 'Dense', { units: 2, activation: 'relu', ...changes })
}

function functionOf(module: string, name: string, registered = 'function'): Json {
  return made(module, 'function', name, { registered_name: registered })
}

const BYTECODE = { code: '4wEAAAAAAAAA', defaults: null, closure: null }
const LAMBDA = made('keras.layers', 'Lambda', { function: { class_name: '__lambda__', config: BYTECODE } })
const SUB = functionOf('subprocess', 'Popen')

const CASES: readonly (readonly [about: string, config: Json, codes: readonly string[]])[] = [
  // Models.
  ['layers of Keras 3', model(made('keras.layers', 'InputLayer'), dense()), []],
  ['layers of Keras 2', oldModel({ class_name: 'Dense', config: {} }, { class_name: 'CuDNNLSTM', config: {} }), []],
  ['a functional model', made('keras.src.models.functional', 'Functional', {}, { registered_name: 'Functional' }), []],
  ['a functional model of Keras 2.13', made('keras.src.engine.functional', 'Functional'), []],
  ['a model of tf.keras', model(made('tensorflow.keras.layers', 'Dense'), made('tf_keras.src.layers', 'GRU')), []],
  ['an operation as a layer', model(made('keras.src.ops.numpy', 'Add', {}, { registered_name: 'Add' })), []],
  ['an activation as a function', model(dense({ activation: functionOf('builtins', 'relu') })), []],
  ['an operation as an activation', model(dense({ activation: functionOf('keras.ops', 'sqrt') })), []],
  ['a wrapper', model(made('keras.layers', 'Bidirectional', { layer: made('keras.layers', 'LSTM') })), []],
  [
    'an optimiser of a backend',
    { ...model(), compile_config: { optimizer: made('keras.src.backend.jax.optimizers', 'Adam') } },
    [],
  ],
  ['values of arrays', model({ class_name: '__numpy__', config: { value: [1], dtype: 'int32' } }), []],
  ['a list as a vocabulary', model(made('keras.layers', 'StringLookup', { vocabulary: ['/a', '/b'] })), []],
  ['an operation of TensorFlow', oldModel({ class_name: 'TFOpLambda', config: { function: 'math.add' } }), []],
  ['a layer that is called lambda', model(dense({ name: 'lambda' })), []],
  ['an optimiser of tf.keras', oldModel({ class_name: 'Custom>Adam', config: {} }), []],
  // CVE-2024-3660, CVE-2025-9905.
  ['a Lambda layer', model(LAMBDA), ['krs-lambda']],
  [
    'a Lambda layer of Keras 2',
    oldModel({ class_name: 'Lambda', config: { function: ['4wEA', null, null] } }),
    ['krs-lambda'],
  ],
  ['a Lambda layer in a wrapper', model(made('keras.layers', 'TimeDistributed', { layer: LAMBDA })), ['krs-lambda']],
  ['a Lambda layer in a model in a model', model(model(model(LAMBDA))), ['krs-lambda']],
  [
    'bytecode as an activation',
    model(dense({ activation: { class_name: '__lambda__', config: BYTECODE } })),
    ['krs-lambda'],
  ],
  [
    'bytecode as a loss',
    { ...model(), compile_config: { loss: { class_name: '__lambda__', config: BYTECODE } } },
    ['krs-lambda'],
  ],
  // CVE-2025-1550.
  ['a function of the system', model(SUB), ['krs-foreign-class']],
  [
    'a function of the system as an activation',
    model(dense({ activation: functionOf('os', 'system') })),
    ['krs-foreign-class'],
  ],
  [
    'a function of the system in arguments of a node',
    { ...dense(), inbound_nodes: [{ args: [SUB], kwargs: {} }] },
    ['krs-foreign-class'],
  ],
  ['a function of the system to build with', { ...dense(), build_config: { a: [{ b: SUB }] } }, ['krs-foreign-class']],
  ['exec by its name', model(functionOf('builtins', 'relu', 'exec')), ['krs-foreign-class']],
  ['a class of another library', model(made('torch.hub', 'load')), ['krs-foreign-class']],
  ['a module below one of Python', model(made('importlib.util', 'module_from_spec')), ['krs-foreign-class']],
  // CVE-2025-8747, CVE-2025-9906.
  ['get_file', model(made('keras.utils', 'get_file', { origin: 'x' })), ['krs-tool']],
  [
    'get_file as a function',
    model(made('keras.layers', 'Activation', { activation: functionOf('keras.utils', 'get_file') })),
    ['krs-tool'],
  ],
  ['the switch of safe mode', model(functionOf('keras.config', 'enable_unsafe_deserialization')), ['krs-tool']],
  [
    'the switch of safe mode in its own module',
    model(made('keras.src.saving.serialization_lib', 'enable_unsafe_deserialization')),
    ['krs-tool'],
  ],
  ['a module of tools', model(made('keras.src.utils.file_utils', 'anything')), ['krs-tool']],
  ['load_model', model(functionOf('keras.models', 'load_model')), ['krs-tool']],
  [
    'the global state',
    model(functionOf('keras.src.backend.common.global_state', 'set_global_attribute')),
    ['krs-tool'],
  ],
  [
    'a file operation of TensorFlow',
    oldModel({ class_name: 'TFOpLambda', config: { function: 'io.write_file' } }),
    ['krs-tool'],
  ],
  [
    'a file operation in a graph node',
    oldModel({ class_name: 'TensorFlowOpLayer', config: { node_def: 'op: "ReadFile"' } }),
    ['krs-tool'],
  ],
  // CVE-2025-49655, CVE-2026-1462.
  ['a layer of PyTorch', model(made('keras.layers', 'TorchModuleWrapper', { module: 'UEsDBA==' })), ['krs-loader']],
  ['a layer of a SavedModel', model(made('keras.layers', 'TFSMLayer', { filepath: 'saved' })), ['krs-loader']],
  [
    'a layer of a SavedModel elsewhere',
    model(made('keras.layers', 'TFSMLayer', { filepath: '/tmp/x' })),
    ['krs-loader', 'krs-path'],
  ],
  ['a layer of Flax', model(made('keras.layers', 'FlaxLayer')), ['krs-loader']],
  [
    'a layer of TensorFlow Hub',
    oldModel({ class_name: 'KerasLayer', config: { handle: 'https://x/y' } }),
    ['krs-loader', 'krs-path'],
  ],
  // Code of the importer.
  ['a registered layer', model(made(null, 'Mine', {}, { registered_name: 'my>Mine' })), ['krs-custom']],
  ['a layer of a script', model(made('__main__', 'Mine', {}, { registered_name: 'Mine' })), ['krs-custom']],
  ['a layer of a package', model(made('keras_hub.src.layers', 'ReversibleEmbedding2')), ['krs-custom']],
  [
    'a known class under another registered name',
    model(dense({}), { ...dense(), registered_name: 'x>Dense' }),
    ['krs-custom'],
  ],
  ['a registered layer of an old model', oldModel({ class_name: 'Custom>Mine', config: {} }), ['krs-custom']],
  ['an old layer that nobody knows', oldModel({ class_name: 'Mine', config: {} }), ['krs-custom']],
  ['a class of a later Keras', model(made('keras.layers', 'NotYetThere')), ['krs-unknown-class']],
  // CVE-2025-12058.
  ['a vocabulary elsewhere', model(made('keras.layers', 'StringLookup', { vocabulary: '/etc/hosts' })), ['krs-path']],
  [
    'a vocabulary from the network',
    model(made('keras.layers', 'TextVectorization', { vocabulary: 'https://a/b' })),
    ['krs-path'],
  ],
  ['a vocabulary above', model(made('keras.layers', 'IndexLookup', { vocabulary: 'a/../../b' })), ['krs-path']],
  ['no model', { layers: [] }, ['krs-no-object']],
]

for (const [about, config, codes] of CASES) {
  test(`kerasConfigReader.read() says of ${about}: ${codes.join(', ') || 'nothing'}`, () => {
    const read = readBytes(kerasConfigReader, Buffer.from(JSON.stringify(config)))
    assert.deepEqual(read.codes.toSorted(), codes)
    assert.equal(read.facts.reading, codes.includes('krs-no-object') ? 'unread' : 'full')
  })

  test(`hdf5Reader.read() says the same of ${about} in an attribute`, () => {
    const read = readBytes(hdf5Reader, attributesFile({ model_config: JSON.stringify(config) }))
    assert.deepEqual(read.codes.toSorted(), [...codes, 'krs-legacy'].toSorted())
    assert.equal(read.facts.format, 'keras-h5')
  })
}

test('hdf5Reader.read() looks at how a model is trained', () => {
  const training = JSON.stringify({ loss: SUB, optimizer_config: { class_name: 'Adam', config: {} } })
  const bytes = attributesFile({ model_config: JSON.stringify(model()), training_config: training })
  assert.deepEqual(readBytes(hdf5Reader, bytes).codes, ['krs-legacy', 'krs-foreign-class'])
})

test('hdf5Reader.read() leaves a model unread whose configuration is broken', () => {
  for (const text of ['{"class_name": "Sequential"', '[]', '']) {
    const { facts } = readBytes(hdf5Reader, attributesFile({ model_config: text }))
    assert.equal(facts.reading, 'unread', text)
  }
})

test('kerasConfigReader.read() names what a function of a Lambda layer names', () => {
  const code = Buffer.from('\xe3\0\0\xda\x02os\xda\x06system\xfa\x05idNo', 'latin1').toString('base64')
  const lambda = made('keras.layers', 'Lambda', { function: { class_name: '__lambda__', config: { code } } })
  const { facts } = readBytes(kerasConfigReader, Buffer.from(JSON.stringify(model(lambda))))
  assert.match(facts.anomalies[0]?.message ?? '', /"os", "system"/)
})

/** What CPython 3.11 marshals of a function of one argument that imports os and calls os.system('id'). */
const MARSHALLED =
  '4wEAAAAAAAAAAAAAAAMAAAADAAAA8zgAAACXAGQBZABsAH0BfAGgAQAAAAAAAAAAAAAAAAAAAAAAAAAAZAKmAQAAqwEAAAAAAAAAAAEAfABTACkDTukAAAAA2gJpZCkC2gJvc9oGc3lzdGVtKQLaAXhyBAAAAHMCAAAAICD6Cy90bXAvbGFtLnB52gFmcggAAAACAAAAcx8AAACAANgEDYBJgEmASdgEBodJgkmIZIFPhE+AT9gLDIBI8wAAAAA='

test('kerasConfigReader.read() says what the marshalled function of a Lambda layer reaches', () => {
  const lambda = made('keras.layers', 'Lambda', {
    function: { class_name: '__lambda__', config: { code: MARSHALLED } },
  })
  const { facts } = readBytes(kerasConfigReader, Buffer.from(JSON.stringify(model(lambda))))
  assert.match(facts.anomalies[0]?.message ?? '', /191 bytes, that reach os\.system, with the names "os", "system"/)
})

test('kerasConfigReader.read() notes keys that stand twice, of which readers take one or the other', () => {
  const text = JSON.stringify(model(dense())).replace('"units":2', '"units":2,"units":3')
  assert.deepEqual(readBytes(kerasConfigReader, Buffer.from(text)).codes, ['json-duplicate-key'])
})

test('kerasConfigReader.read() goes no deeper than the budget allows', () => {
  const deep = `${'{"class_name":"Sequential","config":'.repeat(200)}{}${'}'.repeat(200)}`
  assert.throws(() => readBytes(kerasConfigReader, Buffer.from(deep)), { code: 'budget-depth' })
})

test('kerasConfigReader.sniff() wants an object that names a class', () => {
  const sniff = (text: string) =>
    kerasConfigReader.sniff({
      path: 'config.json',
      size: text.length,
      head: Buffer.from(text),
      tail: Buffer.from(text),
    })
  assert.equal(sniff(JSON.stringify(model())), 'structure')
  assert.equal(sniff(JSON.stringify(oldModel())), 'structure')
  assert.equal(sniff('{"model_type":"llama"}'), null)
  assert.equal(sniff('{"class_name":"Other","module":"other","config":{}}'), null)
})
