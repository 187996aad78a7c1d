/** TW-NPY: arrays as NumPy saves them, alone or in an archive. */
import type { Rule } from '../rule.ts'

/** See the module. */
export const NUMPY_RULES: readonly Rule[] = [
  {
    id: 'TW-NPY-01',
    title: 'An array of Python objects is a pickle',
    grade: 'major',
    basis: 'capability',
    cwe: 502,
    atlas: 'AML.T0011.000',
    sentence: 'Object dtype, so the array body is a pickle.',
    meaning:
      'A loader that is told to allow it unpickles the body of such an array, and a pickle runs whatever it names. The pickle in this array was not proved to do nothing; one that was proved is not reported.',
    remedy: 'Ask the vendor for arrays of numbers, or read the file without allowing pickles.',
    seen: 'The element type in the header, and the proof of the pickle that follows it.',
    related: ['CVE-2019-6446'],
    over: ['npy'],
    effect: 'open',
    anomalies: ['npy-objects'],
  },
  {
    id: 'TW-NPY-02',
    title: 'Header and data of an array do not fit each other',
    grade: 'major',
    basis: 'exploit',
    cwe: 131,
    atlas: 'AML.T0029',
    sentence: 'Shape x itemsize differs from data, or header is not a plain literal.',
    meaning:
      'Readers in other languages trust the header and allocate or read what it declares; a header that is more than a plain dict is read differently by each of them. The usual harmless cause is a file that was cut in transit.',
    remedy: 'Fetch the file again; if the digest is the one that the vendor gives, ask the vendor for an intact file.',
    seen: 'The header, with a grammar that knows literals only, and the size of the data against shape and type.',
    related: [],
    over: ['npy'],
    anomalies: ['npy-header', 'npy-size', 'npy-trailing-bytes'],
  },
]
