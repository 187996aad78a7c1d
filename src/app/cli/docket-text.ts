/**
 * A docket for people: what holds now comes first, then all that was said, replies beside what they answer.
 *
 * Each statement is named by the first 16 digits of its identity, so that none can be left out unnoticed.
 */
import { formatGroups, showUnseen } from '../../base/index.ts'
import type { DocketView, ShownCertificate, ShownStatement, ShownTest, ShownText } from '../log/docket-view.ts'

const STATUS_WORDS: Readonly<Record<ShownCertificate['status'], string>> = {
  valid: 'holds',
  suspended: 'SUSPENDED',
  revoked: 'REVOKED',
  superseded: 'SUPERSEDED',
}

const TEST_WORDS: Readonly<Record<ShownTest['state'], string>> = {
  open: 'open: announced, and no result yet',
  passed: 'passed',
  failed: 'FAILED',
  abandoned: 'ABANDONED: it counts as failed',
  refused: 'refused',
}

function showLine(text: string): string {
  return showUnseen(text).replaceAll('\n', '⟨U+000A⟩')
}

function name(entry: string): string {
  return entry.slice(0, 16)
}

function day(time: string): string {
  return time.replace('T', ' ').replace(/:\d\dZ$/, '')
}

function describeCertificate({ number, result, expiresOn, status, cause, since }: ShownCertificate): string {
  const until = status === 'valid' && expiresOn !== null ? ` until ${expiresOn}` : ''
  const why = cause === null ? '' : ` since ${day(since ?? '')} by ${name(cause)}`
  return `  ${formatGroups(number)}  ${result.padEnd(23)}  ${STATUS_WORDS[status]}${until}${why}`
}

function describeTest({ intent, announced, deadline, state, result }: ShownTest): string {
  const close = result === null ? '' : ` by ${name(result)}`
  return `  ${name(intent)}  announced ${day(announced)}, due ${day(deadline)}  ${TEST_WORDS[state]}${close}`
}

function subject(said: ShownStatement): string {
  const { kind, action, result, number, target, reason, effectiveFrom, time } = said
  const from = effectiveFrom === null || effectiveFrom === time ? '' : `, from ${day(effectiveFrom)}`
  if (kind === 'revocation')
    return `${action} of ${number === null ? name(target ?? '') : formatGroups(number)}${from}${reason === null ? '' : `: ${reason}`}`
  if (kind === 'reply') return `${action}${result === null ? '' : ` (${result})`} to ${name(target ?? '')}`
  return [number === null ? kind : `${kind} ${formatGroups(number)}`, result ?? action]
    .filter((part) => part !== null)
    .join(': ')
}

function describeText({ digest, state, words }: ShownText, margin: string): readonly string[] {
  if (words !== null)
    return words
      .trimEnd()
      .split('\n')
      .map((line) => `${margin}| ${showUnseen(line)}`)
  const why = state === 'erased' ? 'its text was erased' : 'its text is not kept here'
  return [`${margin}${why}; salted SHA-256 ${digest}`]
}

function describeStatement(said: ShownStatement, depth = 0): readonly string[] {
  const margin = '    '.repeat(depth)
  const inner = `${margin}      `
  const who = said.name === null ? `key ${name(said.issuer)}` : `${showLine(said.name)} (key ${name(said.issuer)})`
  return [
    `${margin}${depth > 0 ? '└ ' : ''}${String(said.seq).padStart(depth > 0 ? 1 : 3)}  ${day(said.time)}  ${subject(said)}`,
    `${inner}${name(said.entry)} by ${who}`,
    ...(said.text === null ? [] : describeText(said.text, inner)),
    ...(said.kept ? [] : [`${inner}the register does not hold this statement; the log does, as entry ${said.index}`]),
    ...said.objections.map(({ code, message }) => `${inner}COUNTS FOR NOTHING (${code}): ${showLine(message)}`),
    ...said.replies.flatMap((reply) => describeStatement(reply, depth + 1)),
  ]
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines]
}

/** The whole text, without a newline at its end. */
export function describeDocket(view: DocketView, ref: string | null): string {
  const { modelId, origin, length, at, certificates, tests, statements } = view
  return [
    `Docket of ${ref === null ? modelId : `${showLine(ref)}\n  ${modelId}`}`,
    `  ${length} ${length === 1 ? 'statement' : 'statements'} in ${origin}, all of them below; looked at ${day(at)} UTC`,
    ...section('Certificates', certificates.map(describeCertificate)),
    ...section('Tests', tests.map(describeTest)),
    ...section(
      'What was said, with what was replied to it',
      statements.flatMap((said) => describeStatement(said)),
    ),
  ].join('\n')
}
