/**
 * What can be wrong with a zip: stable codes, which rules map to grades.
 *
 * A zip tells its content three times: in the central directory, in the local headers, and to whoever reads it as a
 * stream. Readers differ in which they believe; where the three do not say the same, two readers see two archives.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'zip-no-end',
    format: 'zip',
    breaks: true,
    meaning: 'No end record lies where one must: the archive was cut, or more follows it than a comment can hold.',
  },
  {
    code: 'zip-several-ends',
    format: 'zip',
    meaning: 'Two records, or two directories, can be taken for the end of the archive: readers choose differently.',
  },
  {
    code: 'zip-directory',
    format: 'zip',
    breaks: true,
    meaning: 'The central directory is not where the end record says, or is broken.',
  },
  { code: 'zip-count', format: 'zip', meaning: 'The directory holds another number of entries than it declares.' },
  {
    code: 'zip-missing-header',
    format: 'zip',
    breaks: true,
    meaning: 'An entry of the directory has no local header where it says.',
  },
  {
    code: 'zip-views-disagree',
    format: 'zip',
    meaning: 'Directory and local header of a member differ in method, sizes, check sum or flags.',
  },
  { code: 'zip-name-differs', format: 'zip', meaning: 'Directory and local header give a member different names.' },
  { code: 'zip-hidden-member', format: 'zip', meaning: 'A member that a stream shows is not in the directory.' },
  {
    code: 'zip-descriptor',
    format: 'zip',
    meaning: 'The data descriptor behind a member is missing or contradicts the directory.',
  },
  {
    code: 'zip-slack',
    format: 'zip',
    meaning: 'The compressed data of a member end before the place where the directory says that they end.',
  },
  {
    code: 'zip-extra',
    format: 'zip',
    meaning:
      'The extra fields of a member do not add up to their length, or what should be padding among them holds something.',
  },
  {
    code: 'zip-folder-data',
    format: 'zip',
    meaning: 'An entry that its name or its attributes call a folder has content.',
  },
  {
    code: 'zip-name-nul',
    format: 'zip',
    meaning: 'A name of a member holds a zero byte, where some readers end it.',
  },
  { code: 'zip-escape', format: 'zip', meaning: 'The name of a member leads out of the folder it is unpacked to.' },
  { code: 'zip-link', format: 'zip', meaning: 'A member is a symbolic link or a device.' },
  { code: 'zip-overlap', format: 'zip', meaning: 'Two members share bytes.' },
  {
    code: 'zip-ratio',
    format: 'zip',
    breaks: true,
    meaning: 'What the members unpack to is more than a thousand times the archive, and more than 64 MiB.',
  },
  { code: 'zip-duplicate-name', format: 'zip', meaning: 'Two members have the same name.' },
  {
    code: 'zip-name-twin',
    format: 'zip',
    meaning: 'The names of two members differ only in case, Unicode form or separators.',
  },
  {
    code: 'zip-backslash',
    format: 'zip',
    meaning: 'A name of a member holds a backslash, which separates folders on some systems and not on others.',
  },
  {
    code: 'zip-encrypted',
    format: 'zip',
    breaks: true,
    meaning: 'A member is encrypted, or its flags say so.',
  },
  {
    code: 'zip-method',
    format: 'zip',
    breaks: true,
    meaning: 'A member is compressed by a method that is not known here.',
  },
  {
    code: 'zip-multi-disk',
    format: 'zip',
    breaks: true,
    meaning: 'The archive says that a part of it lies on another disk.',
  },
  { code: 'zip-crc', format: 'zip', meaning: 'The content of a member does not have the check sum that is stored.' },
  {
    code: 'zip-size',
    format: 'zip',
    breaks: true,
    meaning: 'A member does not unpack, or not to as many bytes as the directory says.',
  },
  { code: 'zip-prepended', format: 'zip', meaning: 'Bytes stand before the first member.' },
  { code: 'zip-trailing', format: 'zip', meaning: 'Bytes follow the end of the archive.' },
  { code: 'zip-comment', format: 'zip', meaning: 'The archive or a member carries a comment.' },
  {
    code: 'zip-unicode-path',
    format: 'zip',
    meaning: 'The Unicode path of a member contradicts the name in its header.',
  },
  {
    code: 'zip-zip64',
    format: 'zip',
    meaning: 'The 64-bit sizes of the archive or of a member contradict the header.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type ZipAnomaly = (typeof ANOMALIES)[number]['code']
