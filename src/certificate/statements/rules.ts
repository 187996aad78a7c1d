/**
 * What a predicate must fulfil beyond its schema: rules between members, which a schema cannot say.
 *
 * Each rule is a sentence and a test; the sentences are published beside the schemas. A statement that breaks one is
 * refused whole, when it is signed and when it is read.
 */
import { Fault } from '../../base/index.ts'
import { parseNumber } from '../number.ts'
import { PASSES } from './granted.ts'
import type { PredicateOf } from './predicate-types.ts'
import type { StatementKind } from './schemas.ts'
import type { StatementCommon } from './types/common.ts'
import type { MotResult } from './types/mot-result.ts'
import { expiryOfTest } from './validity.ts'

/** One rule. */
export interface Rule<Predicate> {
  /** What has to hold, as a sentence. */
  readonly text: string
  readonly holds: (predicate: Predicate) => boolean
}

const isLogged = ({ log }: StatementCommon): boolean => log !== 'not logged'

const isPseudonym = (id: string): boolean => /^[0-9]{4}-[0-9a-f]{32}$/.test(id)

const COMMON_RULES: readonly Rule<StatementCommon>[] = [
  {
    text: 'A statement that is logged names its place in a docket, and one that is not logged names none.',
    holds: (common) => isLogged(common) === (common.docket !== undefined),
  },
  {
    text: 'Only the first statement of a docket has none before it.',
    holds: ({ docket }) => docket === undefined || (docket.seq === 0) === (docket.prev === undefined),
  },
  {
    text: 'An issuer says its role when the statement is logged, or when its assurance is more than self-attested.',
    holds: (common) => common.issuer.role !== undefined || (!isLogged(common) && common.assurance === 'self-attested'),
  },
  {
    text: 'An officer signs under the pseudonym of the year, without a name.',
    holds: ({ issuer: { role, id = '', name }, issuedAt }) =>
      role !== 'officer' || (name === undefined && isPseudonym(id) && id.slice(0, 4) === issuedAt.slice(0, 4)),
  },
  {
    text: 'A station names its accreditation, and no accreditation ended before the statement was issued.',
    holds: ({ issuer: { role, accreditation }, issuedAt }) =>
      accreditation === undefined ? role !== 'station' : accreditation.validTo >= issuedAt.slice(0, 10),
  },
]

const isPass = ({ result }: MotResult): boolean => PASSES.has(result)
const hasBeenRun = ({ result }: MotResult): boolean => result !== 'abandoned' && result !== 'refused'

const MOT_RULES: readonly Rule<MotResult>[] = [
  {
    text: 'A pass says until when it holds, by the rule of expiry; any other result says nothing of the kind.',
    holds: (mot) =>
      mot.expiresOn === (isPass(mot) ? expiryOfTest(Date.parse(mot.testedAt), mot.previousExpiry) : undefined),
  },
  {
    text: 'A pass has no failed test and no dangerous or major defect; one without advisories has no defect and no warning.',
    holds: (mot) =>
      !isPass(mot) ||
      (mot.failedTests.length === 0 &&
        mot.defects.every(({ category }) => category === 'minor' || category === 'advisory') &&
        (mot.result !== 'pass' || mot.defects.length + mot.warnedTests.length === 0)),
  },
  {
    text: 'A fail names a failed test, or a dangerous or major defect.',
    holds: (mot) =>
      mot.result !== 'fail' ||
      mot.failedTests.length > 0 ||
      mot.defects.some(({ category }) => category === 'dangerous' || category === 'major'),
  },
  {
    text: 'No test stands in two of the lists, and a test that was abandoned or refused passed nothing.',
    holds: (mot) => {
      const all = [...mot.passedTests, ...mot.warnedTests, ...mot.failedTests]
      return new Set(all).size === all.length && (hasBeenRun(mot) || mot.passedTests.length === 0)
    },
  },
  { text: 'The test was not after the statement.', holds: ({ testedAt, issuedAt }) => testedAt <= issuedAt },
]

