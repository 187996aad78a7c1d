/**
 * Doc comments: every module opens with a header, every exported symbol has a doc comment of its own.
 *
 * The header is the first thing in the file (after a `#!` line) and is not the comment of the first export: where
 * that export follows at once, two comments are wanted. Re-exports are documented where they are declared.
 */
import type { Checker, Violation } from './checker.ts'
import { exportedDeclarations } from './imports.ts'
import { isTest, lineAt, readSources, type Source } from './sources.ts'

type DocComment = Source['comments'][number]

function isDoc({ type, value }: DocComment): boolean {
  return type === 'Block' && value.startsWith('*') && /\w/.test(value)
}

function headerOf({ text, comments }: Source): DocComment | undefined {
  const [first] = comments.filter(isDoc)
  if (!first) return undefined
  const before = text.slice(0, first.start).replace(/^#!.*\n/, '')
  return before.trim() === '' ? first : undefined
}

function hasDoc(source: Source, header: DocComment | undefined, start: number): boolean {
  const between = (comment: DocComment) => source.text.slice(comment.end, start)
  return source.comments.some(
    (comment) => comment !== header && isDoc(comment) && comment.end <= start && isOnlyRemarks(between(comment)),
  )
}

function isOnlyRemarks(text: string): boolean {
  return text.replaceAll(/\/\/.*$/gm, '').trim() === ''
}

/** What one source lacks. */
export function judgeComments(source: Source): Violation[] {
  const header = headerOf(source)
  const missing = header ? [] : [{ path: source.path, line: 1, message: 'does not open with a header comment' }]
  const bare = exportedDeclarations(source.program).filter(({ start }) => !hasDoc(source, header, start))
  return [
    ...missing,
    ...bare.map(({ name, start }) => {
      return {
        path: source.path,
        line: lineAt(source.text, start),
        message: `${name} is exported without a doc comment`,
      }
    }),
  ]
}

/** See the module. */
export const docComments: Checker = {
  name: 'doc-comments',
  promise: 'every module and every export is documented',
  check(root) {
    const sources = readSources(root, ['src', 'tools', 'bench']).filter(({ path }) => !path.endsWith('.test.ts'))
    const documented = sources.filter(({ path }) => !isTest(path) || path.startsWith('src/testing/'))
    return Promise.resolve({ looked: documented.length, violations: documented.flatMap(judgeComments) })
  },
}
