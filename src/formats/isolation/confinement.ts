/**
 * How the reading process is confined: the flags it is started with, and what it may read.
 *
 * It may read the files of one artefact, our own base and formats folders, and the packages that they import. It gets
 * no environment, no right to write, to start processes or threads, or to load native code; no code is made from
 * strings in it; its heap is capped, so that with the largest header it stays below 256 MB.
 *
 * Not denied under Node 24: the network, for which no reader has any use.
 *
 * Source: Node.js permission model, https://nodejs.org/docs/latest-v24.x/api/permissions.html
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import type { Program } from './prepared-program.ts'

/** Megabytes of old space of the reading process. */
export const HEAP_MEGABYTES = 128
const MOST_FOLDERS = 64

/** What to start and what it may read. */
export interface Confinement {
  readonly program: Program
  /** Absolute paths of the files of the artefact. */
  readonly files: readonly string[]
  readonly heapMegabytes: number
}

function commonFolder(folders: readonly string[]): string {
  const [first = sep, ...others] = folders
  let common = first
  while (!others.every((folder) => folder === common || folder.startsWith(common + sep))) common = dirname(common)
  return common
}

/**
 * The folders (or the one file) to which the right to read is limited: as few as cover all files.
 *
 * @example
 * readableRoots(['/m/a', '/m/b/c']) // ['/m']
 */
export function readableRoots(files: readonly string[]): readonly string[] {
  if (files.length === 1) return files
  const folders = [...new Set(files.map((file) => dirname(file)))].toSorted((a, b) => a.length - b.length)
  const roots: string[] = []
  for (const folder of folders) if (!roots.some((root) => folder.startsWith(root + sep))) roots.push(folder)
  return roots.length > MOST_FOLDERS ? [commonFolder(roots)] : roots
}

/** A package where it really stands, and where it is looked for: some installers put a link there. */
function packages(): readonly string[] {
  const here = createRequire(import.meta.url)
  const looked = (here.resolve.paths('yaml') ?? []).map((folder) => join(folder, 'yaml'))
  return [dirname(here.resolve('yaml/package.json')), ...looked.filter((path) => existsSync(path))]
}

/** Arguments for the runtime that start the program confined. */
export function confinedArguments({ program, files, heapMegabytes }: Confinement): readonly string[] {
  const readable = [program.file, ...program.folders, ...packages(), ...readableRoots(files)]
  return [
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    '--disallow-code-generation-from-strings',
    '--no-warnings',
    `--max-old-space-size=${heapMegabytes}`,
    '--max-semi-space-size=4',
    program.file,
  ]
}
