/**
 * Streams written opcode by opcode, each of one thing that the checker's run takes or refuses.
 *
 * They are beside `refusal-vectors.json`, which are such as the fuzzer found: here both sides of each bound stand.
 */
import { P2, stream, text } from './pickles.ts'
import { reasonOf, type Refused } from './pickle-refusals.ts'

type Part = string | readonly number[] | Uint8Array
type Row = readonly [reason: string, ...parts: readonly Part[]]

const [P3, P4, P5] = [3, 4, 5].map((protocol) => [0x80, protocol]) as [number[], number[], number[]]
const [EMPTY, COUNT] = ['the stack is empty', 'STOP leaves more than one value']
const COMPUTED = 'a name is computed'
const [ORDERED, DEQUE] = ['ccollections\nOrderedDict\n', 'ccollections\ndeque\n']
const UNHASHABLE = 'a key has no hash'

/** SHORT_BINUNICODE. */
function short(value: string): Uint8Array {
  return stream([0x8c, value.length], value)
}

function frame(length: number): Uint8Array {
  return stream([0x95, length, 0, 0, 0, 0, 0, 0, 0])
}

const READING: readonly Row[] = [
  ['the stream ends at 1', 'K'],
  ['the stream ends at 3', P2, 'X', [1, 0, 0]],
  ['no opcode at 2', 'K', [1]],
  ['no opcode at 0', [1]],
  ['the stream ends inside BINUNICODE at 2', P2, 'X', [3, 0, 0, 0], 'ab'],
  ['no opcode at 9', P2, 'X', [2, 0, 0, 0], 'ab'],
  ['a line at 1 does not end', 'Vabc'],
  ['a line at 5 does not end', 'cabc\nabc'],
  ['', 'V\n.'],
  ['bytes follow STOP', 'N.N'],
  [EMPTY, '(.'],
  [EMPTY, '.'],
  [COUNT, 'NN.'],
  [COUNT, '(N.'],
  ['PROTO 0 at 0', [0x80, 0], 'N.'],
  ['PROTO 1 at 0', [0x80, 1], 'N.'],
  ['', P2, 'N.'],
  ['', P5, 'N.'],
  ['PROTO 6 at 0', [0x80, 6], 'N.'],
  ['PROTO 2 at 1', 'N', P2, '.'],
  ['PROTO 2 at 2', P2, P2, 'N.'],
]

const FRAMES: readonly Row[] = [
  ['', P4, frame(2), 'N.'],
  ['', P4, frame(0), 'N.'],
  ['', P4, frame(1), 'N.'],
  ['', P4, frame(1), 'N', frame(1), '.'],
  ['FRAME at 2', P4, frame(3), 'N.'],
  ['the frame at 12', P4, frame(3), 'N.N'],
  ['the frame at 11', P4, frame(1), 'K', [1], '.'],
  ['FRAME at 11', P4, frame(11), frame(2), 'N.'],
  ['FRAME in protocol 3', P3, frame(2), 'N.'],
]

const STACK: readonly Row[] = [
  [EMPTY, '0'],
  [EMPTY, '2'],
  [EMPTY, '(2'],
  ['', '(0N.'],
  ['', '(NN1N.'],
  ['there is no mark', 'N1'],
  [EMPTY, P2, '(', [0x85], '.'],
  [EMPTY, P2, 'N(', [0x86], '.'],
  ['', P2, 'NN', [0x86], '.'],
  ['', P2, 'NNN', [0x87], '.'],
  [EMPTY, P2, 'NN', [0x87], '.'],
  [COUNT, P2, 'NNN', [0x86], '.'],
  ['nothing is stored under 1', 'Np0\ng1\n.'],
  ['', 'Np0\n0g0\n.'],
  ['', P2, 'Nr', [0, 1, 0, 0], '0j', [0, 1, 0, 0], '.'],
  ['0 is stored twice', 'I1\np0\n0I2\np0\n.'],
  ['', 'I1\np0\n0I1\np0\n.'],
  ['', P4, 'N', [0x94], '0K', [1, 0x94], '0h', [1], '.'],
  ['nothing is stored under 2', P4, 'N', [0x94], '0K', [1, 0x94], '0h', [2], '.'],
]

