/** TW-IDN: names that can be taken for another. */
import { hasOrganisation, observeConfusableName, observeMutable } from '../checks/publishers.ts'
import type { Rule } from '../rule.ts'

/** See the module. */
export const NAME_RULES: readonly Rule[] = [
  {
    id: 'TW-IDN-01',
    title: 'The name of the publisher looks like another',
    grade: 'major',
    basis: 'capability',
    cwe: null,
    atlas: 'AML.T0073',
    sentence: 'Name or organisation confusable with a known publisher.',
    meaning:
      'Models have been put up under names that differ from a known one by a sign that looks alike. It may also be an honest name; nothing is said about who stands behind it.',
    remedy: 'Check on the hub that this is the organisation you meant.',
    seen: 'The organisation in the hub reference against a list of known publishers, with signs that look alike made equal.',
    related: [],
    over: 'folder',
    effect: 'none',
    anomalies: [],
    arises: hasOrganisation,
    check: observeConfusableName,
  },
  {
    id: 'TW-IDN-02',
    title: 'The reference can come to stand for another model',
    grade: 'major',
    basis: 'capability',
    cwe: null,
    atlas: 'AML.T0109',
    sentence: 'Mutable revision or re-created namespace.',
    meaning:
      'A branch or a tag stands for whatever its owner puts there, and a name that was given up can be taken by somebody else. What was inspected is then not what is fetched next time.',
    remedy: 'Refer to the model by its commit: hf:org/name@, followed by 40 hexadecimal digits.',
    seen: 'The reference under which the model was taken in. A branch whose commit was pinned at intake is fixed by it.',
    related: [],
    over: 'folder',
    effect: 'none',
    anomalies: [],
    arises: ({ artefact: { source } }) => source.kind === 'hub',
    check: observeMutable,
  },
]
