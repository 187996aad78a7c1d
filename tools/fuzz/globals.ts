/**
 * Names that the fuzzer's streams refer to: what data is rebuilt with, what attacks use, and what nobody knows.
 */
import { POLICIES } from '../../src/formats/pickle/policy/index.ts'
import { listGlobals } from '../../src/formats/pickle/policy/signature.ts'

/** Module and name. */
export type Name = readonly [module: string, name: string]

/** Everything that a policy lists. */
export const LISTED: readonly Name[] = POLICIES.flatMap((policy) =>
  [...listGlobals(policy)].map(({ module, name }): Name => [module, name]),
)

/** Types and functions that picklers of data refer to. */
export const REBUILDING: readonly Name[] = [
  ['collections', 'OrderedDict'],
  ['collections', 'defaultdict'],
  ['collections', 'deque'],
  ['collections', 'Counter'],
  ['_codecs', 'encode'],
  ['builtins', 'set'],
  ['builtins', 'frozenset'],
  ['builtins', 'complex'],
  ['builtins', 'bytearray'],
  ['builtins', 'slice'],
  ['builtins', 'range'],
  ['builtins', 'object'],
  ['builtins', 'list'],
  ['builtins', 'dict'],
  ['builtins', 'int'],
  ['__builtin__', 'set'],
  ['__builtin__', 'object'],
  ['__builtin__', 'bytearray'],
  ['copyreg', '_reconstructor'],
  ['copy_reg', '_reconstructor'],
  ['datetime', 'datetime'],
  ['datetime', 'date'],
  ['decimal', 'Decimal'],
  ['fractions', 'Fraction'],
  ['pathlib', 'PurePosixPath'],
  ['uuid', 'UUID'],
  ['types', 'SimpleNamespace'],
  ['numpy', 'dtype'],
  ['numpy', 'ndarray'],
  ['numpy', 'float64'],
  ['numpy.core.multiarray', '_reconstruct'],
  ['numpy._core.multiarray', '_reconstruct'],
  ['numpy.core.multiarray', 'scalar'],
  ['numpy._core.numeric', '_frombuffer'],
  ['numpy.random._pickle', '__randomstate_ctor'],
  ['joblib.numpy_pickle', 'NumpyArrayWrapper'],
  ['torch', 'FloatStorage'],
  ['torch', 'HalfStorage'],
  ['torch', 'float32'],
  ['torch', 'device'],
  ['torch', 'Size'],
  ['torch._utils', '_rebuild_tensor_v2'],
  ['torch._utils', '_rebuild_parameter'],
  ['torch._tensor', '_rebuild_from_type_v2'],
  ['torch.nn.parameter', 'Parameter'],
  ['sklearn.linear_model._logistic', 'LogisticRegression'],
  ['sklearn.tree._tree', 'Tree'],
  ['sklearn.preprocessing._data', 'StandardScaler'],
  ['scipy.sparse._csr', 'csr_matrix'],
  ['pandas.core.frame', 'DataFrame'],
  ['pandas._libs.internals', '_unpickle_block'],
]

/** Names that attacks use. They are never resolved to what they name. */
export const HOSTILE: readonly Name[] = [
  ['os', 'system'],
  ['posix', 'system'],
  ['builtins', 'eval'],
  ['builtins', 'getattr'],
  ['__builtin__', 'exec'],
  ['subprocess', 'Popen'],
  ['functools', 'partial'],
  ['operator', 'attrgetter'],
  ['importlib', 'import_module'],
  ['torch', 'load'],
  ['numpy', 'load'],
  ['pickle', 'loads'],
  ['marshal', 'loads'],
  ['types', 'FunctionType'],
  ['pip._internal', 'main'],
  ['torch.jit', 'load'],
]

/** Names that no policy knows, and names that are none. */
export const STRANGE: readonly Name[] = [
  ['acme.layers', 'Thing'],
  ['__main__', 'Model'],
  ['collections', 'OrderedDict.fromkeys'],
  ['collections.abc', 'Mapping'],
  ['Collections', 'OrderedDict'],
  ['collections ', 'OrderedDict'],
  ['', 'set'],
  ['builtins', ''],
  ['builtins', 'ſet'],
  ['builtins', 'set\r'],
  ['numpy', 'core.multiarray.scalar'],
  ['torch', '_utils._rebuild_tensor_v2'],
  ['os', 'path.join'],
  ['a.<locals>', 'b.<locals>.c'],
]
