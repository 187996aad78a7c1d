/** TW-EXE: programs for one processor that are kept as models. */
import type { Rule } from '../rule.ts'

/** See the module. */
export const ENGINE_RULES: readonly Rule[] = [
  {
    id: 'TW-EXE-02',
    title: 'An engine that may bring libraries along',
    grade: 'dangerous',
    basis: 'capability',
    cwe: 829,
    atlas: 'AML.T0018.002',
    sentence: 'Opaque engine with plug-in libraries (TensorRT, RKNN).',
    meaning:
      'The file is compiled for one processor and can hold native code and plug-in libraries, which the runtime loads without asking. Nothing in it can be inspected, and the makers of the runtimes themselves say that such files are to be trusted like programs.',
    remedy: 'Bring the model in the form that it was compiled from, and compile it where it is to run.',
    seen: 'The signature of the engine at the head of the file.',
    related: [],
    over: 'any',
    anomalies: ['rec-plugin-engine'],
  },
]
