/**
 * The program of the reading process, in one file.
 *
 * In an installation it is one file of JavaScript already. In a checkout the runtime would strip the types of five
 * hundred files and link them whenever a process starts, 0.6 s of CPU time, and may not keep what it made, because the
 * process may not write. So one file made of them is kept under `node_modules/.cache`, named after the digest of its
 * sources: a changed source is another file. Where none can be made the sources themselves are run.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const SOURCE = resolve(import.meta.dirname, '../..')
const CACHE = resolve(SOURCE, '../node_modules/.cache/tidewaiter')
const FOLDERS = ['base', 'formats']
const PROGRAM = 'formats/isolation/child'
const KEPT = 24 * 60 * 60 * 1000

/** The program to start, and the folder that holds it and all of ours that it imports. */
export interface Program {
  readonly file: string
  readonly folders: readonly string[]
}

/** The program as it stands beside this module: JavaScript in an installation, TypeScript in a checkout. */
export const PLAIN_PROGRAM: Program = {
  file: join(SOURCE, PROGRAM + extname(import.meta.filename)),
  folders: [...FOLDERS.map((folder) => join(SOURCE, folder)), resolve(SOURCE, '../package.json')],
}

let digest: string | undefined

/** Digest of the sources as this process found them. */
function sourceDigest(): string {
  digest ??= digestSources()
  return digest
}

/** Sources below a folder. Entries come with their types: asking for names alone would ask for each what it is. */
function listSources(folder: string): string[] {
  return readdirSync(join(SOURCE, folder), { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted()
}

function digestSources(): string {
  const hash = createHash('sha256').update(process.version)
  for (const path of FOLDERS.flatMap(listSources))
    hash.update(`\0${path.slice(SOURCE.length)}\0`).update(readFileSync(path))
  return hash.digest('hex').slice(0, 32)
}

/** Removes copies of other sources that nobody has made for a day. */
function removeOld(cache: string, current: string): void {
  for (const name of readdirSync(cache)) {
    const copy = join(cache, name)
    if (!name.startsWith('readers-') || copy === current || Date.now() - statSync(copy).mtimeMs < KEPT) continue
    rmSync(copy, { recursive: true, force: true })
  }
}

async function makeCopy(copy: string): Promise<void> {
  const draft = `${copy}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  try {
    const script = join(import.meta.dirname, 'build.ts')
    const words = ['--no-warnings', script, PLAIN_PROGRAM.file, join(draft, 'child.js')]
    await promisify(execFile)(process.execPath, words, { env: {} })
    renameSync(draft, copy)
    removeOld(dirname(copy), copy)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/**
 * The program of the reading process in its fastest form that can be had here; see the module.
 *
 * @param cache folder that may be written to
 */
export async function prepareProgram(cache: string = CACHE): Promise<Program> {
  if (extname(import.meta.filename) === '.js') return PLAIN_PROGRAM
  const copy = join(cache, `readers-${sourceDigest()}`)
  const program = { file: join(copy, 'child.js'), folders: [copy] }
  try {
    if (!existsSync(program.file)) await makeCopy(copy)
  } catch {
    return existsSync(program.file) ? program : PLAIN_PROGRAM
  }
  return program
}
