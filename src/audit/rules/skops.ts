/** TW-SKO: scikit-learn models as skops saves them. */
import type { Rule } from '../rule.ts'

/** See the module. */
export const SKOPS_RULES: readonly Rule[] = [
  {
    id: 'TW-SKO-01',
    title: 'The schema names something that is not on the list',
    grade: 'major',
    basis: 'capability',
    cwe: 502,
    atlas: 'AML.T0011.000',
    sentence: 'A skops node type outside the trusted list.',
    meaning:
      'skops makes an instance of whatever class its schema names, if it is told to trust the file. The name is on no list because nobody has vetted it; that is no accusation.',
    remedy: 'Load the file with a list of trusted types that names this one only when you know what it is.',
    seen: 'Every node of schema.json against a list of classes, functions and kinds of nodes.',
    related: ['CVE-2024-37065'],
    over: ['skops'],
    effect: 'open',
    anomalies: ['sko-untrusted'],
  },
  {
    id: 'TW-SKO-02',
    title: 'A node reaches a method, an operator or a function that runs code',
    grade: 'dangerous',
    basis: 'capability',
    cwe: 502,
    atlas: 'AML.T0011.000',
    sentence: 'A skops method/operator node resolves to a foreign attribute.',
    meaning:
      'A node of this kind takes an attribute by its name or calls a function of the module operator when the file is loaded. Versions of skops showed whoever loaded the file another name than the one that they used.',
    remedy: 'Do not load the file. Ask the vendor for a model without such nodes.',
    seen: 'Method and operator nodes of schema.json, and the names of all nodes against the list of dangerous ones.',
    related: ['CVE-2025-54412', 'CVE-2025-54413', 'CVE-2025-54886'],
    over: ['skops'],
    anomalies: ['sko-foreign'],
  },
]