const FILLED: readonly Row[] = [
  ['', P2, ']Na.'],
  ['', P2, '](NNe.'],
  ['', P2, DEQUE, ')RNa.'],
  ['', P2, DEQUE, ')R(NNe.'],
  ['', P2, '}NNs.'],
  ['', P2, ORDERED, ')RNNs.'],
  ['', P2, ORDERED, ')R(NNu.'],
  ['', P4, [0x8f], '(NK', [1, 0x90], '.'],
  ['', P4, '(NK', [1, 0x91], '.'],
  ['there is no list to fill', P2, ORDERED, ')RNa.'],
  ['there is no dict to fill', P2, DEQUE, ')RNNs.'],
  ['there is no set to fill', P4, DEQUE, ')R(N', [0x90], '.'],
  ['there is no set to fill', P4, 'cbuiltins\nset\n)R(N', [0x90], '.'],
  ['there is no list to fill', P2, ')Na.'],
  ['there is no list to fill', P2, '}Na.'],
  ['there is no list to fill', 'Na.'],
  ['there is no dict to fill', 'NNs.'],
  ['there is no list to fill', '(Na.'],
  ['a mark stands among the items', P2, '](a.'],
  ['a mark stands among the items', P2, '}(Ns.'],
  ['a key has no value', P2, '}(NNNu.'],
  ['a key has no value', '(Nd.'],
  ['', '(NNNNd.'],
  [UNHASHABLE, P2, '}]Ns.'],
  [UNHASHABLE, P2, '}}Ns.'],
  [UNHASHABLE, P4, '}', [0x8f], 'Ns.'],
  [UNHASHABLE, P5, '}', [0x96, 0, 0, 0, 0, 0, 0, 0, 0], 'Ns.'],
  [UNHASHABLE, P2, '}', ORDERED, ')RNs.'],
  [UNHASHABLE, P2, '}N]', [0x86], 'Ns.'],
  [UNHASHABLE, P2, '}(NN]Nu.'],
  [UNHASHABLE, P4, '(N]', [0x91], '.'],
  [UNHASHABLE, P4, [0x8f], '(N]', [0x90], '.'],
  ['', P2, '}NNs.'],
  ['', P2, '}N]s.'],
  ['', P2, '})Ns.'],
  ['', P2, '}NN', [0x86], 'Ns.'],
  ['', P4, '}(', [0x91], 'Ns.'],
  ['', P2, '}cdecimal\nDecimal\n', text('1'), [0x85], 'RNs.'],
]

const NAMES: readonly Row[] = [
  ['', P4, short('collections'), short('OrderedDict'), [0x93], '.'],
  ['', P4, short('collections'), 'p0\n', short('OrderedDict'), 'p1\n', [0x93], '.'],
  ['', P4, short('collections'), 'q', [0], short('OrderedDict'), 'r', [1, 0, 0, 0, 0x93], '.'],
  ['', P4, short('collections'), [0x94], frame(15), short('OrderedDict'), [0x94, 0x93], '.'],
  ['', P4, short('collections'), [0x94], short('OrderedDict'), [0x94], '00h', [0], 'h', [1, 0x93], '.'],
  [COMPUTED, P4, short('collections'), short('OrderedDict'), 'N0', [0x93], '.'],
  [COMPUTED, P4, short('collections'), 'N0', short('OrderedDict'), [0x93], '.'],
  [COMPUTED, P4, short('collections'), "S'OrderedDict'\n", [0x93], '.'],
  [COMPUTED, P4, "S'collections'\n", short('OrderedDict'), [0x93], '.'],
  [COMPUTED, P4, 'N', short('OrderedDict'), [0x93], '.'],
  [COMPUTED, P4, short('collections'), 'N', [0x93], '.'],
  [COMPUTED, P4, 'N', [0x94], '0h', [0], short('OrderedDict'), [0x93], '.'],
  [COMPUTED, P4, 'N', [0x94], '0', short('collections'), 'h', [0, 0x93], '.'],
  ['a name is a string of Python 2', P4, "S'collections'\n", [0x94], '0h', [0], short('OrderedDict'), [0x93], '.'],
  ['a name is a string of Python 2', P4, "S'deque'\n", [0x94], '0', short('collections'), 'h', [0, 0x93], '.'],
  ['a name is no identifier', 'c\nx\n.'],
  ['a name is no identifier', 'cos\nsys tem\n.'],
  ['a name is no identifier', 'cos.\nx\n.'],
  ['a name is no identifier', `cos\n${'a'.repeat(257)}\n.`],
  ['a name is no identifier', `c${'a'.repeat(257)}\nx\n.`],
  [`no policy lists os.${'a'.repeat(256)}`, `cos\n${'a'.repeat(256)}\n.`],
  [`no policy lists ${'a'.repeat(256)}.x`, `c${'a'.repeat(256)}\nx\n.`],
]

