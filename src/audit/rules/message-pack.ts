/** TW-MSG: MessagePack, in which Flax keeps weights. */
import type { Rule } from '../rule.ts'

/** See the module. */
export const MESSAGE_PACK_RULES: readonly Rule[] = [
  {
    id: 'TW-MSG-01',
    title: 'More is declared than there is',
    grade: 'major',
    basis: 'exploit',
    cwe: 400,
    atlas: 'AML.T0029',
    sentence: 'Declared length exceeds the bytes present.',
    meaning:
      'A reader that believes a length or a count allocates memory until the service stops. A file that was cut in transit shows the same.',
    remedy: 'Fetch the file again; if the digest is the one that the vendor gives, do not load it.',
    seen: 'Every length and count of the stream against the bytes that follow it, and the shape of every array against its bytes.',
    related: [],
    over: ['flax'],
    anomalies: ['msg-length', 'msg-array-size'],
  },
  {
    id: 'TW-MSG-02',
    title: 'A value of a type that the library does not have',
    grade: 'minor',
    basis: 'capability',
    cwe: 20,
    atlas: 'AML.T0076',
    sentence: 'Unknown MessagePack extension type.',
    meaning:
      'Flax writes three extension types and plain values. Anything else was written by another program, and readers differ in what they make of it; where it decides what the bytes mean, the verdict is inconclusive.',
    remedy: 'Ask the vendor which program wrote the file.',
    seen: 'The type of every value, and the layout of every array.',
    related: [],
    over: ['flax'],
    anomalies: ['msg-extension', 'msg-dtype', 'msg-array', 'msg-reserved', 'msg-key', 'msg-duplicate-key', 'msg-text'],
  },
]
