/**
 * What can be wrong with a pickle: stable codes, which rules map to grades.
 *
 * A pickle is a program. These codes say where the program is not of the one form that every unpickler reads alike,
 * and which names of known danger it refers to. That none of them was noted proves nothing: a pickle is listed, and
 * proving it inert is another matter.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  { code: 'pkl-executes-code', format: 'pickle', meaning: 'Refers to a known code-execution primitive (TW-PKL-01).' },
  {
    code: 'pkl-builds-code',
    format: 'pickle',
    meaning: 'Refers to something that builds code objects or functions (TW-PKL-02).',
  },
  { code: 'pkl-resolver', format: 'pickle', meaning: 'Refers to a dynamic resolver or attribute gadget (TW-PKL-03).' },
  {
    code: 'pkl-system-access',
    format: 'pickle',
    meaning: 'Refers to a file, network or process primitive (TW-PKL-04).',
  },
  {
    code: 'pkl-loads-more',
    format: 'pickle',
    meaning: 'Refers to something that installs, downloads or loads a second artefact (TW-PKL-05).',
  },
  { code: 'pkl-disarms', format: 'pickle', meaning: 'Refers to a scanner or hook library (TW-PKL-20).' },
  {
    code: 'pkl-main',
    format: 'pickle',
    meaning: 'Needs a class or function of the program that loads it, __main__ (TW-PKL-19).',
  },
  { code: 'pkl-nested', format: 'pickle', meaning: 'A pickle lies dormant inside bytes or text (TW-PKL-10).' },
  {
    code: 'pkl-unknown-opcode',
    format: 'pickle',
    meaning: 'A byte in opcode position is no opcode of protocols 0 to 5 (TW-PKL-13).',
  },
  {
    code: 'pkl-extension',
    format: 'pickle',
    meaning: 'EXT1, EXT2 or EXT4: what it refers to is decided by the registry of whoever loads it (TW-PKL-13).',
  },
  { code: 'pkl-truncated', format: 'pickle', meaning: 'The file ends inside an opcode (TW-PKL-12).' },
  { code: 'pkl-length', format: 'pickle', meaning: 'An opcode declares more bytes than the file has (TW-PKL-16).' },
  {
    code: 'pkl-no-stop',
    format: 'pickle',
    meaning: 'The stream does not end with STOP: what was called before the break has been called (TW-PKL-12).',
  },
  { code: 'pkl-after-stop', format: 'pickle', meaning: 'Bytes follow STOP that are no further stream (TW-PKL-17).' },
  { code: 'pkl-streams', format: 'pickle', meaning: 'Further streams follow the first one (TW-PKL-17).' },
  {
    code: 'pkl-proto',
    format: 'pickle',
    meaning: 'PROTO is doubled, misplaced, missing or of an unknown protocol (TW-PKL-15).',
  },
  {
    code: 'pkl-frame',
    format: 'pickle',
    meaning: 'A frame is nested, cuts through an opcode or reaches beyond the file: readers differ (TW-PKL-11).',
  },
  { code: 'pkl-number', format: 'pickle', meaning: 'A number is not in canonical form (TW-PKL-15).' },
  {
    code: 'pkl-string',
    format: 'pickle',
    meaning: 'A string is not in canonical form or not in its encoding (TW-PKL-15).',
  },
  { code: 'pkl-global-name', format: 'pickle', meaning: "A global's name is not a plain identifier path (TW-PKL-14)." },
  {
    code: 'pkl-indirect-global',
    format: 'pickle',
    meaning: 'A global is named by computed values, not by constants that stand before it (TW-PKL-14).',
  },
  {
    code: 'pkl-stack',
    format: 'pickle',
    meaning: 'An opcode takes from the stack or the memo what is not there, or something is left at STOP (TW-PKL-13).',
  },
  { code: 'pkl-memo', format: 'pickle', meaning: 'A number of the memo is given twice (TW-PKL-13).' },
  {
    code: 'pkl-expansion',
    format: 'pickle',
    meaning:
      'A few opcodes stand for a structure of many millions of parts, or want memory for a huge memo (TW-PKL-16).',
  },
  {
    code: 'pkl-wrong-target',
    format: 'pickle',
    meaning: 'Something is called, filled, given a state or used as a key that is not of the kind for it (TW-PKL-09).',
  },
  {
    code: 'pkl-tensor',
    format: 'pickle',
    meaning: 'A tensor reaches outside its storage, or a storage outside its record (TW-PKL-09).',
  },
  {
    code: 'pkl-persistent-id',
    format: 'pickle',
    meaning: 'A persistent id is no well-formed storage tuple, or nothing resolves it (TW-PKL-18).',
  },
  {
    code: 'pkl-signature',
    format: 'pickle',
    meaning: 'A listed global is used otherwise than its signature says (TW-PKL-08).',
  },
  { code: 'pkl-unlisted-called', format: 'pickle', meaning: 'A global that no policy lists is called (TW-PKL-06).' },
  {
    code: 'pkl-unlisted-referenced',
    format: 'pickle',
    meaning: 'A global that no policy lists is named and not called (TW-PKL-07).',
  },
  {
    code: 'pkl-magic',
    format: 'pickle',
    meaning: 'The magic number of an old torch file is computed and not written as a number (TW-PKL-21).',
  },
  { code: 'pkl-buffer', format: 'pickle', meaning: 'Out-of-band buffers: part of the content stands elsewhere.' },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type PickleAnomaly = (typeof ANOMALIES)[number]['code']
