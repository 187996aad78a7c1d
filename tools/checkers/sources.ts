/**
 * The sources of a checkout, parsed.
 *
 * TypeScript 7 offers no syntax tree to JavaScript, so the checkers that need one take it from oxc's parser, which
 * also lists imports and exports. AssemblyScript (`*.as.ts`) is another language and is left out.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, type Comment, type EcmaScriptModule, type Program } from 'oxc-parser'

/** One parsed file. */
export interface Source {
  /** Relative to the root, with slashes. */
  readonly path: string
  readonly text: string
  readonly program: Program
  readonly module: EcmaScriptModule
  readonly comments: readonly Comment[]
}

/** Paths of all files under a folder of the checkout, sorted, relative to the root; hidden and built ones left out. */
export function listFiles(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  const kept = entries.filter(({ name }) => name !== 'node_modules' && name !== 'dist')
  const paths = kept.flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? listFiles(root, path) : [path]
  })
  return paths.toSorted()
}

/** True for TypeScript that Node runs. */
function isTypeScript(path: string): boolean {
  return path.endsWith('.ts') && !path.endsWith('.as.ts') && !path.endsWith('.d.ts')
}

/** True for a file that only tests use. */
export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || /^src\/(?:.+\/)?testing\//.test(path) || path.startsWith('test/')
}

/** Parses one file. @throws SyntaxError when it does not parse */
export function parseSource(path: string, text: string): Source {
  const { program, module, comments, errors } = parseSync(path, text)
  const [error] = errors
  if (error) throw new SyntaxError(`${path}: ${error.message}`)
  return { path, text, program, module, comments }
}

/** What was parsed in this process, by absolute path: several checkers look at the same files. */
const parsed = new Map<string, Source>()

function readSource(root: string, path: string): Source {
  const text = readFileSync(join(root, path), 'utf8')
  const known = parsed.get(join(root, path))
  if (known?.text === text) return known
  const source = parseSource(path, text)
  parsed.set(join(root, path), source)
  return source
}

/** Parses all TypeScript under the given folders. */
export function readSources(root: string, folders: readonly string[]): Source[] {
  const paths = folders.flatMap((folder) => listFiles(root, folder)).filter(isTypeScript)
  return paths.map((path) => readSource(root, path))
}

/** The line, from 1, on which an offset stands. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
