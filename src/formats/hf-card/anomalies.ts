/**
 * What can be wrong with a model card: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'card-front-matter',
    format: 'hf-card',
    breaks: true,
    meaning: 'The front matter of the card is opened and never closed.',
  },
  { code: 'card-root', format: 'hf-card', breaks: true, meaning: 'The front matter is not a map of fields.' },
  { code: 'yaml-syntax', format: 'hf-card', breaks: true, meaning: 'The front matter is not YAML.' },
  {
    code: 'yaml-duplicate-key',
    format: 'hf-card',
    meaning: 'A field stands twice in the front matter; readers differ in which one counts.',
  },
  {
    code: 'yaml-tag',
    format: 'hf-card',
    meaning: 'The front matter carries a tag with which some readers construct objects.',
  },
  {
    code: 'yaml-alias',
    format: 'hf-card',
    breaks: true,
    meaning: 'The front matter repeats parts by aliases beyond any use.',
  },
  {
    code: 'yaml-size',
    format: 'hf-card',
    breaks: true,
    meaning: 'The front matter is larger than any card needs and was not read.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type CardAnomaly = (typeof ANOMALIES)[number]['code']
