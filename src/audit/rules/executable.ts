/** TW-EXE: models that come as a program, or in one. */
import type { Rule } from '../rule.ts'

/** See the module. */
export const EXECUTABLE_RULES: readonly Rule[] = [
  {
    id: 'TW-EXE-01',
    title: 'The model comes with a program that runs it',
    grade: 'dangerous',
    basis: 'capability',
    cwe: 829,
    atlas: 'AML.T0018.002',
    sentence: 'llamafile/APE whose runtime part is not a known build.',
    meaning:
      'Whoever starts the model starts the program, with all rights of that person and on six operating systems. The weights in it are inspected as any others; the program cannot be, and no list of vetted builds comes with this version, so none is known.',
    remedy:
      'Take the weights out and bring them as GGUF; or hold the digest in the message against the builds that the makers of the runtime publish, and have the program cleared as software.',
    seen: 'The signature at the head, which of the systems the head serves, and the SHA-256 of everything before the archive.',
    related: ['PAIT-LMAFL-300'],
    over: 'any',
    anomalies: ['exe-portable'],
  },
]
