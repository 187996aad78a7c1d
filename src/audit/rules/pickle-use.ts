/** TW-PKL, third part: what a pickle does with what it names. These rules rest on the interpretation of every opcode. */
import type { Rule } from '../rule.ts'
import { PICKLE_FORMATS } from './pickle-formats.ts'

const REMEDY = 'Do not load the file. Ask the vendor for the weights as safetensors.'
const SEEN =
  'Every opcode is interpreted without loading anything; each call is held against the signature of what it calls.'

/** See the module. */
export const PICKLE_USE_RULES: readonly Rule[] = [
  {
    id: 'TW-PKL-08',
    title: 'A vetted name is used in a way that was not vetted',
    grade: 'major',
    basis: 'capability',
    cwe: 502,
    atlas: 'AML.T0011.000',
    sentence: 'A listed global is used outside its effect signature.',
    meaning:
      'The name is harmless with the arguments that ordinary writers give it. What it does with these is not known; it may be nothing.',
    remedy: 'Ask the vendor for the weights as safetensors, or have this use vetted.',
    seen: SEEN,
    related: [],
    over: PICKLE_FORMATS,
    effect: 'open',
    anomalies: ['pkl-signature'],
  },
  {
    id: 'TW-PKL-09',
    title: 'A tensor outside its storage, or a value of the wrong kind',
    grade: 'major',
    basis: 'exploit',
    cwe: 787,
    atlas: 'AML.T0011.000',
    sentence: 'Tensor metadata exceed the storage, or SETITEM/APPEND/BUILD hits a wrong type.',
    meaning:
      'A loader that trusts such a file reads or writes memory that is not the tensor. Restricted loaders have been broken this way.',
    remedy: REMEDY,
    seen: 'Sizes, strides and offset of each tensor against its storage, and of each storage against its record; the kind of every value that is filled, called or given a state.',
    related: ['CVE-2026-24747'],
    over: PICKLE_FORMATS,
    anomalies: ['pkl-tensor', 'pkl-wrong-target'],
  },
  {
    id: 'TW-PKL-18',
    title: 'A reference out of the stream that nothing resolves',
    grade: 'major',
    basis: 'capability',
    cwe: 502,
    atlas: 'AML.T0011.000',
    sentence: 'A persistent id is not a well-formed storage tuple.',
    meaning:
      'What a persistent id stands for is decided by the program that loads the file. Torch takes storages by a tuple of fixed form; nothing else that ordinary loaders resolve has one.',
    remedy: 'Ask the vendor which program resolves the reference.',
    seen: SEEN,
    related: [],
    over: PICKLE_FORMATS,
    anomalies: ['pkl-persistent-id'],
  },
  {
    id: 'TW-PKL-21',
    title: 'The magic number of an old torch file is computed',
    grade: 'major',
    basis: 'exploit',
    cwe: 502,
    atlas: 'AML.T0011.000',
    sentence: 'Legacy torch magic number is computed, not a literal.',
    meaning:
      'Torch unpickles the number before it knows what the file is. A number that is computed hides the file from scanners that look for it, and runs what computes it.',
    remedy: REMEDY,
    seen: 'The first of the five streams of the old format.',
    related: [],
    over: PICKLE_FORMATS,
    anomalies: ['pkl-magic'],
  },
]
