/**
 * Dotted names, brought into the one form under which they are listed.
 *
 * `posix.system`, `nt.system`, `logging.os.system` and `os.system` are one function; a module that another module
 * imported can be reached through it.
 */

/** Modules of the standard library that matter wherever they are reached. */
const MODULES: ReadonlySet<string> = new Set(
  'os sys subprocess builtins socket importlib shutil ctypes pickle marshal pty runpy http urllib code types'.split(
    ' ',
  ),
)
const SAME: ReadonlyMap<string, string> = new Map([
  ['posix', 'os'],
  ['nt', 'os'],
  ['__builtin__', 'builtins'],
  ['__builtins__', 'builtins'],
  ['builtins.__builtins__', 'builtins'],
  ['_pickle', 'pickle'],
  ['cPickle', 'pickle'],
  ['_socket', 'socket'],
  ['_posixsubprocess', 'subprocess'],
  ['io.open', 'builtins.open'],
  ['codecs.open', 'builtins.open'],
  ['os.fdopen', 'builtins.open'],
  ['urllib2', 'urllib.request'],
])

/** The form under which a name is listed. @example canonicalName('posix.system') // 'os.system' */
export function canonicalName(name: string): string {
  const parts = name.split('.')
  const inner = name.startsWith('.') ? -1 : parts.findLastIndex((part, index) => index > 0 && MODULES.has(part))
  const isReached = inner > 0 && inner < parts.length - 1 && !isPackagePath(parts, inner)
  const direct = isReached ? parts.slice(inner).join('.') : name
  for (const [from, to] of SAME)
    if (direct === from || direct.startsWith(`${from}.`)) return to + direct.slice(from.length)
  return direct
}

/** `torch.types.X` and `http.client` are what they say: a module of a package that happens to be called so. */
function isPackagePath(parts: readonly string[], at: number): boolean {
  return ['types', 'code', 'http', 'urllib', 'pickle'].includes(parts[at] ?? '') || parts[0] === parts[at]
}
