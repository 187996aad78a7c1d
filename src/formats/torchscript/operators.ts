/**
 * Which operators TorchScript code may use without anybody asking.
 *
 * The operators of torch compute; a few do more. `aten::save` and `aten::from_file` write and map files, the operators
 * of `prim` named here call Python or other machines. What is in a namespace that is not listed needs a native library
 * that somebody registered.
 *
 * Source: the schemas that torch 2.9 to 2.15 register (`torch._C._jit_get_all_schemas()`).
 */

/** Namespaces whose operators compute and nothing else, but for those of the next list. */
const COMPUTING: ReadonlySet<string> = new Set([
  'aten',
  'prim',
  'prims',
  'quantized',
  '_quantized',
  'quantization',
  'onednn',
  'mkldnn',
  'mkldnn_prepacked',
  'mkl',
  'prepacked',
  'xnnpack',
  'sparse',
  'static_runtime',
  'profiler',
  'torchvision',
  'torchaudio',
  'torchtext',
  'fb',
])

/** Operators that reach files, other machines or Python, whatever their namespace. */
const REACHING: ReadonlySet<string> = new Set([
  'aten::save',
  'aten::load',
  'aten::from_file',
  'prim::PythonOp',
  'prim::IgnoredPythonOp',
  'prim::rpc_async',
  'prim::rpc_sync',
  'prim::rpc_remote',
  'debugprims::load_tensor',
  'image::read_file',
  'image::write_file',
  'torchaudio::sox_io_save_audio_file',
  'torchaudio::sox_io_load_audio_file',
  'torchaudio::sox_io_get_info',
  'torchaudio::ffmpeg_save_audio_file',
])

/** Names of these that may also be called as if they were methods. */
export const REACHING_METHODS: ReadonlySet<string> = new Set(['save', 'from_file'])

/** Namespaces of custom classes that torch itself brings. */
const CLASSES: ReadonlySet<string> = new Set(['quantized', 'sparse', 'xnnpack', 'mkldnn', 'profiler', 'rnn'])

/** What an operator does, as far as the list knows: reach out, compute, or something unknown. */
export type OperatorKind = 'reaching' | 'computing' | 'unknown'

/** The kind of an operator. @example kindOfOperator('aten', 'relu') // 'computing' */
export function kindOfOperator(namespace: string, name: string): OperatorKind {
  if (REACHING.has(`${namespace}::${name}`)) return 'reaching'
  return COMPUTING.has(namespace) ? 'computing' : 'unknown'
}

/** True for custom classes that come with torch. @example isKnownClass('quantized') // true */
export function isKnownClass(namespace: string): boolean {
  return CLASSES.has(namespace)
}
