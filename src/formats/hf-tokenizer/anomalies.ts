/**
 * What can be wrong with a tokenizer: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'tok-shape',
    format: 'hf-tokenizer',
    breaks: true,
    meaning: 'A part of the tokenizer is not of the JSON type that the format gives it.',
  },
  { code: 'tok-duplicate-id', format: 'hf-tokenizer', meaning: 'Two tokens of the vocabulary have the same id.' },
  {
    code: 'tok-duplicate-token',
    format: 'hf-tokenizer',
    meaning: 'A token stands twice in the vocabulary or among the added tokens.',
  },
  { code: 'tok-bad-id', format: 'hf-tokenizer', meaning: 'A token id is not a non-negative integer.' },
  {
    code: 'tok-remapped',
    format: 'hf-tokenizer',
    meaning: 'An added token takes the id of another token of the vocabulary, or a token has another id there.',
  },
  {
    code: 'tok-rewriting',
    format: 'hf-tokenizer',
    meaning: 'The normaliser or decoder replaces text by other text, beyond spaces and their marks.',
  },
  {
    code: 'tok-invisible',
    format: 'hf-tokenizer',
    meaning: 'A special or added token holds bidirectional or invisible characters.',
  },
  { code: 'tok-merges', format: 'hf-tokenizer', meaning: 'A merge does not name two tokens.' },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type TokenizerAnomaly = (typeof ANOMALIES)[number]['code']