/** Decisions against somebody: people make them, and say by which law and until when it can be appealed. */
const AGAINST: ReadonlySet<string> = new Set(['seized', 'banned'])

const RULES: { readonly [Kind in StatementKind]?: readonly Rule<PredicateOf<Kind>>[] } = {
  'mot-result': MOT_RULES,
  'test-intent': [
    { text: 'The deadline is after the statement.', holds: ({ deadline, issuedAt }) => deadline > issuedAt },
    { text: 'No more probes are drawn than the bank has.', holds: ({ suite }) => suite.draw <= suite.bank.size },
  ],
  clearance: [
    {
      text: 'A seizure or ban names its legal basis, the last day of appeal, and who has to sign.',
      holds: ({ decision, legalBasis, appealBy, quorum }) =>
        !AGAINST.has(decision) || (legalBasis !== undefined && appealBy !== undefined && quorum !== undefined),
    },
    {
      text: 'A quorum names as many keys as it counts, and needs no more than that.',
      holds: ({ quorum }) =>
        quorum === undefined || (quorum.keys.length === quorum.of && quorum.threshold <= quorum.of),
    },
    {
      text: 'It does not begin to hold after it ends.',
      holds: ({ validFrom = '', validTo, expiresOn }) => validFrom <= (validTo ?? expiresOn) && validFrom <= expiresOn,
    },
  ],
  revocation: [
    {
      text: 'Only a revocation takes effect before it is said.',
      holds: ({ action, effectiveFrom, issuedAt }) => action === 'revoke' || effectiveFrom >= issuedAt,
    },
    {
      text: 'A list of descendants is named exactly when they are listed.',
      holds: ({ taint }) => taint === undefined || (taint.descendants === 'listed') === (taint.list !== undefined),
    },
  ],
  reply: [
    {
      text: 'How an appeal ended is said by an outcome, and by nothing else.',
      holds: ({ kind, outcome }) => (kind === 'outcome') === (outcome !== undefined),
    },
  ],
  family: [
    {
      text: 'A split or merge names the family before, which is another, and the report that says so; an assignment names no family before.',
      holds: ({ action, from, familyId, report }) =>
        action === 'assign' ? from === undefined : from !== undefined && from !== familyId && report !== undefined,
    },
    {
      text: 'The statement stands in the docket of a model of the family before, or of the one that is assigned.',
      holds: ({ docket, from, familyId }) => docket === undefined || docket.familyId === (from ?? familyId),
    },
  ],
  're-derivation': [
    {
      text: 'No more tensors came out than there are, and those that did not are named.',
      holds: ({ tensors: { total, equal, others } }) => total - equal === others.length,
    },
  ],
  'status-list': [{ text: 'It ends after it was issued.', holds: ({ validUntil, issuedAt }) => validUntil > issuedAt }],
}

const NUMBER_RULE = 'The check digit of the certificate number fits.'

/** The sentences of all rules of a kind, those that hold for every kind last. */
export function listRules(kind: StatementKind): readonly string[] {
  const own = RULES[kind] as readonly Rule<never>[] | undefined
  const number = kind === 'clearance' || kind === 'mot-result' ? [NUMBER_RULE] : []
  return [...(own ?? []), ...COMMON_RULES].map(({ text }) => text).concat(number)
}

function checkNumber(number: unknown): void {
  if (typeof number === 'string') parseNumber(number)
}

/** Refuses a predicate that breaks a rule. @throws Fault `predicate-rule`, `certificate-number` */
export function checkRules<Kind extends StatementKind>(kind: Kind, predicate: PredicateOf<Kind>): void {
  if ('number' in predicate) checkNumber(predicate.number)
  const rules: readonly Rule<PredicateOf<Kind>>[] = [...(RULES[kind] ?? []), ...COMMON_RULES]
  const broken = rules.find(({ holds }) => !holds(predicate))
  if (broken !== undefined) throw new Fault('predicate-rule', `the ${kind} breaks a rule: ${broken.text}`)
}