const CALLS: readonly Row[] = [
  ['', '(icollections\nOrderedDict\n.'],
  ['', `(${ORDERED}o.`],
  ['', P2, `(${ORDERED}]o.`],
  ['NEWOBJ of no global or with no tuple', '(o.'],
  ['NEWOBJ of no global or with no tuple', '(No.'],
  ['REDUCE of no global or with no tuple', P2, ORDERED, ']R.'],
  ['REDUCE of no global or with no tuple', P2, 'N)R.'],
  ['REDUCE of collections.OrderedDict is outside its signature', P2, ORDERED, 'N', [0x85], 'R.'],
  ['', P2, ORDERED, ')', [0x81], '.'],
  ['NEWOBJ of collections.deque is outside its signature', P2, DEQUE, ')', [0x81], '.'],
  ['', P4, ORDERED, ')}', [0x92], '.'],
  ['NEWOBJ_EX with keywords', P4, ORDERED, ')}NNs', [0x92], '.'],
  ['NEWOBJ_EX with keywords', P4, ORDERED, ')]', [0x92], '.'],
  ['NEWOBJ_EX of collections.deque is outside its signature', P4, DEQUE, ')}', [0x92], '.'],
  ['BUILD on no instance', P2, '}}b.'],
  ['', P2, ORDERED, ')R}', text('a'), 'Nsb.'],
  ['the state of collections.OrderedDict is outside its signature', P2, ORDERED, ')R}', text('__a__'), 'Nsb.'],
  ['the state of collections.deque is outside its signature', P2, DEQUE, ')R}b.'],
  ['a text that is not of Latin-1', P2, 'c_codecs\nencode\n', text('\u0100'), text('latin1'), [0x86], 'R.'],
  ['', P2, 'c_codecs\nencode\n', text('\u00ff'), text('latin1'), [0x86], 'R.'],
  ['a persistent id that nothing resolves', P2, ')Q.'],
]

const DTYPE = stream('cnumpy\ndtype\n', text('f4'), [0x89, 0x88, 0x87], 'R')
const OBJECTS = stream('cnumpy\ndtype\n', text('O8'), [0x89, 0x88, 0x87], 'R')

/** A wrapper of joblib, up to the opcode after which its array follows. */
function wrapper(shape: Part, type: Uint8Array, ...more: readonly Part[]): Uint8Array {
  const attributes = [text('subclass'), 'cnumpy\nndarray\n', text('shape'), shape, [0x85], text('dtype'), type]
  return stream('cjoblib.numpy_pickle\nNumpyArrayWrapper\n)', [0x81], '}(', ...attributes, ...more, 'ub')
}

const [TWO, MISSING] = [wrapper('K\x02', DTYPE), 'array bytes are missing']
const ALIGNED = wrapper('K\x01', DTYPE, text('numpy_array_alignment_bytes'), 'K\x10')
const BEHIND = `no opcode at ${P2.length + TWO.length + 8}`

