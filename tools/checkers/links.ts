/** Links: a relative link in README.md, the pages beside it, docs/ or examples/ leads to a file that is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Checker, Violation } from './checker.ts'
import { lineAt, listFiles } from './sources.ts'

const LINK = /\]\((?<target>[^)\s#]+)(?:#[^)\s]*)?\)/g

function judge(root: string, path: string): Violation[] {
  const text = readFileSync(join(root, path), 'utf8')
  const links = Array.from(text.matchAll(LINK), ({ groups, index }) => ({ target: groups?.['target'] ?? '', index }))
  const relative = links.filter(({ target }) => !/^[a-z]+:/.test(target))
  const broken = relative.filter(({ target }) => !existsSync(join(root, dirname(path), target)))
  return broken.map(({ target, index }) => ({ path, line: lineAt(text, index), message: `${target} is not there` }))
}

/** See the module. */
export const links: Checker = {
  name: 'links',
  promise: 'relative links in the pages lead somewhere',
  check(root) {
    const pages = [...readdirSync(root), ...listFiles(root, 'docs'), ...listFiles(root, 'examples')]
    const paths = pages.filter((path) => path.endsWith('.md'))
    return Promise.resolve({ looked: paths.length, violations: paths.flatMap((path) => judge(root, path)) })
  },
}
