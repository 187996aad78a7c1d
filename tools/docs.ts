/** `npm run docs`: writes the generated pages and removes those that nothing makes any more. See `documents.ts`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { HOME } from './checkers/checker.ts'
import { listFiles } from './checkers/sources.ts'
import { GENERATED_FOLDERS, makeDocuments } from './documents.ts'

const documents = makeDocuments()
const stale = GENERATED_FOLDERS.flatMap((folder) => listFiles(HOME, folder)).filter((path) => !documents.has(path))
for (const path of stale) rmSync(join(HOME, path))
for (const [path, text] of documents) {
  mkdirSync(dirname(join(HOME, path)), { recursive: true })
  writeFileSync(join(HOME, path), text)
}
console.log(`${documents.size} pages written, ${stale.length} removed`)
