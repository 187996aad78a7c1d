/** A tiny checkout for the tests of the checkers: our own configuration, and files with planted violations. */
import { cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder, type Cleanable } from '../../src/testing/folders.ts'
import { HOME, type Checker } from './checker.ts'

const CONFIGURATION = ['.oxfmtrc.json', '.oxlintrc.json', 'knip.json', 'package.json', 'tsconfig.json']

/** Files by their path. */
export type Tree = Readonly<Record<string, string>>

/** Writes a checkout with the real configuration and the given files, which come last. @returns its absolute path */
export function plant(context: Cleanable, tree: Tree): string {
  const root = realpathSync(temporaryFolder(context))
  for (const path of CONFIGURATION) cpSync(join(HOME, path), join(root, path))
  symlinkSync(join(HOME, 'node_modules'), join(root, 'node_modules'))
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

/** What a checker says of a planted tree: `path:line message`, one for each violation. */
export async function complaints(checker: Checker, context: Cleanable, tree: Tree): Promise<string[]> {
  const { violations } = await checker.check(plant(context, tree))
  return violations.map(({ path, line, message }) => `${path}${line === undefined ? '' : `:${line}`} ${message}`)
}