const WRAPPED: readonly Row[] = [
  ['', P2, TWO, 'aaaaaaaa.'],
  [MISSING, P2, TWO, 'aaaaaa.'],
  [BEHIND, P2, TWO, 'aaaaaaaa'],
  ['', P2, wrapper('K\x00', DTYPE), '.'],
  [MISSING, P2, wrapper([0x4a, 255, 255, 255, 255], DTYPE), '.'],
  [MISSING, P2, wrapper([0x8a, 7, 0, 0, 0, 0, 0, 0, 64], DTYPE), '.'],
  ['', P2, ALIGNED, [0], 'aaaa.'],
  ['', P2, ALIGNED, [2, 255, 255], 'aaaa.'],
  ['padding holds something', P2, ALIGNED, [2, 255, 254], 'aaaa.'],
  ['padding holds something', P2, ALIGNED, [2, 254, 255], 'aaaa.'],
  ['padding is missing', P2, ALIGNED],
  ['', P2, wrapper('K\x01', DTYPE, text('numpy_array_alignment_bytes'), 'N'), 'aaaa.'],
  ['array bytes inside a frame', P4, frame(TWO.length + 9), TWO, 'aaaaaaaa.'],
  ['', P4, frame(TWO.length), TWO, 'aaaaaaaa.'],
  ['', P2, wrapper('K\x01', OBJECTS), P2, ']Na..'],
  ['', P2, wrapper('K\x01', OBJECTS), 'N.', '.'],
  [EMPTY, P2, wrapper('K\x01', OBJECTS), '..'],
  ['a wrapper that nothing reads', P2, wrapper('K\x01', OBJECTS), P2, TWO, 'aaaaaaaa..'],
  ['a persistent id that nothing resolves', P2, wrapper('K\x01', OBJECTS), P2, ')Q..'],
  ['', P2, 'ctorch._utils\n_rebuild_device_tensor_from_numpy\n(', TWO, 'aaaaaaaaN', text('cpu'), [0x89], 'tR.'],
  [
    '',
    P2,
    'ctorch._utils\n_rebuild_device_tensor_from_numpy\n(',
    wrapper('K\x01', OBJECTS),
    'N.N',
    text('cpu'),
    [0x89],
    'tR.',
  ],
]

const STORAGE = stream('(', text('storage'), 'ctorch\nFloatStorage\n', text('0'), text('cpu'), 'K\x04tQ')
const HOOKS = `${ORDERED})R`
const OUTSIDE = 'a tensor reaches outside its storage'

function rebuilt(sizes: Part, steps: Part = 'K\x01\x85', hooks: Part = HOOKS): Uint8Array {
  return stream('(', STORAGE, 'K\x00', sizes, steps, [0x89], hooks, 't')
}

const REBUILD = 'ctorch._utils\n_rebuild_tensor_v2\n'
const [FITS, TOO_LONG] = [rebuilt('K\x04\x85'), rebuilt('K\x05\x85')]
const FROM_TYPE = stream('ctorch._tensor\n_rebuild_from_type_v2\n(', REBUILD, 'ctorch\nTensor\n')

const TENSORS: readonly Row[] = [
  ['', P2, REBUILD, FITS, 'R.'],
  [OUTSIDE, P2, REBUILD, TOO_LONG, 'R.'],
  ['', P2, REBUILD, rebuilt('ctorch\nSize\nK\x04\x85\x85R'), 'R.'],
  [OUTSIDE, P2, REBUILD, rebuilt('ctorch\nSize\nK\x05\x85\x85R'), 'R.'],
  [OUTSIDE, P2, REBUILD, rebuilt('ctorch\nSize\nK\x05\x85\x85\x81'), 'R.'],
  ['', P2, FROM_TYPE, FITS, '}tR.'],
  [OUTSIDE, P2, FROM_TYPE, TOO_LONG, '}tR.'],
  ['REDUCE of torch._utils._rebuild_tensor_v2 is outside its signature', P2, FROM_TYPE, ')}tR.'],
  [
    'REDUCE of torch._utils._rebuild_tensor_v2 is outside its signature',
    P2,
    REBUILD,
    rebuilt('K\x04\x85', 'K\x01\x85', `${HOOKS}}b`),
    'R.',
  ],
  [
    'REDUCE of torch._utils._rebuild_tensor_v2 is outside its signature',
    P2,
    REBUILD,
    rebuilt('K\x04\x85', 'K\x01\x85', `${HOOKS}NNs`),
    'R.',
  ],
  ['', P2, STORAGE, '.'],
  ['a storage is not of the size of its record', P2, STORAGE.map((byte) => (byte === 48 ? 51 : byte)), '.'],
]

/** What is judged otherwise than it should be. */
export function differingRuns(): readonly string[] {
  const groups: readonly (readonly [Refused['context'], readonly Row[]])[] = [
    ['file', [...READING, ...FRAMES, ...STACK, ...FILLED, ...NAMES, ...CALLS]],
    ['joblib', WRAPPED],
    ['torch', TENSORS],
  ]
  return groups.flatMap(([context, rows]) =>
    rows.flatMap(([reason, ...parts]) => {
      const bytes = stream(...parts)
      const given = reasonOf(bytes, context)
      return given === reason ? [] : [`${Buffer.from(bytes).toString('latin1')}: ${given} instead of ${reason}`]
    }),
  )
}
