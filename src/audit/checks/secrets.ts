/** Credentials in the texts and the metadata of a file; never in its tensors. */
import type { FileFacts } from '../../formats/index.ts'
import type { Observation, Subject } from '../rule.ts'
import { findSecrets } from '../secrets.ts'

interface Passage {
  readonly locus: string
  readonly text: string
}

function passagesOf(locus: string, value: unknown): readonly Passage[] {
  if (typeof value === 'string') return [{ locus, text: value }]
  if (Array.isArray(value)) return value.flatMap((item: unknown) => passagesOf(locus, item))
  return []
}

function passagesIn({ metadata, texts = [], opcodes }: FileFacts): readonly Passage[] {
  return [
    ...texts,
    ...metadata.flatMap(({ key, value }) => passagesOf(key, value)),
    ...(opcodes?.listed ?? []).flatMap(({ offset, argument }) => passagesOf(`opcode at ${offset}`, argument)),
  ]
}

/** One observation for each credential; a text that stands both whole and cut in the facts counts once. */
export function observeSecrets({ facts }: Subject): readonly Observation[] {
  return facts.files.flatMap((file) => {
    const seen = new Set<string>()
    return passagesIn(file).flatMap(({ locus, text }) =>
      findSecrets(text).flatMap(({ name, at, length, shown }) => {
        const secret = text.slice(at, at + length)
        if (seen.has(secret)) return []
        seen.add(secret)
        const message = `a ${name} of ${length} characters; it is not repeated here and was not tried`
        return [{ path: file.path, locus, message, evidence: shown }]
      }),
    )
  })
}
