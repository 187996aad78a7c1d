/**
 * Sizes: no source is longer than 300 lines, whatever language it is written in.
 *
 * oxlint holds TypeScript to this and to limits for functions; this checker sees the rest: AssemblyScript, SQL, CSS
 * and shell.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Checker } from './checker.ts'
import { listFiles } from './sources.ts'

/** Lines that a source may have. */
export const MAX_LINES = 300

const SOURCE = /\.(?:ts|sql|css|sh)$|^bin\/tidewaiter$|^\.ci\/run$/

/** See the module. */
export const sizes: Checker = {
  name: 'sizes',
  promise: `no source has more than ${MAX_LINES} lines`,
  check(root) {
    const folders = ['src', 'tools', 'test', 'bench', 'bin', '.ci']
    const paths = folders.flatMap((folder) => listFiles(root, folder)).filter((path) => SOURCE.test(path))
    const violations = paths.flatMap((path) => {
      const lines = readFileSync(join(root, path), 'utf8').trimEnd().split('\n').length
      return lines > MAX_LINES ? [{ path, message: `has ${lines} lines; ${MAX_LINES} is the limit` }] : []
    })
    return Promise.resolve({ looked: paths.length, violations })
  },
}
