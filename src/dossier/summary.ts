/** The decision in a terminal: short, the gravest first, and what to do next. */
import { showUnseen, countOf, formatLog10p } from '../base/index.ts'
import type { Dossier, Reason } from './dossier.ts'
import { DECISION_WORDS } from './report/words.ts'

const MOST_EVIDENCE = 4

function summariseReason({ number, message, evidence }: Reason): readonly string[] {
  const shown = evidence.slice(0, MOST_EVIDENCE).map((each) => `     - ${showUnseen(each)}`)
  const rest = evidence.length - shown.length
  return [`  ${number}. ${message}`, ...shown, ...(rest > 0 ? [`     - and ${rest} more`] : [])]
}

function summariseTrace({ trace }: Dossier): readonly string[] {
  const lines = trace.candidates
    .slice(0, 5)
    .map(
      ({ artefact, comparison }) =>
        `  ${comparison.verdict.padEnd(18)} p ${formatLog10p(comparison.log10p).padEnd(11)} ${showUnseen(artefact.ref)}`,
    )
  return [`Weights: ${trace.note}`, ...lines]
}

/** Lines for a terminal, without colour. */
export function summariseDossier(dossier: Dossier): readonly string[] {
  const { decision, artefact, audit } = dossier
  const words = DECISION_WORDS[decision.decision]
  return [
    `${words.title.toUpperCase()} (${decision.channel} channel)  ${showUnseen(artefact.source.ref)}`,
    words.meaning,
    '',
    ...(decision.reasons.length === 0
      ? ['No condition of the policy is met.']
      : ['Reasons:', ...decision.reasons.flatMap(summariseReason)]),
    '',
    `Files:   ${artefact.files.length}, ${countOf(audit.findings.length, 'finding')}, verdict ${audit.verdict}`,
    ...summariseTrace(dossier),
    `Model:   ${artefact.id}`,
  ]
}
