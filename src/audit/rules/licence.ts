/** TW-LIC: licences. A defect here is one of the papers and not of the bytes. */
import { holdsModel, observeLicenceConflict, observeNoLicence } from '../checks/licences.ts'
import type { Rule } from '../rule.ts'

/** See the module. */
export const LICENCE_RULES: readonly Rule[] = [
  {
    id: 'TW-LIC-01',
    title: 'No known licence is stated',
    grade: 'major',
    basis: 'capability',
    cwe: null,
    atlas: null,
    sentence: 'Licence missing or unidentified.',
    meaning:
      'Without a licence nobody may use the model, whatever it was made for. A licence that is not known here has to be read by a person.',
    remedy: 'Add the licence to the model card (license: …) or bring its text; ask the vendor where it is not known.',
    seen: 'The front matter of the model card, the metadata of GGUF and safetensors files, and licence texts among the files, against the SPDX list and the licences of models.',
    related: [],
    over: 'folder',
    effect: 'none',
    anomalies: [],
    arises: holdsModel,
    check: observeNoLicence,
  },
  {
    id: 'TW-LIC-02',
    title: 'The licence text is not that of the declared licence',
    grade: 'major',
    basis: 'capability',
    cwe: null,
    atlas: null,
    sentence: 'Declared licence differs from the detected text.',
    meaning: 'Which of the two holds is a question for the vendor; until it is answered, the stricter one does.',
    remedy: 'Ask the vendor which licence holds, and have the other one removed.',
    seen: 'Licence texts among the files, recognised by their wording, against what card and metadata declare.',
    related: [],
    over: 'folder',
    effect: 'none',
    anomalies: [],
    arises: ({ facts }) => facts.files.length > 0,
    check: observeLicenceConflict,
  },
]
