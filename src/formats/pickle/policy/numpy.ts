/** Signatures of the core policy for NumPy and joblib. Source: NumPy 1.17 to 2.4, joblib 0.10 to 1.5. */
import { REVIEWED, type Signature } from './signature.ts'

const MULTIARRAY = 'numpy.core.multiarray, numpy._core.multiarray'
const NUMERIC = 'numpy.core.numeric, numpy._core.numeric'
const ARRAY = '(1, (nat*), <numpy.dtype>, bool|int, bytes|native|[any])'
const SCALARS = `bool bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 intc uintc longlong ulonglong float16 float32
  float64 longdouble complex64 complex128 clongdouble str_ bytes_ object_ void datetime64 timedelta64 generic number integer
  floating`
const GENERATORS = 'MT19937 PCG64 PCG64DXSM Philox SFC64'
const GENERATOR_TYPES = `@numpy.random._mt19937.MT19937|@numpy.random._pcg64.PCG64|@numpy.random._pcg64.PCG64DXSM|@numpy.random._philox.Philox|@numpy.random._sfc64.SFC64`
const GENERATOR_NAMES = GENERATORS.split(' ')
  .map((name) => `'${name}'`)
  .join('|')

/** See the module. */
export const NUMPY_SIGNATURES: readonly Signature[] = [
  {
    globals: ['numpy: ndarray matrix', 'numpy.matrixlib.defmatrix: matrix', 'numpy, numpy.rec: recarray'],
    role: 'type',
    state: ARRAY,
    stateCheck: 'array',
    rationale: 'Copies bytes into an array whose size they must have; an array of objects takes a list of them.',
    ...REVIEWED,
  },
  {
    globals: [`${MULTIARRAY}: _reconstruct`],
    role: 'function',
    reduce:
      '(@numpy.ndarray|@numpy.matrix|@numpy.matrixlib.defmatrix.matrix|@numpy.recarray|@numpy.rec.recarray, (nat*), bytes|native)',
    result: '#0',
    rationale: 'An empty array of the class; other subclasses would run their __array_finalize__.',
    ...REVIEWED,
  },
  {
    globals: ['numpy: dtype'],
    role: 'type',
    reduce: '(str|native|@numpy.record|@numpy.rec.record, int|bool, int|bool)',
    check: 'dtype',
    state: `(3|4, str|native, none|(<numpy.dtype>, any), none|(str|native*), none|{any: (<numpy.dtype>, int, any*)}, int, int, int,
      any?)`,
    stateCheck: 'dtype',
    hashable: true,
    rationale: 'A type of elements: code, byte order, fields.',
    ...REVIEWED,
  },
  {
    globals: ['numpy, numpy.rec: record'],
    role: 'constant',
    rationale: 'The class of the elements of record arrays, named by their type.',
    ...REVIEWED,
  },
  {
    globals: [`${MULTIARRAY}: scalar`],
    role: 'function',
    reduce: '(<numpy.dtype>, bytes|native)',
    check: 'scalar',
    result: 'numpy.generic',
    hashable: true,
    rationale: 'One element out of as many bytes as its type has; types of objects are not taken.',
    ...REVIEWED,
  },
  {
    globals: [`${NUMERIC}: _frombuffer`],
    role: 'function',
    reduce: '(bytes|bytearray, <numpy.dtype>, (nat*), str)',
    check: 'frombuffer',
    result: 'numpy.ndarray',
    rationale: 'A view of bytes; types of objects are not taken.',
    ...REVIEWED,
  },
  {
    globals: [`numpy: ${SCALARS.replaceAll(/\s+/g, ' ')}`],
    role: 'constant',
    hashable: true,
    rationale: 'Types of elements, named as parameters.',
    ...REVIEWED,
  },
  {
    globals: ['numpy.ma.core, numpy.ma: MaskedArray'],
    role: 'type',
    state: '(1, (nat*), <numpy.dtype>, bool|int, bytes|native|[any], bytes|native, any)',
    rationale: 'An array and its mask; NumPy checks the sizes.',
    ...REVIEWED,
  },
  {
    globals: ['numpy.ma.core: _mareconstruct'],
    role: 'function',
    reduce: '(@numpy.ma.core.MaskedArray|@numpy.ma.MaskedArray, @numpy.ndarray, (nat*), str|bytes|native)',
    result: '#0',
    rationale: 'An empty masked array.',
    ...REVIEWED,
  },
  {
    globals: GENERATOR_TYPES.split('|').map((type) => {
      const target = type.slice(1)
      return `${target.slice(0, target.lastIndexOf('.'))}: ${target.slice(target.lastIndexOf('.') + 1)}`
    }),
    role: 'type',
    state: '{any: any}|(any, any)',
    rationale: 'A generator of random bits and its state, of which it takes numbers and arrays.',
    ...REVIEWED,
  },
  {
    globals: ['numpy.random._pickle: __bit_generator_ctor'],
    role: 'function',
    reduce: `(${GENERATOR_NAMES}|${GENERATOR_TYPES})`,
    result: 'numpy.random._mt19937.MT19937',
    rationale: 'A new generator of one of five kinds.',
    ...REVIEWED,
  },
  {
    globals: ['numpy.random.mtrand: RandomState', 'numpy.random._generator: Generator'],
    role: 'type',
    state: '{any: any}|none|(any, any)',
    rationale: 'A source of random numbers; its state are numbers and arrays.',
    ...REVIEWED,
  },
  {
    globals: ['numpy.random._pickle: __randomstate_ctor'],
    role: 'function',
    reduce: `(${GENERATOR_NAMES}|<numpy.random._mt19937.MT19937>, @numpy.random._pickle.__bit_generator_ctor?)|()`,
    result: 'numpy.random.mtrand.RandomState',
    rationale: 'A source of random numbers over a generator; the constructor that it calls is the one above.',
    ...REVIEWED,
  },
  {
    globals: ['numpy.random._pickle: __generator_ctor'],
    role: 'function',
    reduce: `(${GENERATOR_NAMES}|<numpy.random._mt19937.MT19937>, @numpy.random._pickle.__bit_generator_ctor?)|()`,
    result: 'numpy.random._generator.Generator',
    rationale: 'A source of random numbers over a generator; the constructor that it calls is the one above.',
    ...REVIEWED,
  },
  {
    globals: ['numpy.random.bit_generator: SeedSequence'],
    role: 'type',
    newobj: '()',
    state: '{name: any}|(any*)',
    rationale: 'Numbers from which a generator was seeded.',
    ...REVIEWED,
  },
  {
    globals: ['numpy.random.bit_generator: __pyx_unpickle_SeedSequence'],
    role: 'function',
    reduce: '(@numpy.random.bit_generator.SeedSequence, int, none|(any*))',
    result: '#0',
    rationale: 'An empty SeedSequence with its fields.',
    ...REVIEWED,
  },
  {
    globals: ['joblib.numpy_pickle: NumpyArrayWrapper'],
    role: 'type',
    newobj: '()',
    state: '{name: any}',
    stateCheck: 'joblib',
    rationale: 'Says what array follows in the file; joblib reads its bytes, and a pickle for an array of objects.',
    ...REVIEWED,
  },
]
