/** Dead code: knip finds no file, export or dependency that nobody uses, and none that is used but not declared. */
import { runTool, toolFailure, type Checker, type Violation } from './checker.ts'
import { listFiles } from './sources.ts'

interface Named {
  readonly name: string
  readonly line?: number
}

type Issue = { readonly file: string } & Readonly<Record<string, unknown>>

const MEANING: ReadonlyMap<string, string> = new Map([
  ['files', 'nobody imports this file'],
  ['exports', 'nobody imports'],
  ['types', 'nobody imports the type'],
  ['dependencies', 'nothing uses the dependency'],
  ['devDependencies', 'nothing uses the development dependency'],
  ['unlisted', 'package.json does not list'],
  ['unresolved', 'cannot be resolved:'],
  ['binaries', 'package.json brings no program'],
  ['duplicates', 'is exported twice'],
])

function readIssue(issue: Issue): Violation[] {
  return Object.entries(issue).flatMap(([kind, value]) => {
    if (!Array.isArray(value)) return []
    return value.flat().map(({ name, line }: Named) => {
      const message = kind === 'files' ? 'nobody imports this file' : `${MEANING.get(kind) ?? kind} ${name}`
      return { path: issue.file, ...(line === undefined ? {} : { line }), message }
    })
  })
}

/** See the module. */
export const deadCode: Checker = {
  name: 'dead-code',
  promise: 'knip finds nothing unused or undeclared',
  async check(root) {
    const run = await runTool('knip', ['--reporter', 'json', '--no-progress', '--treat-config-hints-as-errors'], root)
    const looked = listFiles(root, 'src').length
    if (run.code === 0) return { looked, violations: [] }
    try {
      const { issues } = JSON.parse(run.stdout) as { readonly issues: readonly Issue[] }
      const violations = issues.flatMap(readIssue)
      return { looked, violations: violations.length > 0 ? violations : [toolFailure('knip', run)] }
    } catch {
      return { looked, violations: [toolFailure('knip', run)] }
    }
  },
}
