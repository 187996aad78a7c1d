/**
 * External data of a model whose file came in as a link: it was not followed, and a loader would.
 */
import { quote } from '../wording.ts'
import type { Observation, Subject } from '../rule.ts'

const LINKS: ReadonlySet<string> = new Set(['symlink', 'link-loop', 'not-a-file'])

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

/** Each reference of an ONNX model to a file that is a link or a device. */
export function observeExternalLinks({ artefact, facts }: Subject): readonly Observation[] {
  const links = new Set(artefact.problems.filter(({ kind }) => LINKS.has(kind)).map(({ path }) => path))
  const models = facts.files.filter(({ format }) => format === 'onnx')
  return models.flatMap(({ path, references }) =>
    references
      .filter(({ kind, target }) => kind === 'path' && links.has(folderOf(path) + target))
      .map(({ target, locus }) => {
        const message = `the data of ${locus} lies in ${quote(target)}, which is a link and no file of the artefact`
        return { path, locus, message, evidence: quote(target) }
      }),
  )
}
