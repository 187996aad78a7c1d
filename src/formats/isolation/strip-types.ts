/**
 * A small program: copies folders of TypeScript as JavaScript, `strip-types.ts FROM TO FOLDER…`.
 *
 * Types are blanked out, so lines and columns stay where they were; imports of `.ts` become imports of `.js`. Tests are
 * left out. It runs in a process of its own because the runtime warns about the function that it uses.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'

const IMPORT = /(\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.[^'"\n]*)\.ts\2/g

const [from = '', to = '', ...folders] = process.argv.slice(2)
for (const folder of folders) {
  for (const name of readdirSync(join(from, folder), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue
    const target = join(to, folder, name.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(target), { recursive: true })
    const script = stripTypeScriptTypes(readFileSync(join(from, folder, name), 'utf8'))
    writeFileSync(target, script.replaceAll(IMPORT, '$1$2$3.js$2'))
  }
}
writeFileSync(join(to, 'package.json'), '{"type":"module"}\n')
