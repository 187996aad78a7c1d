/**
 * Runs every benchmark of this folder, one after another: `npm run bench [-- --guard] [-- NAME…]`.
 *
 * With `--guard` each exits with 1 when a bar is missed by processor time, and so does this. Wall times are printed and
 * never guarded, since a shared machine gives wall times several times too long.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'

const words = process.argv.slice(2)
const named = words.filter((word) => !word.startsWith('-'))
const flags = words.filter((word) => word.startsWith('-'))
const programs = globSync(join(import.meta.dirname, '*.ts'))
  .toSorted()
  .filter((path) => path !== import.meta.filename && (named.length === 0 || named.includes(basename(path, '.ts'))))
if (programs.length === 0) throw new Error(`no benchmark is called ${named.join(' or ')}`)

const missed: string[] = []
for (const path of programs) {
  const name = basename(path, '.ts')
  console.log(`\n== ${name}`)
  if (spawnSync(process.execPath, [path, ...flags], { stdio: 'inherit' }).status !== 0) missed.push(name)
}
console.log(missed.length === 0 ? '\nEvery benchmark ended well.' : `\nNot well: ${missed.join(', ')}.`)
process.exitCode = missed.length === 0 ? 0 : 1
