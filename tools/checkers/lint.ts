/** Lint: oxlint, with the rules that need types, has nothing to say. Size and complexity limits are among them. */
import { runTool, toolFailure, type Checker, type Inspection } from './checker.ts'

interface Diagnostic {
  readonly message: string
  readonly code?: string
  readonly help?: string
  readonly filename: string
  readonly labels: readonly { readonly span: { readonly line: number } }[]
}

interface Report {
  readonly diagnostics: readonly Diagnostic[]
  readonly number_of_files: number
}

function readReport({ diagnostics, number_of_files }: Report): Inspection {
  const violations = diagnostics.map(({ filename, labels, message, code = 'oxlint' }) => {
    const line = labels[0]?.span.line
    return { path: filename, ...(line === undefined ? {} : { line }), message: `${message} [${code}]` }
  })
  return { looked: number_of_files, violations }
}

/** See the module. */
export const lint: Checker = {
  name: 'lint',
  promise: 'oxlint with type-aware rules finds nothing',
  async check(root) {
    const run = await runTool('oxlint', ['--format=json'], root)
    try {
      return readReport(JSON.parse(run.stdout) as Report)
    } catch {
      return { looked: 1, violations: [toolFailure('oxlint', run)] }
    }
  },
}
