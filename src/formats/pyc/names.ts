/**
 * What a code object reaches, by the names that it uses.
 *
 * Without decompiling, a code object that names `os` and `system` is taken to call `os.system`: what names both and
 * means neither is rare, and nobody can read bytecode in order to see.
 */
import type { CodeKind, CodeReach } from '../facts.ts'
import { programIn } from '../python/payloads.ts'
import type { CodeReport } from '../python/report.ts'
import { sinkOf } from '../python/sinks.ts'
import type { CodeObject } from './marshal.ts'

/** Modules of which every function is listed, and those of which some are. */
const MODULES =
  'os subprocess socket pty shutil ctypes cffi requests urllib httpx http ftplib smtplib paramiko runpy marshal importlib types code commands asyncio pexpect sys torch'.split(
    ' ',
  )
const ALONE = 'eval exec execfile compile __import__ __subclasses__'.split(' ')
const REPORTED: ReadonlySet<CodeKind> = new Set(['execution', 'process', 'network', 'native', 'hook'])
const LOADED = /\.(?:__init__|__new__|forward|call|build|from_pretrained|__setstate__|__reduce__)$/

function reachOf(path: string): CodeReach {
  if (/^<(?:module|lambda)>$/.test(path)) return 'import'
  return LOADED.test(path) ? 'load' : 'call'
}

function sinksIn(names: readonly string[]): readonly (readonly [CodeKind, string])[] {
  const used = new Set(names.flatMap((name) => name.split('.')))
  const modules = MODULES.filter((module) => used.has(module))
  const dotted = modules.flatMap((module) => names.map((name) => `${module}.${name}`))
  const alone = ALONE.filter((name) => used.has(name)).map((name) =>
    name === '__subclasses__' ? 'builtins.object.__subclasses__' : `builtins.${name}`,
  )
  const whole = names.filter((name) => name.includes('.'))
  return [...new Set([...dotted, ...alone, ...whole])].flatMap((name) => {
    const kind = sinkOf(name)
    return kind !== undefined && (REPORTED.has(kind) || name === 'builtins.__import__') ? [[kind, name] as const] : []
  })
}

/** Notes what code objects reach. */
export function noteCodes(codes: readonly CodeObject[], report: CodeReport): void {
  for (const { path, names, constants } of codes) {
    const place = { reach: reachOf(path), line: 0, inside: path }
    for (const [kind, name] of sinksIn(names.slice(0, 2000))) report.add(kind, name, place)
    for (const constant of constants.slice(0, 2000)) {
      const program = constant.length >= 8 ? programIn(constant) : undefined
      if (program !== undefined) report.add('payload', `${program} in a constant`, { ...place, detail: constant })
    }
  }
}
