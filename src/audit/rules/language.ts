/** TW-LNG: objects of other languages that carry code, as pickles do. */
import type { Rule } from '../rule.ts'

/** See the module. */
export const LANGUAGE_RULES: readonly Rule[] = [
  {
    id: 'TW-LNG-01',
    title: 'A function of R or Lua stands among the data',
    grade: 'dangerous',
    basis: 'capability',
    cwe: 502,
    atlas: 'AML.T0011.000',
    sentence: 'R promise/closure or Lua function serialised (RDS, Torch7).',
    meaning:
      'Loading the file brings code into the program. A promise runs as soon as its value is looked at, a function when it is called, and neither language checks compiled code before it runs it. Many honest models of R carry functions, since R keeps them with the formula or family of a model.',
    remedy:
      'Ask the vendor for the numbers alone (tables, matrices, ONNX, PMML), or have the functions that are named beside the finding reviewed.',
    seen: 'Every item of the stream, without building any; the names of what functions and promises call.',
    related: ['CVE-2024-27322'],
    over: ['r-data', 'torch7'],
    anomalies: ['rda-promise', 'rda-closure', 'rda-bytecode', 'rda-active', 'lua-function'],
  },
  {
    id: 'TW-LNG-02',
    title: 'The object of another language is not well-formed',
    grade: 'major',
    basis: 'exploit',
    cwe: 20,
    atlas: 'AML.T0076',
    sentence: 'Items, lengths or sizes that R or Torch would not write.',
    meaning:
      'The libraries that load such files allocate what is declared and follow what is referred to. A file that was cut in transit shows the same.',
    remedy: 'Fetch the file again; if the digest is the one that the vendor gives, do not load it.',
    seen: 'Every length against the bytes that follow it, every reference against the items before it.',
    related: [],
    over: ['r-data', 'torch7'],
    anomalies: ['rda-header', 'rda-length', 'rda-item', 'lua-length', 'lua-object', 'lua-tensor'],
  },
]
