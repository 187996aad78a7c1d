/** Programs in Go for tests, built once into the cache; or the reason why there is none. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { CACHE } from './packages.ts'

/** The program of a module at a version. */
export function findGoProgram(
  module: string,
  version: string,
): { readonly program: string; readonly skip: false } | { readonly skip: string } {
  const folder = join(CACHE, `${basename(module)}-${version}`)
  const program = join(folder, basename(module))
  if (existsSync(program)) return { program, skip: false }
  try {
    mkdirSync(folder, { recursive: true })
    const env = { ...process.env, GOBIN: folder }
    execFileSync('go', ['install', `${module}@${version}`], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 600_000,
    })
    return { program, skip: false }
  } catch (thrown) {
    return { skip: `${module} cannot be built: ${(thrown as Error).message.split('\n')[0]}` }
  }
}
