/**
 * Types: `tsc` finds no error, neither in the whole nor in a part that has a `tsconfig.json` of its own because it runs
 * in a browser. Enums, parameter properties and namespaces are errors too (erasable syntax only).
 */
import { dirname, join } from 'node:path'
import { runTool, toolFailure, type Checker, type Violation } from './checker.ts'
import { listFiles } from './sources.ts'

const LINE = /^(?<path>[^(\s][^(]*)\((?<line>\d+),\d+\): error (?<message>.+)$/

function parseLine(line: string): Violation[] {
  const found = LINE.exec(line)?.groups
  return found ? [{ path: found['path'] ?? '', line: Number(found['line']), message: found['message'] ?? '' }] : []
}

interface Findings {
  readonly own: readonly string[]
  readonly violations: readonly Violation[]
}

async function compile(root: string, project: string): Promise<Findings> {
  const run = await runTool('tsc', ['-p', project, '--pretty', 'false', '--listFiles'], root)
  const lines = run.stdout.split('\n')
  const own = lines.filter((line) => line.startsWith(`${root}/`) && !line.includes('/node_modules/'))
  const violations = lines.flatMap(parseLine)
  const silent = run.code !== 0 && violations.length === 0
  return { own, violations: silent ? [toolFailure('tsc', run)] : violations }
}

/** See the module. */
export const types: Checker = {
  name: 'types',
  promise: 'tsc finds no error',
  async check(root) {
    const parts = listFiles(root, 'src').filter((path) => path.endsWith('/tsconfig.json'))
    const found = await Promise.all(
      [root, ...parts.map((path) => join(root, dirname(path)))].map((project) => compile(root, project)),
    )
    return {
      looked: new Set(found.flatMap(({ own }) => own)).size,
      violations: found.flatMap(({ violations }) => violations),
    }
  },
}
