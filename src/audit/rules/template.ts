/** TW-TPL: chat templates, as far as their text shows it. They are rendered by whoever serves the model. */
import { hasTemplates, observeIncludes, observeInvisible, observeReach } from '../checks/templates.ts'
import type { Rule } from '../rule.ts'

const OVER = ['gguf', 'hf-tokenizer', 'hf-config'] as const

/** See the module. */
export const TEMPLATE_RULES: readonly Rule[] = [
  {
    id: 'TW-TPL-01',
    title: 'A chat template reaches into Python',
    grade: 'dangerous',
    basis: 'exploit',
    cwe: 1336,
    atlas: 'AML.T0011.000',
    sentence: 'Template reaches Python internals or attributes.',
    meaning:
      'An engine that renders templates without a sandbox runs whatever such an expression reaches, when the first message is sent. No template needs it to format a conversation.',
    remedy:
      'Replace the template by that of the base model, or serve the model with an engine that does not render templates.',
    seen: 'The code parts of the template, without literal text and comments. Names that are computed while rendering are not followed.',
    related: ['CVE-2024-34359', 'PAIT-GGUF-101'],
    over: OVER,
    anomalies: [],
    arises: hasTemplates,
    check: observeReach,
  },
  {
    id: 'TW-TPL-02',
    title: 'A chat template draws in another file',
    grade: 'major',
    basis: 'capability',
    cwe: 829,
    atlas: 'AML.T0011.000',
    sentence: 'include, import or unknown callable in a template.',
    meaning: 'What is included is not in the template and was not inspected; most engines refuse it.',
    remedy: 'Ask the vendor for a template that stands alone.',
    seen: 'The statements of the template. Calls are not compared with a list in this version.',
    related: [],
    over: OVER,
    anomalies: [],
    arises: hasTemplates,
    check: observeIncludes,
  },
  {
    id: 'TW-TPL-05',
    title: 'A chat template holds characters that cannot be seen',
    grade: 'minor',
    basis: 'capability',
    cwe: 176,
    atlas: 'AML.T0051',
    sentence: 'Invisible characters in the template.',
    meaning:
      'Such characters are sent to the model with every conversation and can carry instructions that no reader of the template sees. They also come in by accident.',
    remedy: 'Take the characters out; the message gives the line.',
    seen: 'The whole text of the template. Joiners and direction marks that languages need are let pass where they stand alone.',
    related: [],
    over: OVER,
    anomalies: [],
    arises: hasTemplates,
    check: observeInvisible,
  },
  {
    id: 'TW-TPL-06',
    title: 'The chat templates of one model differ',
    grade: 'major',
    basis: 'capability',
    cwe: 345,
    atlas: 'AML.T0074',
    sentence: 'Template sources inside one artefact disagree.',
    meaning:
      'Which template is used then depends on the engine, so a test on one engine says nothing about another. A poisoned template can stand in the place where nobody looks.',
    remedy: 'Keep one template, or make all of them equal.',
    seen: 'The templates of the tokenizer configuration, of its own file and of GGUF metadata against each other.',
    related: [],
    over: OVER,
    anomalies: ['template-sources-disagree'],
    arises: hasTemplates,
  },
]
