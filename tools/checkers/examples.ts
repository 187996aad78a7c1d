/**
 * Examples: every `@example` line in a doc comment is true.
 *
 * A line reads `expression // expected`; both are evaluated with the exports of the module, of the folder's `index.ts`
 * and of `base/` in scope and must be deeply and strictly equal. `expression // throws code` asks for a Fault. A line
 * without `//` proves nothing and is a violation. They run in a process of their own.
 */
import { join } from 'node:path'
import { PATIENCE, runProgram, type Checker, type Violation } from './checker.ts'
import { lineAt, readSources, type Source } from './sources.ts'

/** One line of an example. */
export interface Example {
  readonly path: string
  readonly line: number
  readonly expression: string
  /** An expression, or `throws code`; undefined when the line has none. */
  readonly expected: string | undefined
}

function strip(line: string): string {
  return line
    .replace(/^\s*\*? ?/, '')
    .replace(/\s*\*?$/, '')
    .trimEnd()
}

function splitLine(text: string): Pick<Example, 'expression' | 'expected'> {
  const at = text.lastIndexOf(' // ')
  if (at < 0) return { expression: text, expected: undefined }
  return { expression: text.slice(0, at).trim(), expected: text.slice(at + 4).trim() }
}

function readComment(comment: string): { readonly text: string; readonly row: number }[] {
  const found: { text: string; row: number }[] = []
  let open = false
  for (const [row, raw] of comment.split('\n').entries()) {
    const line = strip(raw)
    const start = /(?:^|\s)@example\b\s*(?<rest>.*)$/.exec(line)
    if (start) open = true
    else if (/^\s*@/.test(line)) open = false
    const text = start ? (start.groups?.['rest'] ?? '') : line
    if (open && text.trim() !== '') found.push({ text, row })
  }
  return found
}

/** The example lines of one source. */
export function examplesOf({ path, text, comments }: Source): Example[] {
  const docs = comments.filter(({ type, value }) => type === 'Block' && value.startsWith('*'))
  return docs.flatMap(({ value, start }) =>
    readComment(value).map((found) => ({ path, line: lineAt(text, start) + found.row, ...splitLine(found.text) })),
  )
}

/** Runs examples in a process of their own and gives what is not true of them. */
export async function runExamples(root: string, examples: readonly Example[]): Promise<Violation[]> {
  const silent = examples.filter(({ expected }) => expected === undefined)
  const input = JSON.stringify({ root, examples: examples.filter(({ expected }) => expected !== undefined) })
  const runner = join(import.meta.dirname, 'run-examples.ts')
  const { stdout, stderr, code } = await runProgram(process.execPath, [runner], { cwd: root, input, timeout: PATIENCE })
  const broken: readonly Violation[] =
    code === 0
      ? (JSON.parse(stdout) as readonly Violation[])
      : [{ path: '.', message: `the examples ended the process (${code}): ${stderr.trim().slice(-500)}` }]
  const mute = silent.map(({ path, line }) => ({
    path,
    line,
    message: 'the example says no result: end it with // result',
  }))
  return [...mute, ...broken]
}

/** See the module. */
export const examples: Checker = {
  name: 'examples',
  promise: 'every @example gives what it says',
  async check(root) {
    const sources = readSources(root, ['src', 'tools']).filter(({ path }) => !path.endsWith('.test.ts'))
    const found = sources.flatMap(examplesOf)
    return { looked: found.length, violations: found.length > 0 ? await runExamples(root, found) : [] }
  },
}
