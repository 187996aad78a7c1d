/** The words of the report: what each verdict and decision means, for a person who is not of the field. */
import type { AuditVerdict } from '../../audit/index.ts'
import type { AssuranceLevel } from '../../formats/index.ts'
import type { ComparisonVerdict } from '../../lineage/index.ts'
import type { DecisionKind } from '../dossier.ts'

/** Heading of a decision. */
export const DECISION_WORDS: Readonly<Record<DecisionKind, { readonly title: string; readonly meaning: string }>> = {
  cleared: { title: 'Cleared', meaning: 'Everything was read, and nothing in it stands against letting the model in.' },
  'cleared-with-advisories': {
    title: 'Cleared with advisories',
    meaning: 'Everything was read and nothing stops the model; the points below should be known to whoever uses it.',
  },
  held: { title: 'Held', meaning: 'The model may not be used until a person has looked at the points below.' },
  refused: {
    title: 'Refused',
    meaning: 'The model may not be used. The points below say why and what would have to change.',
  },
}

/** How a reason of each weight begins. */
export const REASON_WORDS: Readonly<Record<DecisionKind, string>> = {
  refused: 'Refused because',
  held: 'Held because',
  'cleared-with-advisories': 'To be known',
  cleared: 'Noted',
}

/** What the verdict on a file means. */
export const AUDIT_WORDS: Readonly<Record<AuditVerdict, string>> = {
  proved: 'every byte is accounted for and can only be data',
  'policy-proved': 'can only do what the named policy allows',
  'no-finding': 'read in full; no rule has anything to say',
  inconclusive: 'not read in full; nothing can be said of it',
  defect: 'has a defect; see the findings',
}

/** How strongly the readers were kept apart from the machine: completes "The readers ran …". */
export const ASSURANCE_WORDS: Readonly<Record<AssuranceLevel, string>> = {
  namespaces: 'in a process with a network, processes and memory of its own and without rights (level: namespaces)',
  'process-permissions':
    'in a process that may neither write, start programs nor open other files (level: process-permissions)',
  'in-process': 'in the inspecting process itself, not kept apart (level: in-process)',
}

/** What a comparison of weights means. */
export const COMPARISON_WORDS: Readonly<Record<ComparisonVerdict, string>> = {
  identical: 'The weights are the same, bit for bit.',
  're-derived': 'The weights are the same after a change that can be computed again, such as a cast.',
  derived: 'One of the two descends from the other.',
  merge: 'Parts of the weights come from several parents.',
  'common-origin': 'The two are kin; how, and which came first, is open.',
  inconclusive: 'Nothing was decided; the reasons stand below.',
  'no-weight-evidence':
    'The tests that were run are valid here and found no evidence of kinship. That is not proof of independence.',
  insufficient: 'There is too little in common to compare.',
}
