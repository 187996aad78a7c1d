/**
 * How the reading process is confined: what it is started in, the flags it is started with, and what it may read.
 *
 * It gets the files of the artefact as open descriptors, for reading, and may open nothing but our own base and formats
 * folders and the packages that they import. It gets no environment, no right to write, to start processes or threads,
 * or to load native code; no code is made from strings in it; its heap is capped. Where the system allows, it stands in
 * namespaces of its own, without network, other processes, capabilities or more than 250 MiB of memory (`namespaces.ts`);
 * elsewhere the network is not denied under Node 24, for which no reader has any use.
 *
 * Source: Node.js permission model, https://nodejs.org/docs/latest-v24.x/api/permissions.html
 */
import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Prefix } from './namespaces.ts'
import type { Program } from './prepared-program.ts'

/** Megabytes of old space of the reading process. */
export const HEAP_MEGABYTES = 128

/** Descriptor that the first file has in the process; the others follow. */
export const FIRST_FILE = 3

/** What to start, and in what. */
export interface Confinement {
  readonly program: Program
  /** Absolute paths of the files of the artefact that it is given. */
  readonly files: readonly string[]
  readonly heapMegabytes: number
  /** See `findNamespaces`; undefined for none. */
  readonly namespaces: Prefix | undefined
}

/** Packages of which readers import or read a file, and on whose behalf each is looked for. */
const PACKAGES: readonly (readonly [name: string, by?: string])[] = [
  ['yaml'],
  ['saxes'],
  ['xmlchars', 'saxes'],
  ['@huggingface/jinja'],
  ['web-tree-sitter'],
  ['tree-sitter-python'],
]

/** Packages where they really stand, and where they are looked for: some installers put a link there. */
function packages(): readonly string[] {
  const here = createRequire(import.meta.url)
  return PACKAGES.flatMap(([name, by]) => {
    const from = by === undefined ? here : createRequire(here.resolve(by))
    const looked = (from.resolve.paths(name) ?? []).map((folder) => join(folder, name))
    const found = looked.filter((path) => existsSync(path))
    return [...new Set([...found, ...found.map((path) => realpathSync(path))])]
  })
}

/** The command that starts the program confined. */
export function confinedCommand({
  program,
  heapMegabytes,
  namespaces,
}: Omit<Confinement, 'files'>): readonly [command: string, ...rest: readonly string[]] {
  const readable = [program.file, ...program.folders, ...packages()]
  const [command, ...rest] = [...(namespaces ?? []), process.execPath]
  return [
    command ?? process.execPath,
    ...rest,
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    '--disallow-code-generation-from-strings',
    '--no-warnings',
    `--max-old-space-size=${heapMegabytes}`,
    '--max-semi-space-size=4',
    program.file,
  ]
}
