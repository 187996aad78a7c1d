/** Generated: the pages under docs/ that are made from the program are what the program would make now. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Checker, Violation } from './checker.ts'
import { listFiles } from './sources.ts'

const REMEDY = 'run npm run docs'

function judge(root: string, path: string, text: string): Violation[] {
  if (!existsSync(join(root, path))) return [{ path, message: `is missing; ${REMEDY}` }]
  return readFileSync(join(root, path), 'utf8') === text ? [] : [{ path, message: `is stale; ${REMEDY}` }]
}

/** See the module. */
export const generated: Checker = {
  name: 'generated',
  promise: 'generated pages are up to date',
  async check(root) {
    const { GENERATED_FOLDERS, makeDocuments } = await import('../documents.ts')
    const documents = makeDocuments()
    const present = GENERATED_FOLDERS.flatMap((folder) => listFiles(root, folder))
    const orphans = present.filter((path) => !documents.has(path))
    const violations = [
      ...Array.from(documents, ([path, text]) => judge(root, path, text)).flat(),
      ...orphans.map((path) => ({ path, message: `nothing makes this page; ${REMEDY}` })),
    ]
    return { looked: documents.size, violations }
  },
}
