/** TW-FILE: what can be seen of any file, whatever its format. */
import type { IntakeProblemKind } from '../../artefact/index.ts'
import { observeMissing } from '../checks/declaration.ts'
import { observeIntake } from '../checks/intake.ts'
import { observeSizes } from '../checks/sizes.ts'
import type { Rule } from '../rule.ts'

const NAME_PROBLEMS: readonly IntakeProblemKind[] = ['name-control', 'name-not-utf8', 'name-confusable']

/** See the module. */
export const FILE_RULES: readonly Rule[] = [
  {
    id: 'TW-FILE-01',
    title: 'The name claims another format than the bytes have',
    grade: 'major',
    basis: 'capability',
    cwe: 434,
    atlas: 'AML.T0074',
    sentence: 'Extension or declared type differs from the detected type.',
    meaning:
      'Scanners and people go by the ending of a name, loaders often by the bytes. A pickle that is called .safetensors passes the first and runs in the second. Most such files are mistakes.',
    remedy: 'Rename the file after what it is, or ask the vendor for the file that the name promises.',
    seen: 'Signatures at the head and the tail of the file against the ending of its name.',
    related: ['CVE-2025-1889', 'CVE-2025-10155'],
    over: 'any',
    anomalies: ['extension-mismatch'],
  },
  {
    id: 'TW-FILE-02',
    title: 'The file can be read as two formats',
    grade: 'major',
    basis: 'exploit',
    cwe: 436,
    atlas: 'AML.T0076',
    sentence: 'The file is valid under two or more formats (polyglot).',
    meaning:
      'What is inspected as one format is loaded as another: a scanner and a loader see different contents in the same bytes.',
    remedy: 'Ask the vendor for a file that is of one format only.',
    seen: 'Signatures of all known formats at the head and the tail of the file.',
    related: [],
    over: 'any',
    anomalies: ['polyglot'],
  },
  {
    id: 'TW-FILE-03',
    title: 'Bytes and structures do not tally',
    grade: 'major',
    basis: 'exploit',
    cwe: 506,
    atlas: 'AML.T0018.002',
    sentence: 'Some bytes are claimed by no structure, or claimed twice.',
    meaning:
      'In a sound file every byte has one purpose. Bytes without one can carry anything, from an innocent leftover to a payload for a second reader; bytes with two mean different things to different readers; a structure beyond the end says that the file was cut.',
    remedy:
      'Ask the vendor for an intact copy; the offsets beside the finding say where to look. A copy that was cut in transit is cured by fetching it again.',
    seen: 'Byte accounting: the ranges of all structures of the file must be disjoint and cover it; padding must be zeros or spaces.',
    related: [],
    over: 'any',
    anomalies: [
      'bytes-unclaimed',
      'bytes-claimed-twice',
      'bytes-outside',
      'padding-not-zero',
      'truncated',
      'stream-truncated',
      'tar-truncated',
      'exe-broken',
      'ggf-trailing-bytes',
    ],
  },
  {
    id: 'TW-FILE-04',
    title: 'A program stands among the files of the model',
    grade: 'dangerous',
    basis: 'capability',
    cwe: 506,
    atlas: 'AML.T0018.002',
    sentence: 'A native executable, script or bytecode sits in a model position.',
    meaning:
      'A model needs no program beside it to be loaded. Whatever the program does, it does it with the rights of whoever starts it, and it cannot be audited here.',
    remedy: 'Leave the program out of the consignment, or have it cleared as software.',
    seen: 'Signatures of executables, scripts and bytecode at the head of the file.',
    related: ['PAIT-LMAFL-300'],
    over: 'any',
    anomalies: ['rec-executable', 'exe-program'],
  },
  {
    id: 'TW-FILE-05',
    title: 'A format that cannot be inspected',
    grade: 'minor',
    basis: 'capability',
    cwe: 1104,
    atlas: 'AML.T0010.003',
    sentence: 'Deprecated or opaque format that cannot be inspected.',
    meaning:
      'No reader of this version understands the content, so nothing can be said of it: neither that it is harmful nor that it is not. The verdict on the file is inconclusive.',
    remedy: 'Bring the model as safetensors or GGUF, or leave the file out if it is not needed.',
    seen: 'No signature is known, or the format is known and has no reader yet.',
    related: [],
    over: 'any',
    effect: 'open',
    anomalies: ['unknown-format', 'rec-opaque', 'rec-source-code', 'rec-code-on-load'],
  },
  {
    id: 'TW-FILE-06',
    title: 'The bytes are not the ones that were announced',
    grade: 'major',
    basis: 'capability',
    cwe: 345,
    atlas: 'AML.T0010.003',
    sentence: 'Size or hash differs from the LFS/OCI pointer or the manifest.',
    meaning:
      'The file changed on its way or while it was read, or only a pointer to it came. No client of the hub verifies this by itself, so a swapped file would go unnoticed.',
    remedy: 'Fetch the file again. If it differs again, ask the vendor which of the two digests is right.',
    seen: 'SHA-256 and size of the bytes against what the hub declares and against the intake.',
    related: [],
    over: 'any',
    anomalies: ['changed-while-read', 'rec-pointer'],
    check: (subject) => [...observeIntake(subject, ['hub-digest']), ...observeSizes(subject)],
  },
  {
    id: 'TW-FILE-07',
    title: 'A name or text holds characters that cannot be seen',
    grade: 'minor',
    basis: 'capability',
    cwe: 176,
    atlas: 'AML.T0074',
    sentence: 'Confusable, bidi or control characters in file or tensor names.',
    meaning:
      'Such characters make two different names look alike or show a name in another order than it has. They also come in by accident, with text that was copied from a web page.',
    remedy: 'Rename the file or tensor, or take the characters out of the text; the message shows their code points.',
    seen: 'Unicode properties of the names of files, tensors, metadata keys and tokens, and of plain texts.',
    related: ['CVE-2021-42574'],
    over: 'any',
    anomalies: ['stn-name', 'ggf-odd-characters', 'tok-invisible', 'text-invisible', 'text-control', 'zip-backslash'],
    check: (subject) => observeIntake(subject, NAME_PROBLEMS),
  },
  {
    id: 'TW-FILE-08',
    title: 'The files are not those that were declared',
    grade: 'advisory',
    basis: 'capability',
    cwe: null,
    atlas: 'AML.T0010.003',
    sentence: 'A file is missing from, or extra to, the import declaration.',
    meaning:
      'A part that is declared and not there cannot be inspected; a file that is there and not declared was perhaps not meant to come along. A split model declares its parts itself.',
    remedy: 'Bring the missing part, leave out the extra one, or correct the declaration.',
    seen: 'The list of files against the import declaration, and against what the parts of a split model say.',
    related: [],
    over: 'folder',
    effect: 'none',
    anomalies: ['split-missing'],
    incomplete: ['split-missing'],
    arises: ({ facts, options }) =>
      options.declared !== undefined || facts.anomalies.some(({ code }) => code === 'split-missing'),
    check: observeMissing,
  },
]
