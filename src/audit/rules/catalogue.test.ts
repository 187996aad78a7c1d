/** The rules against the catalogue of danger classes, written down apart from them: grade, CWE and ATLAS of each id. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ATLAS_NAMES, CWE_NAMES } from '../taxonomy.ts'
import { RULES } from './index.ts'

const TECHNIQUES: Readonly<Record<string, string | null>> = {
  '-': null,
  a: 'AML.T0011.000',
  b: 'AML.T0018.002',
  c: 'AML.T0076',
  d: 'AML.T0074',
  e: 'AML.T0010.003',
  f: 'AML.T0029',
  h: 'AML.T0051',
  j: 'AML.T0055',
  k: 'AML.T0025',
  l: 'AML.T0073',
  m: 'AML.T0109',
}
const GRADES: Readonly<Record<string, string>> = { D: 'dangerous', M: 'major', i: 'minor', A: 'advisory' }

/** Id, grade, CWE and technique. The last two are not of the catalogue; they are of this version. */
const CATALOGUE = `
SYS-01 A - -, FILE-01 M 434 d, FILE-02 M 436 c, FILE-03 M 506 b, FILE-04 D 506 b, FILE-05 i 1104 e, FILE-06 M 345 e,
FILE-07 i 176 d, FILE-08 A - e, ARC-01 D 22 b, ARC-02 D 59 b, ARC-03 M 409 f, ARC-04 M 436 c, ARC-05 M 694 c,
ARC-06 M 693 c, ARC-07 M 424 c, ARC-08 M 354 c, ARC-09 i 506 b, ARC-10 M 436 c,
STN-01 M 1284 c, STN-02 M 694 c, STN-03 M 787 c, STN-04 i 400 f, STN-05 i 20 d, STN-06 M 345 e,
GGF-01 M 190 c, GGF-02 M 125 c, GGF-03 M 694 c, GGF-04 i 1284 c, GGF-05 M 400 f, GGF-06 i 345 d, GGF-07 i 1104 e,
PKL-01 D 502 a, PKL-02 D 502 b, PKL-03 D 502 a, PKL-04 D 73 k, PKL-05 D 494 a, PKL-06 M 502 a, PKL-07 i 502 a,
PKL-10 M 506 b, PKL-11 D 436 c, PKL-12 D 436 c, PKL-13 M 436 c, PKL-14 M 436 c, PKL-15 i 436 c, PKL-16 M 400 f,
KRS-01 D 94 a, KRS-02 D 502 a, KRS-03 D 693 a, KRS-04 D 502 a, KRS-05 M 94 a, KRS-06 i 1104 e,
H5-01 D 73 k, H5-02 D 61 k, H5-03 M 787 c, H5-04 M 409 f,
PKL-08 M 502 a, PKL-09 M 787 a, PKL-18 M 502 a, PKL-21 M 502 a, PKL-17 i 506 b, PKL-19 M 502 a, PKL-20 D 693 c,
ONX-01 D 22 k, ONX-02 M 125 c, ONX-03 M 829 a, ONX-04 D 829 b, ONX-05 M 674 f, ONX-06 i 20 c, ONX-07 M 915 c,
TFG-01 D 73 k, TFG-02 D 94 a, TFG-03 D 94 a, TFG-04 M 918 k, TFG-05 M 829 a, TFG-06 i 94 a,
NPY-01 M 502 a, NPY-02 M 131 f, SKO-01 M 502 a, SKO-02 D 502 a,
TSC-01 D 94 a, TSC-02 M 94 a, TSC-03 i 94 a, TSC-04 M 427 b,
TPL-01 D 1336 a, TPL-02 M 829 a, TPL-03 M 834 f, TPL-04 M 506 h, TPL-05 i 176 h, TPL-06 M 345 d,
TPL-07 A 345 m, PYC-01 D 94 b, PYC-02 M 94 b, PYC-03 M 506 b, PYC-04 M 829 b, PYC-05 i 829 a, PYC-06 M 829 a,
CFG-01 M 829 a, CFG-02 D 829 e, CFG-03 D 94 a, CFG-04 i 829 e, CFG-05 M 22 k, CFG-06 M 918 k, CFG-07 i 1284 d,
CFG-08 M 20 d, CFG-09 M 345 e, CFG-11 D 502 a, EXE-01 D 829 b, SEC-01 M 798 j, LIC-01 M - -, LIC-02 M - -, IDN-01 M - l,
SEC-02 i 359 j, LIC-03 M - -, LIC-04 i - -, IDN-02 M - m,
CFG-12 M 694 c, CFG-13 i 20 c,
TFL-01 M 125 c, TFL-02 M 829 a, MSG-01 M 400 f, MSG-02 i 20 c,
EXE-02 D 829 b, LNG-01 D 502 a, LNG-02 M 20 c, CFG-10 M 611 k, CFG-14 i 20 c, MDL-01 M 1284 c, MDL-02 i 20 c`

test('every rule has the grade, weakness and technique that the catalogue gives its id', () => {
  const expected = CATALOGUE.split(',').map((entry) => {
    const [id, grade = '', cwe, letter = ''] = entry.trim().split(' ')
    return { id: `TW-${id}`, grade: GRADES[grade], cwe: cwe === '-' ? null : Number(cwe), atlas: TECHNIQUES[letter] }
  })
  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1)
  const actual = RULES.map(({ id, grade, cwe, atlas }) => ({ id, grade, cwe, atlas }))
  assert.deepEqual(actual.toSorted(byId), expected.toSorted(byId))
})

test('every entry of the two taxonomies is used by a rule', () => {
  const weaknesses = Object.keys(CWE_NAMES).map(Number)
  assert.deepEqual(
    weaknesses.filter((cwe) => !RULES.some((rule) => rule.cwe === cwe)),
    [],
  )
  assert.deepEqual(
    Object.keys(ATLAS_NAMES).filter((atlas) => !RULES.some((rule) => rule.atlas === atlas)),
    [],
  )
})
