/**
 * Looks a global up in the list of dangerous ones.
 *
 * A name may be a path (`Path.open`, `os.system` reached through a module that imports `os`), so each pair of
 * neighbours in it is looked up as well. Not to be found here says nothing.
 */
import { DANGEROUS_GLOBALS, type DangerCode, type DangerousGlobals } from './dangerous-globals.ts'
import type { GlobalName } from './global-names.ts'

/** Modules that other modules import under their own name, so that `logging os` is the module `os`. */
const REACHED: ReadonlySet<string> = new Set([
  'os',
  'sys',
  'subprocess',
  'posix',
  'importlib',
  'shutil',
  'socket',
  'ctypes',
  'marshal',
  'runpy',
  'pty',
])

const WORST_FIRST: readonly DangerCode[] = [
  'pkl-disarms',
  'pkl-executes-code',
  'pkl-builds-code',
  'pkl-resolver',
  'pkl-loads-more',
  'pkl-system-access',
]
/** Functions of the pickle protocol itself. */
const INERT: ReadonlySet<string> = new Set(['copyreg.__newobj__', 'copy_reg.__newobj__', 'copyreg.__newobj_ex__'])

/** Why a global is dangerous. */
export interface Danger {
  readonly code: DangerCode
  /** Completes the sentence "it …". */
  readonly why: string
}

function index(): ReadonlyMap<string, ReadonlyMap<string, DangerousGlobals>> {
  const modules = new Map<string, Map<string, DangerousGlobals>>()
  for (const entry of DANGEROUS_GLOBALS) {
    for (const module of entry.modules) {
      const names = modules.get(module) ?? new Map<string, DangerousGlobals>()
      for (const name of entry.names) if (!names.has(name)) names.set(name, entry)
      modules.set(module, names)
    }
  }
  return modules
}

const BY_MODULE = index()

/** The entry of a name in exactly this module, or of all names of it or of a module that holds it. */
function lookUp(module: string, name: string): DangerousGlobals | undefined {
  const exact = BY_MODULE.get(module)?.get(name)
  if (exact !== undefined) return exact
  for (let parent = module; parent !== ''; parent = parent.slice(0, Math.max(0, parent.lastIndexOf('.')))) {
    const all = BY_MODULE.get(parent)?.get('*')
    if (all !== undefined) return all
  }
  return undefined
}

function candidates({ module, name }: GlobalName): readonly (readonly [module: string, name: string])[] {
  const parts = name.split('.').slice(0, 16)
  const first = parts[0] ?? ''
  const deeper = parts.slice(1).flatMap((part, i) => {
    const before = parts.slice(0, i + 1).join('.')
    return [
      [`${module}.${before}`, part],
      [parts[i] ?? '', part],
    ] as const
  })
  return [
    [module, name],
    [module, first],
    ...deeper,
    ...parts.filter((part) => REACHED.has(part)).map((part) => [part, '*'] as const),
  ]
}

/** What is known to be dangerous about a global, or undefined. @example findDanger({ module: 'os', name: 'system' })?.code // 'pkl-executes-code' */
export function findDanger(global: GlobalName): Danger | undefined {
  const found = candidates(global).flatMap(([module, name]) => lookUp(module, name) ?? [])
  const worst = found.toSorted((a, b) => WORST_FIRST.indexOf(a.code) - WORST_FIRST.indexOf(b.code))[0]
  if (worst !== undefined) return { code: worst.code, why: worst.why }
  if (!/(^|\.)__\w+__(\.|$)/.test(global.name) || INERT.has(`${global.module}.${global.name}`)) return undefined
  return { code: 'pkl-resolver', why: 'reaches into the internals of Python objects' }
}
