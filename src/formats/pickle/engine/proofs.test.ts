import assert from 'node:assert/strict'
import { test } from 'node:test'
import { analyse, P2, realVectors, stream, text } from '../../../testing/pickles.ts'

const VECTORS = realVectors()

for (const { name, verdict, bytes, context } of VECTORS) {
  test(`analysePickle() proves what real producers write: ${name}`, () => {
    const analysis = analyse(bytes, context)
    const { failing, canonical } = analysis.proof
    assert.deepEqual([analysis.anomalies, failing, analysis.verdict, canonical], [[], undefined, verdict, true])
    assert.equal(analysis.end, bytes.length)
  })
}

const EMPTY_OD = 'ccollections\nOrderedDict\n)R'
const dtype = (code: string): Uint8Array => stream('cnumpy\ndtype\n', text(code), [0x89, 0x88, 0x87], 'R')
const dtypeState = (size: string, flags: readonly number[]): Uint8Array =>
  stream('(K', [3], text('<'), 'NNNJ', Buffer.from(size, 'hex'), 'J', [255, 255, 255, 255], 'K', flags, 'tb')
const F4 = stream(dtype('f4'), dtypeState('ffffffff', [0]))
const array = (type: Uint8Array, ...raw: readonly Uint8Array[]): Uint8Array =>
  stream(
    P2,
    'cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK',
    [0, 0x85],
    'U\x01b',
    [0x87],
    'R(K',
    [1, 0x4b, 2, 0x85],
    type,
    [0x89],
    ...raw,
    'tb.',
  )
const storage = (elements: number): Uint8Array =>
  stream('(', text('storage'), 'ctorch\nFloatStorage\n', text('0'), text('cpu'), 'K', [elements], 'tQ')
const tensor = (offset: number, size: number, stride: number, hooks = EMPTY_OD): Uint8Array =>
  stream(
    P2,
    'ctorch._utils\n_rebuild_tensor_v2\n(',
    storage(4),
    'K',
    [offset],
    'K',
    [size, 0x85],
    'K',
    [stride, 0x85, 0x89],
    hooks,
    'tR.',
  )

test('analysePickle() proves hand-made streams of the same forms, which the attacks below change', () => {
  assert.equal(analyse(array(F4, stream('U\x0812345678'))).verdict, 'proved')
  const { verdict, tensors } = analyse(tensor(0, 4, 1), { persistent: 'torch', storageBytes: () => 16 })
  assert.equal(verdict, 'proved')
  assert.deepEqual(tensors, [
    { name: '', storage: '0', type: 'F32', offset: 0, shape: [4], strides: [1], requiresGrad: false },
  ])
})

