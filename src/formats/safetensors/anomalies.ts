/**
 * What can be wrong with a safetensors file: stable codes, which rules map to grades.
 *
 * Those that break the reading are what the reference library refuses outright; the others are what it, or another
 * reader, lets pass.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'stn-header-length',
    format: 'safetensors',
    breaks: true,
    meaning: 'The declared length of the header is above 100 MB, beyond the file, or not there.',
  },
  { code: 'stn-utf8', format: 'safetensors', breaks: true, meaning: 'The header is not UTF-8.' },
  {
    code: 'stn-json',
    format: 'safetensors',
    breaks: true,
    meaning: 'The header is not one JSON object that begins at its first byte.',
  },
  { code: 'stn-padding', format: 'safetensors', meaning: 'The header is padded with something else than spaces.' },
  {
    code: 'stn-duplicate-key',
    format: 'safetensors',
    meaning: 'A key stands twice in the header; readers differ in which one counts.',
  },
  {
    code: 'stn-missing-field',
    format: 'safetensors',
    breaks: true,
    meaning: 'A tensor has no dtype, shape or data_offsets, or one of the wrong JSON type.',
  },
  {
    code: 'stn-dtype',
    format: 'safetensors',
    breaks: true,
    meaning: 'A tensor has an element type that the format does not know.',
  },
  {
    code: 'stn-overflow',
    format: 'safetensors',
    breaks: true,
    meaning: 'A shape or an offset multiplies or adds to more than 2^53-1.',
  },
  {
    code: 'stn-span',
    format: 'safetensors',
    breaks: true,
    meaning: 'The bytes of a tensor are not as many as its shape and element type need.',
  },
  {
    code: 'stn-outside-file',
    format: 'safetensors',
    breaks: true,
    meaning: 'The bytes of a tensor lie wholly or partly outside the file.',
  },
  {
    code: 'stn-gap',
    format: 'safetensors',
    breaks: true,
    meaning: 'Bytes between or before the tensors belong to none of them.',
  },
  { code: 'stn-overlap', format: 'safetensors', breaks: true, meaning: 'Two tensors share bytes.' },
  {
    code: 'stn-end',
    format: 'safetensors',
    breaks: true,
    meaning: 'The last tensor does not end where the file ends.',
  },
  { code: 'stn-header-share', format: 'safetensors', meaning: 'The header is out of proportion to the data.' },
  { code: 'stn-count', format: 'safetensors', meaning: 'More tensors, or more empty ones, than any known model has.' },
  { code: 'stn-extra-field', format: 'safetensors', meaning: 'A tensor has a field that the format does not know.' },
  { code: 'stn-metadata-type', format: 'safetensors', meaning: '__metadata__ is not a map of strings to strings.' },
  {
    code: 'stn-name',
    format: 'safetensors',
    meaning: 'A tensor name is empty, or holds control, bidirectional or invisible characters.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type SafetensorsAnomaly = (typeof ANOMALIES)[number]['code']
