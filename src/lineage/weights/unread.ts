/**
 * Files that may hold weights and were not read: what a verdict does not cover.
 */
import type { ArtefactFacts } from '../../formats/index.ts'

const WEIGHT_NAME =
  /\.(safetensors|gguf|ggml|bin|pt|pth|ckpt|pkl|h5|keras|onnx|npz|npy|msgpack|tflite|pdparams|mlmodel)$/i

const WORDS: ReadonlyMap<string, string> = new Map([
  ['compressed', 'compressed'],
  ['strided', 'of other strides than their shape'],
  ['chunked', 'in chunks'],
  ['typed', 'of a type that is not decoded'],
])

/** Files larger than this may hold weights whatever they are called. */
const LARGE = 1024 * 1024

/**
 * Paths of such files: without tensors that can be read where they lie, but named like weights, or large and not
 * understood.
 */
export function unreadWeights(facts: ArtefactFacts): string[] {
  const read = new Set(
    facts.files.flatMap(({ tensors }) => tensors.filter(({ packed }) => packed === undefined).map(({ file }) => file)),
  )
  return facts.files
    .filter(({ path, container, reading, size }) => {
      const isUnknown = reading === 'unread' || reading === 'recognised'
      return container === undefined && !read.has(path) && (WEIGHT_NAME.test(path) || (isUnknown && size > LARGE))
    })
    .map(({ path }) => path)
}

/** Tensors that are passed over because their numbers do not lie in a file as they are, with the reasons; or ''. */
export function describePacked(facts: ArtefactFacts): string {
  const packed = facts.files.flatMap(({ tensors }) => tensors.flatMap(({ packed: how }) => how ?? []))
  const counts = [...Map.groupBy(packed, (how) => how)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const listed = counts.map(([how, all]) => `${all.length} ${WORDS.get(how) ?? how}`).join(', ')
  if (packed.length === 0) return ''
  return `${packed.length} ${packed.length === 1 ? 'tensor that does' : 'tensors that do'} not lie in a file as read: ${listed}`
}

/** A line for the list of what was not tested; none when no tensor was passed over. */
export function packedNote(name: 'A' | 'B', facts: ArtefactFacts): string[] {
  const described = describePacked(facts)
  return described === '' ? [] : [`in ${name}, ${described}`]
}

/** A line for the list of what was not tested; none when everything was read. */
export function unreadNote(name: 'A' | 'B', count: number): string[] {
  return count === 0
    ? []
    : [`${count} ${count === 1 ? 'file' : 'files'} of ${name} that may hold weights and could not be read`]
}