const torch = { persistent: 'torch', storageBytes: (key: string) => (key === '0' ? 16 : undefined) } as const
type Attack = readonly [what: string, bytes: Uint8Array, code: string | undefined, context?: typeof torch]
const ATTACKS: readonly Attack[] = [
  [
    'a subclass of an array',
    stream(P2, 'cnumpy.core.multiarray\n_reconstruct\nchostile\nArray\nK', [0, 0x85], 'U\x01b', [0x87], 'R.'),
    undefined,
  ],
  [
    'a reconstructor with another base',
    stream('ccopy_reg\n_reconstructor\n(ccollections\nOrderedDict\nc__builtin__\ndict\n(dtR.'),
    'pkl-signature',
  ],
  [
    'an array of objects out of bytes',
    array(stream(dtype('O8'), dtypeState('ffffffff', [63])), stream('U\x1012345678abcdefgh')),
    'pkl-signature',
  ],
  [
    'numbers with the flags of objects',
    array(stream(dtype('f4'), dtypeState('ffffffff', [63])), stream('U\x0812345678')),
    'pkl-signature',
  ],
  ['an array of more bytes than it is given', array(F4, stream('U\x041234')), 'pkl-signature'],
  ['a factory that is no type of data', stream('ccollections\ndefaultdict\n(cos\nsystem\ntR.'), 'pkl-executes-code'],
  ['a factory that is a listed function', stream('ccollections\ndefaultdict\n(c_codecs\nencode\ntR.'), 'pkl-signature'],
  ['functools.partial', stream('cfunctools\npartial\n(c__builtin__\nlist\ntR.'), 'pkl-resolver'],
  [
    'getattr of what is no enumeration',
    stream('c__builtin__\ngetattr\n(ccollections\nOrderedDict\n', text('fromkeys'), 'tR.'),
    'pkl-resolver',
  ],
  ['getattr that is only named', stream('c__builtin__\ngetattr\n.'), 'pkl-resolver'],
  [
    'a hook in a state',
    stream(P2, 'ccollections\nOrderedDict\n)R}', text('__setstate__'), 'c__builtin__\nlist\nsb.'),
    'pkl-signature',
  ],
  [
    'a class in a state',
    stream(P2, 'cargparse\nNamespace\n)', [0x81], '}', text('__class__'), 'c__builtin__\nlist\nsb.'),
    'pkl-signature',
  ],
  ['a state with slots', stream(P2, 'cargparse\nNamespace\n)', [0x81], '}}', [0x86], 'b.'), 'pkl-signature'],
  ['a state for a class', stream('ccollections\nOrderedDict\n(db.'), 'pkl-wrong-target'],
  ['a codec that imports a module', stream('c_codecs\nencode\n(', text('x'), text('rot13'), 'tR.'), 'pkl-signature'],
  [
    'a text that scipy would run',
    stream(
      P2,
      'cscipy.stats._continuous_distns\nnorm_gen\n)',
      [0x81],
      '}',
      text('_parse_arg_template'),
      text('import os'),
      'sb.',
    ),
    'pkl-executes-code',
  ],
  [
    'a method of a distribution that its state replaces',
    stream(
      P2,
      'cscipy.stats._continuous_distns\nnorm_gen\n)',
      [0x81],
      '}',
      text('_attach_methods'),
      'ccollections\nOrderedDict\nsb.',
    ),
    'pkl-signature',
  ],
  [
    'a type of no size',
    array(stream(dtype('V8'), dtypeState('ffffffff', [0])), stream('U\x0812345678')),
    'pkl-signature',
  ],
  [
    'bytes out of a text that has none',
    stream('c_codecs\nencode\n(', text('\u0394'), text('latin1'), 'tR.'),
    'pkl-signature',
  ],
  ['a string of Python 2 that is not ASCII', stream('U\x01\xfc.'), undefined],
  ['a call whose result is called', stream('ccollections\nOrderedDict\n(tR(tR.'), undefined],
  ['a tensor with hooks', tensor(0, 4, 1, `${EMPTY_OD}K\u0001K\u0002s`), 'pkl-signature', torch],
  ['a tensor beyond its storage by its size', tensor(0, 5, 1), 'pkl-tensor', torch],
  ['a tensor beyond its storage by its stride', tensor(0, 2, 4), 'pkl-tensor', torch],
  ['a tensor beyond its storage by its offset', tensor(1, 4, 1), 'pkl-tensor', torch],
  ['a storage larger than its record', stream(P2, storage(5), '.'), 'pkl-tensor', torch],
  [
    'a storage without a record',
    stream(P2, '(', text('storage'), 'ctorch\nFloatStorage\n', text('7'), text('cpu'), 'K', [4], 'tQ.'),
    'pkl-persistent-id',
    torch,
  ],
  ['a persistent id that is a number', stream(P2, 'K', [1], 'Q.'), 'pkl-persistent-id', torch],
  [
    'a persistent id of a class that is no storage',
    stream(P2, '(', text('storage'), 'cos\nsystem\n', text('0'), text('cpu'), 'K', [4], 'tQ.'),
    'pkl-executes-code',
    torch,
  ],
  [
    'a type that is rebuilt by something else',
    stream(P2, 'ctorch._tensor\n_rebuild_from_type_v2\n(c__builtin__\neval\nctorch\nTensor\n(', text('1'), 't}tR.'),
    'pkl-executes-code',
    torch,
  ],
  [
    'a Fraction that is multiplied out',
    stream(P2, 'cfractions\nFraction\n', text('1e100000000'), [0x85], 'R.'),
    'pkl-signature',
  ],
  [
    'a wrapper of joblib that makes something else',
    stream(P2, 'cjoblib.numpy_pickle\nNumpyArrayWrapper\n)', [0x81], '}', text('subclass'), 'cos\nsystem\nsb.'),
    'pkl-executes-code',
  ],
  ['arguments that are a list', stream('ccollections\nOrderedDict\n(lR.'), undefined],
  ['a hidden call', stream('cmylib\nmake\n(tR0N.'), 'pkl-unlisted-called'],
  ['a call whose result is hidden in the memo', stream('cmylib\nmake\n(tRp0\n0N.'), 'pkl-unlisted-called'],
  [
    'a nested name',
    stream([0x80, 4, 0x8c, 11], 'collections', [0x8c, 20], 'OrderedDict.__init__', [0x93], '.'),
    'pkl-resolver',
  ],
]

