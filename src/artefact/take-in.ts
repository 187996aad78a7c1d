/**
 * Intake: listed files become an artefact.
 *
 * Every file is read once. At the end, names and stamps are looked at again, so that the artefact is what stood
 * there at one moment: a file that changed after it was hashed, or one that was added meanwhile, is a fault and not
 * an artefact that never existed.
 */
import { availableParallelism } from 'node:os'
import { lstatSync } from 'node:fs'
import { compareCodePoints, dirHash, Fault, omsRoot } from '../base/index.ts'
import type { Artefact, ArtefactFile, IntakeProblem, Source, WatchedArtefact } from './artefact.ts'
import { DigestPass, ensureGoing, type FileDigests } from './digest-pass.ts'
import type { FolderListing } from './list-folder.ts'
import type { ListedFile } from './listed-file.ts'
import { findTwins } from './name-twins.ts'
import { nameProblem } from './names.ts'
import type { OpenOptions } from './open-options.ts'
import { changedFault, ensureUnchanged, howChanged, stampOf } from './opened-file.ts'

/** What there is to take in, and from where. */
export interface Intake extends FolderListing {
  readonly source: Source
}

type DigestedFile = ListedFile & { readonly digests: FileDigests; readonly isReused?: true }

function ensureNotEmpty({ source, files, problems }: Intake): void {
  if (files.length > 0) return
  const why =
    problems[0] === undefined ? '' : `; ${problems.length} entries have no place in it: ${problems[0].message}`
  throw new Fault('empty-artefact', `${source.ref} holds no file${why}`)
}

function sizeOf(file: ListedFile): number {
  return lstatSync(file.real, { throwIfNoEntry: false })?.size ?? 0
}

/** What is known of a file that is still what it was when it was read. */
function reuse({ path, real, declared }: ListedFile, { known }: OpenOptions): FileDigests | undefined {
  if (known === undefined || (declared !== undefined && 'git' in declared)) return undefined
  const stat = lstatSync(real, { bigint: true, throwIfNoEntry: false })
  if (stat?.isFile() !== true) return undefined
  const stamp = stampOf(stat)
  const sha256 = known(path, stamp)
  return sha256 === undefined ? undefined : { size: Number(stat.size), sha256, stamp }
}

async function digestAll(files: readonly ListedFile[], options: OpenOptions): Promise<readonly DigestedFile[]> {
  const { blocks = true, threads = availableParallelism(), signal, onProgress } = options
  const total = files.reduce((sum, file) => sum + sizeOf(file), 0)
  const progress = { done: 0, path: '' }
  const onBytes = (length: number) => {
    progress.done += length
    onProgress?.({ stage: 'hash', ...progress, total })
  }
  const pass = new DigestPass({ blocks, threads, total, signal, onBytes })
  const digested: DigestedFile[] = []
  try {
    for (const file of files) {
      progress.path = file.path
      const reused = reuse(file, options)
      if (reused !== undefined) {
        onBytes(reused.size)
        digested.push({ ...file, digests: reused, isReused: true })
        continue
      }
      const git = file.declared !== undefined && 'git' in file.declared
      digested.push({ ...file, digests: await pass.digest(file.path, file.real, { git }) })
    }
  } finally {
    await pass.close()
  }
  return digested
}

function checkDeclared({ path, declared, digests }: DigestedFile): readonly IntakeProblem[] {
  if (declared === undefined) return []
  const [wanted, found] =
    'sha256' in declared ? [declared.sha256, digests.sha256] : [declared.git, digests.git ?? 'nothing']
  if (wanted === found) return []
  return [
    nameProblem('hub-digest', path, { message: `the hub declares ${wanted}, its bytes are ${found}`, excluded: false }),
  ]
}

function toArtefactFile({ path, digests }: DigestedFile): ArtefactFile {
  const { size, sha256, blocks } = digests
  return { path, size, sha256, ...(blocks && { blocks }) }
}

function toArtefact(intake: Intake, digested: readonly DigestedFile[]): Artefact {
  const files = digested.map(toArtefactFile)
  const digests = { sha256: omsRoot(files), dirHash: dirHash(files) }
  const problems = [
    ...intake.problems,
    ...findTwins(files.map(({ path }) => path)),
    ...digested.flatMap(checkDeclared),
  ].sort((a, b) => compareCodePoints(a.path, b.path) || compareCodePoints(a.kind, b.kind))
  return {
    id: `tw1:${digests.dirHash}`,
    source: intake.source,
    files,
    size: files.reduce((sum, { size }) => sum + size, 0),
    digests,
    problems,
    ignored: intake.ignored.toSorted(compareCodePoints),
  }
}

function ensureFoldersUnchanged(intake: Intake): void {
  for (const [real, before] of intake.folders) {
    const after = lstatSync(real, { bigint: true, throwIfNoEntry: false })
    const how = after === undefined ? 'vanished' : howChanged(before, stampOf(after))
    if (how !== undefined) throw changedFault(real, how === 'was written to' ? 'got or lost an entry' : how)
  }
}

/** Takes files in. @throws Fault `empty-artefact`, `changed-while-read`, `unreadable`, `aborted` */
export async function takeIn(intake: Intake, options: OpenOptions): Promise<WatchedArtefact> {
  ensureNotEmpty(intake)
  ensureGoing(options.signal)
  const files = intake.files.toSorted((a, b) => compareCodePoints(a.path, b.path))
  const digested = await digestAll(files, options)
  const confirmUnchanged = () => {
    for (const { path, real, digests } of digested) ensureUnchanged(path, real, digests.stamp)
  }
  confirmUnchanged()
  ensureFoldersUnchanged(intake)
  const places = new Map(files.map(({ path, real }) => [path, real]))
  return {
    artefact: toArtefact(intake, digested),
    stamps: new Map(digested.map(({ path, digests }) => [path, digests.stamp])),
    reused: digested.filter(({ isReused }) => isReused === true).map(({ path }) => path),
    confirmUnchanged,
    locate: (path) => {
      const real = places.get(path)
      if (real === undefined) throw new Fault('no-such-file', `${JSON.stringify(path)} is not in ${intake.source.ref}`)
      return real
    },
  }
}
