/**
 * Layers: a folder of `src/` imports only from folders that stand before it in ARCHITECTURE.md.
 *
 * The order is read from the table there, so the page cannot drift from the tree: rows with the same number never
 * import from each other, rows marked "later" must not exist yet, all others must. Another folder is entered only
 * through its `index.ts`, or that of a part to which the page gives a door of its own; `src/testing/` only by tests;
 * `src/verify.ts` reaches only what the page says, and takes single modules, so that it loads nothing beside them.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Checker, Violation } from './checker.ts'
import { readOrder, type LayerOrder } from './layer-order.ts'
import { importsOf, type Import } from './imports.ts'
import { isTest, readSources, type Source } from './sources.ts'

function normalise(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/** Path of a relative import from the root of the checkout. */
export function resolveImport(from: string, target: string): string {
  return normalise(`${from}/../${target}`)
}

/** The folder of `src/` in which a path stands; the file name itself for a file directly in `src/`. */
export function layerOf(path: string): string {
  return path.split('/')[1] ?? ''
}

const PUBLIC_ENTRIES = new Set(['index.ts'])

function judgeTesting(source: Source): string | undefined {
  return isTest(source.path) ? undefined : 'src/testing/ is for tests only'
}

function judgeOrder(order: LayerOrder, from: string, to: string): string | undefined {
  if (PUBLIC_ENTRIES.has(from) || (to === 'verify.ts' && from === order.last)) return undefined
  if (from === 'verify.ts') {
    return order.verifyReaches.has(to) ? undefined : `verify.ts reaches only ${[...order.verifyReaches].join(', ')}`
  }
  const [mine, theirs] = [order.ranks.get(from), order.ranks.get(to)]
  if (mine === undefined || theirs === undefined)
    return `no row in ARCHITECTURE.md names ${mine === undefined ? from : to}`
  return theirs < mine ? undefined : `${from} must not import from ${to} (ARCHITECTURE.md: ${mine} and ${theirs})`
}

function isDoor({ doors }: LayerOrder, path: string, layer: string): boolean {
  if (path === `src/${layer}/index.ts` || path === 'src/verify.ts') return true
  return [...doors].some((door) => path === `src/${door}/index.ts`)
}

function judgeImport(order: LayerOrder, source: Source, { target }: Import): string | undefined {
  if (!target.startsWith('.')) return undefined
  const path = resolveImport(source.path, target)
  if (!path.startsWith('src/')) return `${path} lies outside src/`
  const [from, to] = [layerOf(source.path), layerOf(path)]
  if (from === to || from === 'testing') return undefined
  if (to === 'testing') return judgeTesting(source)
  const wrong = judgeOrder(order, from, to)
  if (wrong !== undefined || from === 'verify.ts') return wrong
  return isDoor(order, path, to) ? undefined : `${to} is entered only through src/${to}/index.ts`
}

function judgeSource(order: LayerOrder, source: Source): Violation[] {
  return importsOf(source).flatMap((one) => {
    const message = judgeImport(order, source, one)
    return message === undefined ? [] : [{ path: source.path, line: one.line, message }]
  })
}

function judgeFolders(order: LayerOrder, sources: readonly Source[]): Violation[] {
  const paths = new Set(sources.map(({ path }) => path))
  const present = new Set([...paths].map(layerOf))
  const unlisted = [...present].filter((name) => !name.endsWith('.ts') && name !== 'testing' && !order.ranks.has(name))
  const missing = [...order.ranks.keys()].filter((name) => !order.later.has(name) && !present.has(name))
  const walled = [...order.doors].filter((door) => !paths.has(`src/${door}/index.ts`))
  const early = [...order.later].filter((name) => present.has(name))
  return [
    ...unlisted.map((name) => ({ path: `src/${name}`, message: 'has no row in ARCHITECTURE.md' })),
    ...missing.map((name) => ({ path: 'ARCHITECTURE.md', message: `names src/${name}/, which does not exist` })),
    ...walled.map((door) => ({ path: 'ARCHITECTURE.md', message: `names src/${door}/index.ts, which does not exist` })),
    ...early.map((name) => ({
      path: 'ARCHITECTURE.md',
      message: `says that src/${name}/ comes later, but it is here`,
    })),
  ]
}

/** See the module. */
export const layers: Checker = {
  name: 'layers',
  promise: 'imports follow ARCHITECTURE.md',
  check(root) {
    const page = join(root, 'ARCHITECTURE.md')
    const order = readOrder(existsSync(page) ? readFileSync(page, 'utf8') : '')
    const sources = readSources(root, ['src'])
    const violations = [...judgeFolders(order, sources), ...sources.flatMap((source) => judgeSource(order, source))]
    return Promise.resolve({ looked: order.ranks.size === 0 ? 0 : sources.length, violations })
  },
}