for (const [what, bytes, code, context] of ATTACKS) {
  test(`analysePickle() proves nothing of ${what}`, () => {
    const { verdict, anomalies, proof } = analyse(bytes, context)
    assert.ok(verdict === 'unproved' || verdict === 'hostile', verdict)
    assert.ok(proof.failing !== undefined && proof.failing.reason.length > 0)
    const codes = anomalies.map((anomaly) => anomaly.code)
    if (code !== undefined) assert.ok(codes.includes(code), `noted: ${codes.join(', ')}`)
  })
}

test('analysePickle() says at which opcode a proof fails, of what value and why', () => {
  const { proof } = analyse(stream(P2, 'cmylib\nmake\n.'))
  assert.deepEqual(proof.failing, {
    op: 1,
    name: 'GLOBAL',
    offset: 2,
    value: '"mylib.make"',
    reason: 'no policy lists this global',
  })
})

test('analysePickle() keeps no more than it needs of a memo and a heap that are made huge', () => {
  const many = analyse(stream(P2, '(', Buffer.alloc(3_000_000, ']0'), 't.'))
  assert.equal(many.verdict, 'proved')
  const tuples = analyse(stream([0x80, 4], ']', Buffer.alloc(2_000_000, Buffer.from([0x4b, 1, 0x85, 0x61])), '.'))
  assert.equal(tuples.verdict, 'proved')
})

test('analysePickle() finds the bytes of arrays in the stream and behind a wrapper of joblib', () => {
  const joblib = VECTORS.find(({ name }) => name === 'arrays, joblib')
  assert.ok(joblib !== undefined)
  const { arrays, raw } = analyse(joblib.bytes, joblib.context)
  assert.deepEqual([arrays[0]?.name, arrays[0]?.type, arrays[0]?.shape, arrays[0]?.length], ['0', 'F64', [2, 3], 48])
  const first = Buffer.from(joblib.bytes).subarray(arrays[0]?.at, (arrays[0]?.at ?? 0) + 48)
  assert.deepEqual(
    Array.from({ length: 6 }, (_, i) => first.readDoubleLE(8 * i)),
    [0, 1, 2, 3, 4, 5],
  )
  assert.ok(raw.some(({ from }) => from === arrays[0]?.at))
})

test('analysePickle() names the tensors of a state dict and of a model alike', () => {
  const tensorsOf = (name: string): readonly string[] => {
    const vector = VECTORS.find((each) => each.name === name)
    return vector === undefined ? [] : analyse(vector.bytes, vector.context).tensors.map((each) => each.name)
  }
  assert.deepEqual(tensorsOf('state dict'), ['weight', 'bias'])
  assert.deepEqual(tensorsOf('model'), ['0.weight', '0.bias'])
})
