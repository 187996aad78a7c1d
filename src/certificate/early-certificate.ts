/**
 * The first form of the certificate, which published bundles carry: a test result with number, time and expiry.
 *
 * It is read and no longer written. Its numbers are older than the check digit.
 */
import { Fault, formatTime, isStrictObject, type StrictJson } from '../base/index.ts'
import { Members } from './members.ts'

/** Type of the predicate. */
export const EARLY_TYPE = 'https://tidewaiter.example/certificate/v1'

/** See the module. */
export interface EarlyCertificate {
  /** 12 digits. */
  readonly number: string
  readonly result: 'PASS' | 'FAIL'
  /** RFC 3339 in UTC, to the second. */
  readonly testedAt: string
  /** The last day on which it holds, UTC. */
  readonly expiresOn: string
}

const code = 'predicate-member'
const MEMBERS = ['docket', 'expiresOn', 'number', 'result', 'statistics', 'testedAt']

function readTime(text: string, ending: string): string {
  const ms = Date.parse(text + ending)
  if (Number.isFinite(ms) && formatTime(ms) === text + ending) return text
  throw new Fault(code, `the certificate names the time "${text.slice(0, 40)}", which is none`)
}

/** Reads the predicate. @throws Fault `predicate-member`, `json-type` */
export function readEarlyCertificate(predicate: StrictJson): EarlyCertificate {
  const certificate = new Members(predicate, 'predicate', { required: MEMBERS, code })
  certificate.members('docket', { required: ['seq'], code }).count('seq')
  const statistics = certificate.value('statistics')
  if (!isStrictObject(statistics) || [...statistics.values()].some((value) => typeof value !== 'string'))
    throw new Fault(code, 'the statistics of the certificate are not texts by name')
  const number = certificate.text('number')
  if (!/^[0-9]{12}$/.test(number)) throw new Fault(code, `the number "${number.slice(0, 40)}" is not 12 digits`)
  return {
    number,
    result: certificate.oneOf('result', ['PASS', 'FAIL']),
    testedAt: readTime(certificate.text('testedAt'), ''),
    expiresOn: readTime(certificate.text('expiresOn'), 'T00:00:00Z'),
  }
}
