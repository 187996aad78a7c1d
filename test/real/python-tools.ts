/**
 * Python packages for tests, in a virtual environment of their own under the cache; or the reason why there is none.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE } from './packages.ts'

function run(program: string, words: readonly string[]): void {
  execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 600_000 })
}

/** The interpreter of an environment that has these packages, each `name==version`. */
export function findPython(
  name: string,
  packages: readonly string[],
): { readonly python: string; readonly skip: false } | { readonly skip: string } {
  const folder = join(CACHE, `python-${name}`)
  const [python, done] = [join(folder, 'bin/python'), join(folder, packages.join(' ').replaceAll(/[^\w.= -]/g, '_'))]
  if (existsSync(done)) return { python, skip: false }
  try {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(CACHE, { recursive: true })
    run('python3', ['-m', 'venv', folder])
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages])
    writeFileSync(done, '')
    return { python, skip: false }
  } catch (thrown) {
    const { stderr, message } = thrown as { readonly stderr?: string | null; readonly message: string }
    const said = (stderr ?? '').trim().split('\n').at(-1) ?? ''
    return { skip: `${packages.join(', ')}: cannot be installed: ${said === '' ? message : said}` }
  }
}
