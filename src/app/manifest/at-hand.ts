/**
 * An opened model as the verifier of manifests wants to have it at hand.
 */
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { digestPieces, type IntakeProblem, type WatchedArtefact } from '../../artefact/index.ts'
import type { ArtefactDigests } from '../../certificate/index.ts'

/** What cannot be compared: entries that were not taken in, and cached files that are not what their name says. */
function toUnread({ kind, path, message }: IntakeProblem) {
  return { path, isLink: kind === 'symlink' || kind === 'link-loop', message }
}

/** Digests, names and what was left out of an opened model. */
export function holdModel(opened: WatchedArtefact, signal?: AbortSignal): ArtefactDigests {
  const { digests, files, problems, source } = opened.artefact
  const unread = problems.filter(({ kind, excluded }) => excluded || kind === 'hub-digest').map(toUnread)
  return {
    ...digests,
    files,
    isOneFile: source.kind === 'file' || source.kind === 'https',
    unread,
    recompute: ({ hash, pieces }) => digestPieces(opened, pieces, { hash, signal }),
  }
}

/** Path of a file inside a model on this machine, or undefined when it lies elsewhere. */
export function pathInside(file: string, model: string): string | undefined {
  const path = relative(resolve(model), resolve(file))
  const outside = path === '' || path === '..' || path.startsWith(`..${sep}`) || dirname(path) === path
  return outside ? undefined : path.split(sep).join('/')
}

/** What a model is called in a manifest: the name of its file or folder, or its reference. */
export function nameModel({ kind, ref }: WatchedArtefact['artefact']['source']): string {
  return kind === 'file' || kind === 'folder' ? basename(resolve(ref)) : ref
}
