/**
 * Programs in Go for tests, ours that check us and those of others, built once into the cache of real tests; where there
 * is no Go or no module proxy, the tests that need one say so.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CACHE } from './packages.ts'

type GoProgram = { readonly program: string; readonly skip: false } | { readonly skip: string }

/** The program at a path, made when it is not there. */
function makeOnce(program: string, make: () => void): GoProgram {
  if (existsSync(program)) return { program, skip: false }
  try {
    mkdirSync(dirname(program), { recursive: true })
    make()
    return { program, skip: false }
  } catch (thrown) {
    const { stderr, message } = thrown as { readonly stderr?: string; readonly message: string }
    const said = stderr?.trim().split('\n').at(-1)
    return { skip: `${basename(program)} cannot be built: ${said === undefined || said === '' ? message : said}` }
  }
}

function runGo(words: readonly string[], where: { readonly cwd?: string; readonly bin?: string }): void {
  const env = where.bin === undefined ? process.env : { ...process.env, GOBIN: where.bin }
  execFileSync('go', words, { cwd: where.cwd, env, stdio: 'pipe', timeout: 600_000, encoding: 'utf8' })
}

/** Path of the program that stands in a folder beside this file, or why there is none. */
export function buildGo(name: string): GoProgram {
  const folder = join(import.meta.dirname, name)
  const digest = createHash('sha256')
  for (const file of ['main.go', 'go.mod', 'go.sum']) digest.update(readFileSync(join(folder, file)))
  const program = join(CACHE, `${name}-${digest.digest('hex').slice(0, 16)}`)
  return makeOnce(program, () => {
    const aside = `${program}.${process.pid}`
    runGo(['build', '-o', aside, '.'], { cwd: folder })
    renameSync(aside, program)
  })
}

/** The program of a module at a version, or why there is none. */
export function findGoProgram(module: string, version: string): GoProgram {
  const folder = join(CACHE, `${basename(module)}-${version}`)
  return makeOnce(join(folder, basename(module)), () => runGo(['install', `${module}@${version}`], { bin: folder }))
}
