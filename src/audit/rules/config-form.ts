/** TW-CFG, second part: configurations that are not well-formed, so that readers differ in what they say. */
import type { Rule } from '../rule.ts'

const OVER = ['hf-config', 'hf-tokenizer', 'safetensors-index', 'hf-card', 'text', 'yaml'] as const

/** See the module. */
export const CONFIG_FORM_RULES: readonly Rule[] = [
  {
    id: 'TW-CFG-12',
    title: 'A key stands twice in a configuration',
    grade: 'major',
    basis: 'capability',
    cwe: 694,
    atlas: 'AML.T0076',
    sentence: 'Duplicate keys in a configuration or card.',
    meaning:
      'Some readers take the first of two equal keys and others the last, so what was inspected need not be what is loaded.',
    remedy: 'Ask the vendor which of the two values holds, and have the other one removed.',
    seen: 'Every key of every object, with a reader that keeps duplicates.',
    related: [],
    over: OVER,
    anomalies: ['json-duplicate-key', 'yaml-duplicate-key'],
  },
  {
    id: 'TW-CFG-13',
    title: 'A configuration or text is not well-formed',
    grade: 'minor',
    basis: 'capability',
    cwe: 20,
    atlas: 'AML.T0076',
    sentence: 'Malformed JSON, YAML or text, or a value of the wrong kind.',
    meaning:
      'Readers stop at it, pass over it or guess. What could not be read is inconclusive; what could be read was read.',
    remedy: 'Ask the vendor for a well-formed file; the message says where it breaks.',
    seen: 'The whole file, read strictly.',
    related: [],
    over: OVER,
    anomalies: [
      'json-utf8',
      'json-bom',
      'json-syntax',
      'json-surrogate',
      'json-non-finite',
      'json-root',
      'tok-shape',
      'tok-bad-id',
      'tok-merges',
      'card-front-matter',
      'card-root',
      'yaml-syntax',
      'yaml-alias',
      'yaml-size',
      'text-utf8',
    ],
  },
]
