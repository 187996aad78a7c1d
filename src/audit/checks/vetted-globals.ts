/**
 * Globals that pickles of ordinary models use and that do nothing but rebuild data when they are called with what
 * such pickles call them with.
 *
 * To stand here clears nothing: a pickle is proved by its arguments, not by its names. It only keeps the report free
 * of names that say nothing. The list covers what nine in ten popular models import.
 * Source: the pickles of 1,549 popular models (PickleBall survey); torch's weights-only list.
 */

const TORCH_DATA = [
  'FloatStorage DoubleStorage HalfStorage BFloat16Storage LongStorage IntStorage ShortStorage CharStorage ByteStorage',
  'BoolStorage ComplexFloatStorage float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64',
  'Size Tensor device dtype',
].flatMap((line) => line.split(' '))

const VETTED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['collections', new Set(['OrderedDict', 'defaultdict'])],
  ['torch', new Set(TORCH_DATA)],
  ['torch._utils', new Set(['_rebuild_tensor_v2', '_rebuild_tensor', '_rebuild_parameter', '_rebuild_qtensor'])],
  ['torch._tensor', new Set(['_rebuild_from_type_v2'])],
  ['torch.nn.parameter', new Set(['Parameter'])],
  ['torch.storage', new Set(['TypedStorage', 'UntypedStorage'])],
  ['torch.torch_version', new Set(['TorchVersion'])],
  ['numpy', new Set(['dtype', 'ndarray'])],
  ['numpy.core.multiarray', new Set(['_reconstruct', 'scalar'])],
  ['numpy._core.multiarray', new Set(['_reconstruct', 'scalar'])],
  ['_codecs', new Set(['encode'])],
  ['builtins', new Set(['set', 'frozenset', 'bytearray', 'complex', 'slice', 'range'])],
  ['__builtin__', new Set(['set', 'frozenset', 'bytearray', 'complex', 'slice', 'xrange'])],
  ['copyreg', new Set(['_reconstructor'])],
  ['copy_reg', new Set(['_reconstructor'])],
  ['datetime', new Set(['datetime', 'date', 'time', 'timedelta'])],
])

/** Whether a global is on the list. @example isVetted('collections', 'OrderedDict') // true */
export function isVetted(module: string, name: string): boolean {
  return VETTED.get(module)?.has(name) ?? false
}
