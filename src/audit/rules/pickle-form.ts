/**
 * TW-PKL, second part: the form of a pickle.
 *
 * CPython alone has three unpicklers that differ on malformed streams, so a stream that is not of the one canonical
 * form has no one meaning, whatever it names.
 */
import type { Rule } from '../rule.ts'
import { PICKLE_FORMATS } from './pickle-formats.ts'

const REMEDY = 'Do not load the file. Ask the vendor for the weights as safetensors.'
const SEEN = 'Every opcode of every stream against the canonical form. Nothing is loaded.'

/** See the module. */
export const PICKLE_FORM_RULES: readonly Rule[] = [
  {
    id: 'TW-PKL-10',
    title: 'A pickle or program lies dormant inside the data',
    grade: 'major',
    basis: 'capability',
    cwe: 506,
    atlas: 'AML.T0018.002',
    sentence: 'Dormant nested pickle or code inside bytes or text.',
    meaning:
      'By itself it is not run when the file is loaded; a program that unpickles the loaded value runs it. Caches of some libraries look like this.',
    remedy: 'Ask the vendor what the inner stream is for, or for the weights as safetensors.',
    seen: 'Strings and bytes of the stream that are themselves a pickle from first opcode to STOP.',
    related: [],
    over: PICKLE_FORMATS,
    anomalies: ['pkl-nested'],
  },
  {
    id: 'TW-PKL-11',
    title: 'Frames that make readers see different programs',
    grade: 'dangerous',
    basis: 'exploit',
    cwe: 436,
    atlas: 'AML.T0076',
    sentence: 'FRAME straddle or nesting: meaning depends on the reader.',
    meaning:
      'The C unpickler on bytes, the one on files and the pure Python one run different instructions from the same stream. No ordinary writer makes such frames.',
    remedy: REMEDY,
    seen: SEEN,
    related: [],
    over: PICKLE_FORMATS,
    anomalies: ['pkl-frame'],
  },
  {
    id: 'TW-PKL-12',
    title: 'The stream breaks off before its end',
    grade: 'dangerous',
    basis: 'exploit',
    cwe: 436,
    atlas: 'AML.T0076',
    sentence: 'Stream breaks or ends after an executed call (nullifAI).',
    meaning:
      'What stands before the break is run before the loader notices that anything is wrong, while scanners that stop at the error report nothing. A file that was cut in transit looks the same.',
    remedy: 'Fetch the file again; if the digest is the one that the vendor gives, do not load it.',
    seen: SEEN,
    related: [],
    over: PICKLE_FORMATS,
    anomalies: ['pkl-truncated', 'pkl-no-stop'],
  },
  {
    id: 'TW-PKL-13',
    title: 'Instructions that have no one meaning',
    grade: 'major',
    basis: 'exploit',
    cwe: 436,
    atlas: 'AML.T0076',
    sentence: 'EXT, unknown or reserved opcode, undefined memo, stack or mark violation.',
    meaning:
      'Extension codes are looked up in a registry of the loading program, out-of-band buffers come from elsewhere, unknown opcodes are read by nobody or by one reader only, and what takes from an empty stack ends differently in each.',
    remedy: REMEDY,
    seen: SEEN,
    related: [],
    over: PICKLE_FORMATS,
    anomalies: ['pkl-unknown-opcode', 'pkl-extension', 'pkl-buffer', 'pkl-stack', 'pkl-memo'],
  },
  {
    id: 'TW-PKL-14',
    title: 'A name that is computed or disguised',
    grade: 'major',
    basis: 'exploit',
    cwe: 436,
    atlas: 'AML.T0076',
    sentence: "A global's name is not a direct canonical constant.",
    meaning:
      'Ordinary writers name a global by two constants. A name that comes from elsewhere is hidden from whoever reads the stream.',
    remedy: REMEDY,
    seen: SEEN,
    related: [],
    over: PICKLE_FORMATS,
    anomalies: ['pkl-global-name', 'pkl-indirect-global'],
  },
  {
    id: 'TW-PKL-15',
    title: 'Numbers, strings or headers in an unusual form',
    grade: 'minor',
    basis: 'capability',
    cwe: 436,
    atlas: 'AML.T0076',
    sentence: 'Duplicate or misplaced PROTO, non-canonical numbers or strings.',
    meaning: 'No common writer produces this form. Unpicklers agree on most of it and differ on some.',
    remedy: 'Ask the vendor which program wrote the file.',
    seen: SEEN,
    related: [],
    over: PICKLE_FORMATS,
    anomalies: ['pkl-proto', 'pkl-number', 'pkl-string'],
  },
  {
    id: 'TW-PKL-16',
    title: 'The stream wants far more memory than it has bytes',
    grade: 'major',
    basis: 'exploit',
    cwe: 400,
    atlas: 'AML.T0029',
    sentence: 'Expansion bomb through memo, DUP or huge declared lengths.',
    meaning:
      'A reader that believes a declared length or number allocates memory until the service stops; a structure that a few opcodes share a million times stops whatever walks through it.',
    remedy: REMEDY,
    seen: 'Declared lengths against the bytes that follow, numbers of the memo against the opcodes before, and the size of the result without sharing.',
    related: [],
    over: PICKLE_FORMATS,
    anomalies: ['pkl-length', 'pkl-expansion'],
  },
  {
    id: 'TW-PKL-17',
    title: 'More bytes or streams after the end',
    grade: 'minor',
    basis: 'capability',
    cwe: 506,
    atlas: 'AML.T0018.002',
    sentence: "Bytes or streams after STOP beyond the container's grammar.",
    meaning:
      'A loader stops at the first STOP, a scanner may not look behind it. Several streams in one file are usual for old torch files and for logs.',
    remedy: 'Ask the vendor what stands behind the first stream.',
    seen: 'The bytes after the first STOP.',
    related: [],
    over: PICKLE_FORMATS,
    anomalies: ['pkl-after-stop', 'pkl-streams', 'tor-unreferenced'],
  },
]
