/**
 * Files that may hold weights and were not read: what a verdict does not cover.
 */
import type { ArtefactFacts } from '../../formats/index.ts'

const WEIGHT_NAME =
  /\.(safetensors|gguf|ggml|bin|pt|pth|ckpt|pkl|h5|keras|onnx|npz|npy|msgpack|tflite|pdparams|mlmodel)$/i

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

/** A line for the list of what was not tested; none when everything was read. */
export function unreadNote(name: 'A' | 'B', count: number): string[] {
  return count === 0
    ? []
    : [`${count} ${count === 1 ? 'file' : 'files'} of ${name} that may hold weights and could not be read`]
}
