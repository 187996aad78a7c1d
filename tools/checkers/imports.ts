/** The imports of a source: every way in which one file can reach another. */
import type { Program } from 'oxc-parser'
import type { Source } from './sources.ts'
import { lineAt } from './sources.ts'

/** One import, re-export, dynamic import or `new URL(…, import.meta.url)`. */
export interface Import {
  /** As written. */
  readonly target: string
  readonly line: number
  /** False when only types are taken, so that nothing is loaded at run time. */
  readonly runtime: boolean
}

interface Found {
  readonly target: string
  readonly start: number
  readonly runtime: boolean
}

const URL_PATTERN = /new URL\(\s*['"](?<target>\.{1,2}\/[^'"]+)['"]\s*,\s*import\.meta\.url/g
const TYPE_CLAUSE = /^(?:import|export)\s+type\b/

function loadsNothing(text: string, start: number, entries: readonly { readonly isType: boolean }[]): boolean {
  return TYPE_CLAUSE.test(text.slice(start)) || (entries.length > 0 && entries.every(({ isType }) => isType))
}

function statements({ text, module }: Source): Found[] {
  const imports = module.staticImports.map(({ start, entries, moduleRequest }) => ({
    target: moduleRequest.value,
    start,
    runtime: !loadsNothing(text, start, entries),
  }))
  const exports = module.staticExports.flatMap(({ start, entries }) => {
    const [first] = entries
    if (!first?.moduleRequest) return []
    return [{ target: first.moduleRequest.value, start, runtime: !loadsNothing(text, start, entries) }]
  })
  return [...imports, ...exports]
}

function expressions({ text, module, comments }: Source): Found[] {
  const dynamic = module.dynamicImports.flatMap(({ start, moduleRequest }) => {
    const literal = /^['"](?<target>.+)['"]$/.exec(text.slice(moduleRequest.start, moduleRequest.end))
    return [{ target: literal?.groups?.['target'] ?? '', start, runtime: true }]
  })
  const urls = [...text.matchAll(URL_PATTERN)].map((match) => ({
    target: match.groups?.['target'] ?? '',
    start: match.index,
    runtime: true,
  }))
  const written = urls.filter(({ start }) => !comments.some((comment) => comment.start <= start && start < comment.end))
  return [...dynamic.filter(({ target }) => target !== ''), ...written]
}

/** Every import of a source, in no particular order. A dynamic import of a computed name is not among them. */
export function importsOf(source: Source): Import[] {
  return [...statements(source), ...expressions(source)].map(({ target, start, runtime }) => ({
    target,
    runtime,
    line: lineAt(source.text, start),
  }))
}

/** Names that a program declares and exports, each with the offset of its statement. */
export function exportedDeclarations(program: Program): { readonly name: string; readonly start: number }[] {
  return program.body.flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration' || !node.declaration) return []
    const { declaration, start } = node
    if (declaration.type === 'VariableDeclaration') {
      return declaration.declarations.map(({ id }) => ({ name: id.type === 'Identifier' ? id.name : '…', start }))
    }
    if (!('id' in declaration) || declaration.id?.type !== 'Identifier') return []
    return [{ name: declaration.id.name, start }]
  })
}
