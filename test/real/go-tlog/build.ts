/**
 * Builds the Go program that checks us, once into the cache of real tests; where there is no Go or no module proxy, the
 * tests that need it say so.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE } from '../packages.ts'

/** Path of the program, or why there is none. */
export function buildGoTlog(): { readonly program: string; readonly skip: false } | { readonly skip: string } {
  const digest = createHash('sha256')
  for (const name of ['main.go', 'go.mod', 'go.sum']) digest.update(readFileSync(join(import.meta.dirname, name)))
  const program = join(CACHE, `go-tlog-${digest.digest('hex').slice(0, 16)}`)
  if (existsSync(program)) return { program, skip: false }
  try {
    mkdirSync(CACHE, { recursive: true })
    const aside = `${program}.${process.pid}`
    execFileSync('go', ['build', '-o', aside, '.'], {
      cwd: import.meta.dirname,
      stdio: 'pipe',
      timeout: 600_000,
      encoding: 'utf8',
    })
    renameSync(aside, program)
    return { program, skip: false }
  } catch (thrown) {
    const { stderr, message } = thrown as { readonly stderr?: string; readonly message: string }
    const said = stderr?.trim().split('\n').at(-1)
    return { skip: `sumdb/tlog of Go cannot be built: ${said === undefined || said === '' ? message : said}` }
  }
}
