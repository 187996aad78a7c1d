/**
 * What can be wrong with a SentencePiece tokenizer: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  { code: 'spm-duplicate', format: 'sentencepiece', meaning: 'A piece of the vocabulary stands twice.' },
  {
    code: 'spm-piece',
    format: 'sentencepiece',
    meaning: 'A piece of the vocabulary is empty or of a type that does not exist.',
  },
  { code: 'spm-empty', format: 'sentencepiece', breaks: true, meaning: 'A SentencePiece tokenizer without pieces.' },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type SentencePieceAnomaly = (typeof ANOMALIES)[number]['code']
