/**
 * `npm run build`: makes `dist/`, which is what is published.
 *
 * `tsc` turns `src/` into JavaScript and declarations; the reading process becomes one file, so that it starts fast;
 * the public verifier becomes a module for browsers, and the page that checks certificates one file; files that the
 * program reads beside its code are copied. A file of a kind that is in neither list below stops the build, so that
 * nothing that is needed is left behind unnoticed.
 * At the end publint looks at the result as somebody who installs it would.
 */
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { HOME, runTool, type Run } from './checkers/checker.ts'
import { listFiles } from './checkers/sources.ts'

/** Kinds of files that the program reads at run time. */
const ASSETS = /\.(?:wasm|sql|css|json|svg|toml)$/

/** What stays behind: sources, and what only tests or the making of other files need. */
const LEFT_BEHIND =
  /\.ts$|\/tsconfig\.json$|\.py$|\.R$|\.snapshot\.\w+$|(?:^|\/)(?:[\w-]+-)?vectors(?:\/|\.)|\/testing\//

/** Bytes of the verifier for browsers, gzipped. */
const MOST_VERIFIER = 60 * 1024

function stop(reason: string): never {
  console.error(`build: ${reason}`)
  return process.exit(1)
}

function ensure(run: Run, tool: string): void {
  if (run.code !== 0) stop(`${tool} ended with ${run.code}\n${run.stdout}${run.stderr}`)
}

function copyAssets(): number {
  const files = listFiles(HOME, 'src').filter((path) => !LEFT_BEHIND.test(path))
  const unknown = files.filter((path) => !ASSETS.test(path))
  if (unknown.length > 0) stop(`tools/build.ts does not know what to do with ${unknown.join(', ')}`)
  for (const path of files) cpSync(join(HOME, path), join(HOME, path.replace(/^src/, 'dist')))
  return files.length
}

/** A path to a `.ts` file that tsc left in a string would not exist after publishing. */
function refuseForgottenPaths(paths: readonly string[]): void {
  const forgotten = paths.filter((path) => {
    return path.endsWith('.js') && /['"]\.{1,2}\/[^'"\s]*\.ts['"]/.test(readFileSync(join(HOME, path), 'utf8'))
  })
  if (forgotten.length > 0) stop(`a string still names a .ts file in ${forgotten.join(', ')}`)
}

function listBuilt(folder = 'dist'): string[] {
  return existsSync(join(HOME, folder)) ? listFiles(HOME, folder) : stop(`${folder} is missing`)
}

rmSync(join(HOME, 'dist'), { recursive: true, force: true })
ensure(await runTool('tsc', ['-p', 'tsconfig.build.json', '--pretty', 'false'], HOME), 'tsc')
const reading = 'dist/formats/isolation/child.js'
ensure(await runTool('node', ['src/formats/isolation/build.ts', reading, reading], HOME), 'esbuild')
const page = 'dist/app/web/verifier/verifier.html'
const verifier = 'dist/verify.browser.js'
ensure(await runTool('node', ['src/app/web/verifier/build.ts', page, verifier], HOME), 'esbuild')
const copied = copyAssets()
const built = listBuilt()
refuseForgottenPaths(built)
ensure(await runTool('publint', ['--strict', '--pack', 'false'], HOME), 'publint')
const gzipped = gzipSync(readFileSync(join(HOME, verifier)), { level: 9 }).length
if (gzipped > MOST_VERIFIER) stop(`${verifier} has ${gzipped} bytes gzipped; at most ${MOST_VERIFIER}`)
console.log(`${verifier}: ${gzipped} bytes gzipped, of at most ${MOST_VERIFIER}`)
console.log(`dist: ${built.length} files, ${copied} of them copied; publint has nothing to say`)
