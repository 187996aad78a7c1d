/**
 * What can be wrong with a compressed stream, whatever its method: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. `format` is `compressed` for all of them; the facts name the format itself. */
export const ANOMALIES = [
  {
    code: 'stream-broken',
    format: 'compressed',
    breaks: true,
    meaning: 'The compressed data are broken: what stands before the break may still be loaded.',
  },
  { code: 'stream-truncated', format: 'compressed', breaks: true, meaning: 'The file ends before its stream does.' },
  {
    code: 'stream-check',
    format: 'compressed',
    meaning: 'The check sum or the size that is stored is not that of the content.',
  },
  { code: 'stream-trailing', format: 'compressed', meaning: 'Bytes follow the end of the stream.' },
  {
    code: 'stream-several',
    format: 'compressed',
    meaning: 'Several streams stand behind each other: some readers see the first one alone.',
  },
  {
    code: 'stream-unsupported',
    format: 'compressed',
    breaks: true,
    meaning: 'The stream needs a dictionary, a filter or a method that is not known here.',
  },
  {
    code: 'stream-header',
    format: 'compressed',
    meaning: 'The header of the stream sets reserved bits, or its own check sum is wrong.',
  },
  {
    code: 'stream-comment',
    format: 'compressed',
    meaning: 'The header of the stream carries a comment or unknown fields.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type StreamAnomaly = (typeof ANOMALIES)[number]['code']
