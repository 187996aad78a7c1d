/** TW-IDN: names that can be taken for another. */
import { hasOrganisation, observeConfusableName } from '../checks/publishers.ts'
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
]
