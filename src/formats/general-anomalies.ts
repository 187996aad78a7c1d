/**
 * What can be wrong with any file or between files, whatever its format: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from './anomaly-list.ts'

/** See the module. `format` is `any` for one file and `folder` for what is seen between files. */
export const ANOMALIES = [
  { code: 'empty-file', format: 'any', breaks: true, meaning: 'The file has no bytes.' },
  { code: 'unknown-format', format: 'any', breaks: true, meaning: 'No reader knows the format of the file.' },
  {
    code: 'extension-mismatch',
    format: 'any',
    meaning: 'The ending of the name claims another format than the bytes have.',
  },
  { code: 'polyglot', format: 'any', meaning: 'The file carries the signatures of two or more formats.' },
  { code: 'bytes-unclaimed', format: 'any', meaning: 'Bytes belong to no structure of the file.' },
  { code: 'bytes-claimed-twice', format: 'any', meaning: 'Two structures of the file share bytes.' },
  { code: 'bytes-outside', format: 'any', meaning: 'A structure claims bytes outside the file.' },
  { code: 'padding-not-zero', format: 'any', meaning: 'Padding holds something else than zeros or spaces.' },
  { code: 'truncated', format: 'any', breaks: true, meaning: 'The file ends before a structure that it begins.' },
  {
    code: 'changed-while-read',
    format: 'any',
    breaks: true,
    meaning: 'The file is not of the size that it had when it came in, or it changed while it was read.',
  },
  {
    code: 'not-readable',
    format: 'any',
    breaks: true,
    meaning: 'The operating system would not give the bytes of the file.',
  },
  {
    code: 'reader-fault',
    format: 'any',
    breaks: true,
    meaning: 'The reader gave up for a reason that has no code of its own.',
  },
  {
    code: 'reader-crashed',
    format: 'any',
    breaks: true,
    meaning: 'The process that read the file ended, ran out of memory or answered nonsense.',
  },
  {
    code: 'reader-timeout',
    format: 'any',
    breaks: true,
    meaning: 'The file was not read within the time that one file may take.',
  },
  {
    code: 'peek-unfetched',
    format: 'any',
    breaks: true,
    meaning: 'A part of a remote file that is needed to understand it could not be fetched.',
  },
  {
    code: 'budget-bytes',
    format: 'any',
    breaks: true,
    meaning: 'The structure of the file takes more bytes than one file may cost.',
  },
  {
    code: 'budget-reads',
    format: 'any',
    breaks: true,
    meaning: 'The structure of the file takes more reads than one file may cost.',
  },
  {
    code: 'budget-items',
    format: 'any',
    breaks: true,
    meaning: 'The file has more tensors, entries or items than one file may have.',
  },
  { code: 'budget-depth', format: 'any', breaks: true, meaning: 'The file is nested deeper than allowed.' },
  { code: 'budget-members', format: 'any', breaks: true, meaning: 'More files lie within the file than allowed.' },
  {
    code: 'expansion-bomb',
    format: 'any',
    breaks: true,
    meaning: 'A compressed part unpacks to more than a thousand times its size, and to more than 64 MiB.',
  },
  { code: 'budget-nesting', format: 'any', breaks: true, meaning: 'Files lie within files deeper than allowed.' },
  {
    code: 'budget-unpacked',
    format: 'any',
    breaks: true,
    meaning: 'More bytes come out of the compressed parts of the file than allowed.',
  },
  {
    code: 'budget-facts',
    format: 'any',
    breaks: true,
    meaning: 'The facts of the file take more bytes than one file may have.',
  },
  {
    code: 'adapter-config-missing',
    format: 'folder',
    meaning: 'Adapter weights without an adapter_config.json beside them.',
  },
  {
    code: 'adapter-weights-missing',
    format: 'folder',
    meaning: 'An adapter_config.json without adapter weights beside it.',
  },
  {
    code: 'adapter-contradicts-tensors',
    format: 'folder',
    meaning: 'The adapter configuration names a rank or modules that the adapter tensors do not have.',
  },
  {
    code: 'config-contradicts-tensors',
    format: 'folder',
    meaning: 'config.json gives sizes or ties that the tensors do not have.',
  },
  {
    code: 'template-sources-disagree',
    format: 'folder',
    meaning: 'The chat templates of one folder differ from each other.',
  },
  {
    code: 'tokenizer-contradicts-tensors',
    format: 'folder',
    meaning: 'The vocabulary has token ids beyond the rows of the embedding.',
  },
  {
    code: 'split-name',
    format: 'folder',
    meaning: 'The numbers in the name of a split GGUF file differ from those in its metadata.',
  },
  { code: 'split-missing', format: 'folder', meaning: 'A part of a split GGUF model is missing.' },
  { code: 'split-duplicate', format: 'folder', meaning: 'Two files are the same part of a split GGUF model.' },
  {
    code: 'split-tensors',
    format: 'folder',
    meaning:
      'The parts of a split GGUF model do not hold the number of tensors that they declare, or one tensor twice.',
  },
  {
    code: 'external-missing',
    format: 'folder',
    meaning: 'A file that holds the data of tensors which another file describes is not there.',
  },
  {
    code: 'external-outside',
    format: 'folder',
    meaning: 'The data of a tensor lies wholly or partly outside the other file that holds it.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type GeneralAnomaly = (typeof ANOMALIES)[number]['code']
