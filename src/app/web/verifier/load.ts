/**
 * The page that checks certificates, for whoever serves it: the file that the build made, or in a checkout a fresh one.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const BUILT = join(import.meta.dirname, 'verifier.html')
const BUILDER = join(import.meta.dirname, 'build.ts')

/** The page, without anybody's keys in it. */
export async function loadVerifierPage(): Promise<string> {
  if (existsSync(BUILT)) return readFileSync(BUILT, 'utf8')
  const builder = (await import(pathToFileURL(BUILDER).href)) as { buildVerifierPage(): Promise<string> }
  return builder.buildVerifierPage()
}
