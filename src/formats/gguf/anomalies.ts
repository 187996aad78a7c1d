/**
 * What can be wrong with a GGUF file: stable codes, which rules map to grades.
 *
 * The first group is what ggml's own reader refuses (`gguf.cpp`, `gguf_init_from_reader`), the rest is what it and
 * most other readers let pass although two readers may then disagree about what the model is.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'ggf-obsolete',
    format: 'gguf',
    breaks: true,
    meaning: 'An obsolete GGML, GGMF, GGJT, GGLA or GGUF v1 file, which no current reader accepts.',
  },
  {
    code: 'ggf-version',
    format: 'gguf',
    breaks: true,
    meaning: 'The version is none of those that were ever specified.',
  },
  {
    code: 'ggf-truncated',
    format: 'gguf',
    breaks: true,
    meaning: 'The file ends inside its header, metadata or tensor list.',
  },
  {
    code: 'ggf-count',
    format: 'gguf',
    breaks: true,
    meaning: 'More metadata entries or tensors are declared than the bytes present could hold.',
  },
  {
    code: 'ggf-limit',
    format: 'gguf',
    breaks: true,
    meaning: 'More tensors or metadata entries than this version reads; no known model has so many.',
  },
  {
    code: 'ggf-length',
    format: 'gguf',
    breaks: true,
    meaning: 'A string or an array is longer than the bytes present.',
  },
  {
    code: 'ggf-empty-key',
    format: 'gguf',
    breaks: true,
    meaning: 'A metadata key is empty, as where fewer entries stand than are declared.',
  },
  { code: 'ggf-value-type', format: 'gguf', breaks: true, meaning: 'A metadata value has a type that does not exist.' },
  { code: 'ggf-alignment', format: 'gguf', breaks: true, meaning: 'general.alignment is not a u32 power of two.' },
  {
    code: 'ggf-overflow',
    format: 'gguf',
    breaks: true,
    meaning: 'Dimensions or sizes multiply or add to more than a reader can represent.',
  },
  { code: 'ggf-tensor-type', format: 'gguf', breaks: true, meaning: 'A tensor has a type that ggml does not know.' },
  { code: 'ggf-removed-type', format: 'gguf', breaks: true, meaning: 'A tensor has a type that ggml removed.' },
  {
    code: 'ggf-block',
    format: 'gguf',
    breaks: true,
    meaning: 'The rows of a tensor are not a whole number of blocks of its type.',
  },
  {
    code: 'ggf-outside-file',
    format: 'gguf',
    breaks: true,
    meaning: 'The data of a tensor lies wholly or partly outside the file.',
  },
  {
    code: 'ggf-offset',
    format: 'gguf',
    meaning: 'The offset of a tensor is not the padded sum of the sizes before it.',
  },
  { code: 'ggf-misaligned', format: 'gguf', meaning: 'The offset of a tensor is not a multiple of the alignment.' },
  { code: 'ggf-overlap', format: 'gguf', meaning: 'Two tensors share bytes.' },
  {
    code: 'ggf-duplicate-key',
    format: 'gguf',
    meaning: 'A metadata key stands twice; readers differ in which value counts.',
  },
  {
    code: 'ggf-duplicate-tensor',
    format: 'gguf',
    meaning: 'A tensor name stands twice; readers differ in which tensor counts.',
  },
  { code: 'ggf-dimensions', format: 'gguf', meaning: 'A tensor has no dimension or more than four.' },
  { code: 'ggf-tensor-name', format: 'gguf', meaning: 'A tensor name is empty or has 64 bytes or more.' },
  { code: 'ggf-empty-tensor', format: 'gguf', meaning: 'A tensor has a dimension of zero.' },
  {
    code: 'ggf-nested-array',
    format: 'gguf',
    meaning: 'An array holds arrays, which ggml refuses and other readers expand without limit.',
  },
  {
    code: 'ggf-odd-alignment',
    format: 'gguf',
    meaning: 'general.alignment is a power of two but not a multiple of eight.',
  },
  { code: 'ggf-end', format: 'gguf', meaning: 'The file ends without the padding of its last tensor.' },
  { code: 'ggf-trailing-bytes', format: 'gguf', meaning: 'Bytes follow the last structure of the file.' },
  {
    code: 'ggf-key-name',
    format: 'gguf',
    meaning: 'A metadata key is not printable ASCII, too long, or a name that changes objects in a reader.',
  },
  {
    code: 'ggf-odd-characters',
    format: 'gguf',
    meaning: 'A name or key holds control, bidirectional or invisible characters.',
  },
  { code: 'ggf-text', format: 'gguf', meaning: 'A string is not UTF-8.' },
  { code: 'ggf-bool', format: 'gguf', meaning: 'A boolean is neither 0 nor 1.' },
  {
    code: 'ggf-key-type',
    format: 'gguf',
    meaning: 'A well-known key has a value of another type than the specification gives it.',
  },
  { code: 'ggf-missing-key', format: 'gguf', meaning: 'A file with tensors lacks general.architecture.' },
  { code: 'ggf-duplicate-tokens', format: 'gguf', meaning: 'Tokens of the vocabulary stand more than once.' },
  {
    code: 'ggf-tokenizer',
    format: 'gguf',
    meaning: 'The lists of the tokenizer differ in length, or a token id lies outside the vocabulary.',
  },
  {
    code: 'ggf-block-count',
    format: 'gguf',
    meaning: 'The declared number of blocks differs from the blocks that have tensors.',
  },
  {
    code: 'ggf-embedding-length',
    format: 'gguf',
    meaning: 'The declared embedding length differs from the width of the token embedding.',
  },
  {
    code: 'ggf-vocabulary',
    format: 'gguf',
    meaning: 'The vocabulary, the declared vocabulary size and the token embedding differ in size.',
  },
  { code: 'ggf-file-type', format: 'gguf', meaning: 'The declared file type is not what the tensors are stored as.' },
  { code: 'ggf-split', format: 'gguf', meaning: 'The split keys contradict one another.' },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type GgufAnomaly = (typeof ANOMALIES)[number]['code']
