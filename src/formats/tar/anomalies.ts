/**
 * What can be wrong with a tar: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'tar-header',
    format: 'tar',
    breaks: true,
    meaning:
      'A header is not what a header must be: no number where one belongs, or extended fields that do not parse.',
  },
  { code: 'tar-checksum', format: 'tar', breaks: true, meaning: 'The check sum of a header is wrong.' },
  { code: 'tar-truncated', format: 'tar', breaks: true, meaning: 'The archive ends inside a member.' },
  {
    code: 'tar-no-end',
    format: 'tar',
    breaks: true,
    meaning: 'The archive has no end mark, so nobody can say whether members are missing.',
  },
  {
    code: 'tar-empty',
    format: 'tar',
    breaks: true,
    meaning: 'The file has zeros alone: an archive without members, if it is one at all.',
  },
  { code: 'tar-trailing', format: 'tar', meaning: 'Something other than zeros follows the end mark.' },
  { code: 'tar-escape', format: 'tar', meaning: 'The name of a member leads out of the folder it is unpacked to.' },
  { code: 'tar-link', format: 'tar', meaning: 'A member is a link, a device or a pipe.' },
  {
    code: 'tar-duplicate-name',
    format: 'tar',
    meaning: 'Two members have the same name; the last one stays when unpacked.',
  },
  { code: 'tar-name-twin', format: 'tar', meaning: 'The names of two members differ only in case or Unicode form.' },
  {
    code: 'tar-override',
    format: 'tar',
    meaning: 'An extended header contradicts the name or the size in the header, or changes those of all members.',
  },
  {
    code: 'tar-views-disagree',
    format: 'tar',
    meaning: 'A folder or a link declares content, which some readers pass over and others take for the next header.',
  },
  { code: 'tar-name-nul', format: 'tar', meaning: 'An extended name holds a zero byte, where some readers end it.' },
  {
    code: 'tar-unsupported',
    format: 'tar',
    breaks: true,
    meaning: 'A member is sparse, goes on in another volume, or is of a kind that is not known here.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type TarAnomaly = (typeof ANOMALIES)[number]['code']
