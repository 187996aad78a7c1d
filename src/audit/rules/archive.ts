/** TW-ARC: archives, and the folder that the artefact came in, which is judged by the same rules. */
import { observeIntake } from '../checks/intake.ts'
import type { Rule } from '../rule.ts'

/** See the module. */
export const ARCHIVE_RULES: readonly Rule[] = [
  {
    id: 'TW-ARC-01',
    title: 'A path leads out of the artefact',
    grade: 'dangerous',
    basis: 'exploit',
    cwe: 22,
    atlas: 'AML.T0018.002',
    sentence: 'A member path escapes (.., absolute, drive, backslash, UNC).',
    meaning: 'Whoever unpacks or copies the artefact by its own names writes a file outside the folder that was meant.',
    remedy: 'Ask the vendor for an artefact whose names stay inside it.',
    seen: 'The names of the files, as they came in, and the names that archives give their members.',
    related: ['PAIT-ARV-100', 'CVE-2007-4559'],
    over: 'any',
    anomalies: ['zip-escape', 'tar-escape'],
    check: (subject) => observeIntake(subject, ['name-escapes']),
  },
  {
    id: 'TW-ARC-02',
    title: 'An entry is a link or a device',
    grade: 'dangerous',
    basis: 'capability',
    cwe: 59,
    atlas: 'AML.T0018.002',
    sentence: 'A member is a symlink, hardlink or device.',
    meaning:
      'A link makes a loader read, or a tool overwrite, a file that is no part of the model, wherever it points on the machine of the importer. A device or pipe can make a loader wait for ever. The entry was not followed and is not part of the consignment.',
    remedy: 'Replace the link by the file itself, or leave it out.',
    seen: 'The kind of each entry of the folder and of each member of an archive, without following it.',
    related: ['CVE-2026-34447'],
    over: 'any',
    anomalies: ['zip-link', 'tar-link'],
    check: (subject) => observeIntake(subject, ['symlink', 'link-loop', 'not-a-file']),
  },
  {
    id: 'TW-ARC-05',
    title: 'Two names that a file system may take for one',
    grade: 'major',
    basis: 'capability',
    cwe: 694,
    atlas: 'AML.T0076',
    sentence: 'Duplicate or case-colliding member names.',
    meaning:
      'Where names differ only in case or in Unicode form, some file systems keep one of the two files. Which one is loaded then depends on the machine, and so does what was inspected.',
    remedy: 'Rename or remove one of the two.',
    seen: 'The names of all files, and of all members of an archive, against each other, folded by case and normalised.',
    related: ['CVE-2021-21300'],
    over: 'any',
    anomalies: ['zip-duplicate-name', 'zip-name-twin', 'tar-duplicate-name', 'tar-name-twin'],
    check: (subject) => observeIntake(subject, ['name-duplicate', 'name-case-twin', 'name-form-twin']),
  },
  {
    id: 'TW-ARC-07',
    title: 'A container that was not opened',
    grade: 'major',
    basis: 'capability',
    cwe: 424,
    atlas: 'AML.T0076',
    sentence: 'Container that a loader tolerates but scanners skip (7z, rar, odd magic).',
    meaning:
      'Content has been hidden from scanners in archives that they pass over and that loaders open. This one is not opened here either, so what is in it is unread and the verdict inconclusive.',
    remedy: 'Unpack the archive and bring the files themselves.',
    seen: 'Signatures of archives and compressed streams, and the method by which each member is compressed.',
    related: [],
    over: 'any',
    effect: 'open',
    anomalies: ['rec-archive', 'zip-method', 'zip-multi-disk', 'stream-unsupported', 'tar-unsupported'],
  },
]
