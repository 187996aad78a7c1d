/**
 * The list of files that a hub gives for a commit.
 *
 * It is untrusted like everything else: names go through the same rules as names on a disk before anything is made
 * from them, sizes are safe integers, digests have their form. A large file carries its SHA-256 (`lfs.oid`), a small
 * one git's SHA-1.
 *
 * Source: `GET /api/models/{id}/tree/{revision}`; huggingface_hub 2.4.0 `RepoFile`.
 */
import { Fault, isSha256 } from '../../base/index.ts'
import type { IntakeProblem } from '../artefact.ts'
import type { Declared } from '../listed-file.ts'
import { keepFirstNames } from '../name-twins.ts'
import { checkName, nameProblem } from '../names.ts'

/** A file that a hub lists. */
export interface TreeFile {
  readonly path: string
  readonly size: number
  readonly declared: Declared
}

/** The files of a commit, as far as their names can stand in a manifest, and what is wrong with the others. */
export interface Tree {
  readonly files: readonly TreeFile[]
  readonly problems: readonly IntakeProblem[]
}

function malformed(what: string): never {
  throw new Fault('remote-protocol', `the hub's list of files is malformed: ${what}`)
}

function toSize(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  return malformed(`size ${JSON.stringify(value)} of ${JSON.stringify(path)}`)
}

function readFile(path: string, entry: Readonly<Record<string, unknown>>): TreeFile {
  const { lfs, oid } = entry
  if (typeof lfs === 'object' && lfs !== null) {
    const { oid: sha256, size } = lfs as { oid?: unknown; size?: unknown }
    if (typeof sha256 !== 'string' || !isSha256(sha256)) malformed(`LFS oid of ${JSON.stringify(path)}`)
    return { path, size: toSize(size, path), declared: { sha256 } }
  }
  if (typeof oid !== 'string' || !/^[0-9a-f]{40}$/.test(oid)) malformed(`oid of ${JSON.stringify(path)}`)
  return { path, size: toSize(entry['size'], path), declared: { git: oid } }
}

/** Reads the entries of all pages. @throws Fault `remote-protocol` */
export function readTree(entries: readonly unknown[]): Tree {
  const problems: IntakeProblem[] = []
  const files: TreeFile[] = []
  for (const entry of entries) {
    const { type, path } = (entry ?? {}) as { type?: unknown; path?: unknown }
    if (typeof path !== 'string') malformed('an entry without a path')
    if (type === 'directory') continue
    const problem =
      type === 'file' ? checkName(path) : nameProblem('not-a-file', path, { message: 'no file', excluded: true })
    if (problem !== undefined) problems.push(problem)
    if (problem?.excluded !== true) files.push(readFile(path, entry as Record<string, unknown>))
  }
  const { kept, problems: repeated } = keepFirstNames(files)
  return { files: kept, problems: [...problems, ...repeated] }
}
