/**
 * Paths in a Keras configuration: the files that a layer reads when it is built.
 *
 * A vocabulary may be a list or the name of a file; Keras opens the file, wherever it lies and, through TensorFlow,
 * also from the network (CVE-2025-12058).
 */

const PATH_KEYS: ReadonlySet<string> = new Set([
  'vocabulary',
  'vocabulary_file',
  'vocabulary_path',
  'vocab_file',
  'idf_weights',
  'filepath',
  'file_path',
  'filename',
  'fname',
  'file',
  'path',
  'weights',
  'weights_path',
  'checkpoint',
  'origin',
  'cache_dir',
  'cache_subdir',
  'directory',
  'handle',
  'proto',
  'merges',
])
const LEADING_OUT = /^([\\/~]|[a-z]:[\\/]|[a-z][a-z0-9+.-]*:\/\/)|(^|[\\/])\.\.([\\/]|$)/i

/** Whether a key of a configuration names a file. @example isPathKey('vocabulary') // true */
export function isPathKey(key: string): boolean {
  return PATH_KEYS.has(key)
}

/** Whether a path leads out of the model. @example isLeadingOut('../../x') // true */
export function isLeadingOut(path: string): boolean {
  return LEADING_OUT.test(path)
}
