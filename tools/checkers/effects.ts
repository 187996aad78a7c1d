/**
 * Effects: what touches the world is imported only in the folders that ARCHITECTURE.md names for it.
 *
 * Read from the table there, rows `| files | `fs` | `artefact`, … |`: a module of Node that stands in a row may be
 * imported only by the folders of that row, and by tests. Modules in no row are free.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Checker } from './checker.ts'
import { importsOf } from './imports.ts'
import { layerOf } from './layers.ts'
import { isTest, readSources } from './sources.ts'

/** One row: an effect, the modules that have it, and the folders that may have it. */
export interface Effect {
  readonly name: string
  readonly modules: ReadonlySet<string>
  readonly folders: ReadonlySet<string>
}

const ROW = /^\|\s*(?<name>[a-z]+)\s*\|(?<modules>[^|]*)\|(?<folders>[^|]*)\|\s*$/gm

function quoted(text = ''): ReadonlySet<string> {
  return new Set(Array.from(text.matchAll(/`([^`]+)`/g), ([, name = '']) => name))
}

/**
 * The rows of the table.
 *
 * @example
 * readEffects('| threads | `worker_threads` | `simd` |')[0].folders // new Set(['simd'])
 */
export function readEffects(page: string): Effect[] {
  const rows = Array.from(page.matchAll(ROW), ({ groups = {} }) => ({
    name: groups['name'] ?? '',
    modules: quoted(groups['modules']),
    folders: quoted(groups['folders']),
  }))
  return rows.filter(({ modules, folders }) => modules.size > 0 && folders.size > 0)
}

function moduleOf(target: string): string | undefined {
  return /^node:(?<name>[^/]+)/.exec(target)?.groups?.['name']
}

/** See the module. */
export const effects: Checker = {
  name: 'effects',
  promise: 'files, network, processes only where ARCHITECTURE.md says',
  check(root) {
    const page = join(root, 'ARCHITECTURE.md')
    const allowed = readEffects(existsSync(page) ? readFileSync(page, 'utf8') : '')
    const sources = readSources(root, ['src']).filter(({ path }) => !isTest(path) && !path.endsWith('/build.ts'))
    const violations = sources.flatMap((source) =>
      importsOf(source).flatMap(({ target, line }) => {
        const effect = allowed.find(({ modules }) => modules.has(moduleOf(target) ?? ''))
        if (!effect || effect.folders.has(layerOf(source.path))) return []
        const message = `${effect.name} (${target}) belongs to ${[...effect.folders].join(', ')}`
        return [{ path: source.path, line, message }]
      }),
    )
    return Promise.resolve({ looked: allowed.length === 0 ? 0 : sources.length, violations })
  },
}
