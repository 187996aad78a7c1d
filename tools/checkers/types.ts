/** Types: `tsc` finds no error. Enums, parameter properties and namespaces are errors too (erasable syntax only). */
import { runTool, toolFailure, type Checker, type Violation } from './checker.ts'

const LINE = /^(?<path>[^(\s][^(]*)\((?<line>\d+),\d+\): error (?<message>.+)$/

function parseLine(line: string): Violation[] {
  const found = LINE.exec(line)?.groups
  return found ? [{ path: found['path'] ?? '', line: Number(found['line']), message: found['message'] ?? '' }] : []
}

/** See the module. */
export const types: Checker = {
  name: 'types',
  promise: 'tsc finds no error',
  async check(root) {
    const run = await runTool('tsc', ['-p', root, '--pretty', 'false', '--listFiles'], root)
    const lines = run.stdout.split('\n')
    const own = lines.filter((line) => line.startsWith(`${root}/`) && !line.includes('/node_modules/'))
    const violations = lines.flatMap(parseLine)
    const silent = run.code !== 0 && violations.length === 0
    return { looked: own.length, violations: silent ? [toolFailure('tsc', run)] : violations }
  },
}
