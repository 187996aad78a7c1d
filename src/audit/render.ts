/**
 * The findings in a terminal: for somebody who has to decide and has little time.
 *
 * The worst comes first. Each rule is explained once, with what it means and what to do; where it fires often in one
 * file, the first places are shown and the rest counted. What was not read comes after, because it is not cleared.
 */
import { showUnseen } from '../base/index.ts'
import type { AuditedFile, AuditReport, AuditVerdict, Finding } from './finding.ts'
import { ruleById } from './rules/index.ts'

const WIDTH = 100
const SHOWN_OF_FILE = 3
const SHOWN_FILES = 5

const VERDICT_WORDS: Readonly<Record<AuditVerdict, string>> = {
  proved: 'Every byte was read and has one purpose; the content is data only.',
  'policy-proved': 'Proved under a policy that names what may be called.',
  'no-finding': 'Everything was read and nothing failing was found.',
  inconclusive: 'Not everything could be read or decided, so nothing is cleared.',
  defect: 'At least one finding fails the inspection.',
}

function wrap(text: string, indent: string): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(indent + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, indent + line]
}

function showFile(path: string, findings: readonly Finding[]): readonly string[] {
  const shown = findings.length > SHOWN_OF_FILE ? findings.slice(0, SHOWN_OF_FILE) : findings
  const rest = findings.length - shown.length
  const place = path === '.' ? 'the artefact' : showUnseen(path)
  return [
    ...shown.map(({ locus, message }) => `    ${place}, ${showUnseen(locus)}: ${showUnseen(message)}`),
    ...(rest > 0 ? [`    ${place}: and ${rest} more of this kind`] : []),
  ]
}

function showRule(id: string, findings: readonly Finding[]): readonly string[] {
  const { title, grade, basis, meaning, remedy } = ruleById(id)
  const files = [...Map.groupBy(findings, ({ path }) => path)]
  const rest = files.length - SHOWN_FILES
  return [
    `${grade.toUpperCase()}  ${title}  (${id}, ${basis})`,
    ...files.slice(0, SHOWN_FILES).flatMap(([path, found]) => showFile(path, found)),
    ...(rest > 0 ? [`    and in ${rest} more files`] : []),
    ...wrap(`Meaning: ${meaning}`, '  '),
    ...wrap(`What to do: ${remedy}`, '  '),
    '',
  ]
}

function showUnread(files: readonly AuditedFile[]): readonly string[] {
  const open = files.filter(({ verdict, own }) => verdict === 'inconclusive' && own === undefined)
  if (open.length === 0) return []
  const shown = open.slice(0, SHOWN_FILES * 2).map(({ path, format, reason }) => {
    const why = reason === undefined ? 'a finding leaves it open' : showUnseen(reason)
    return `    ${showUnseen(path)} (${showUnseen(format)}): ${why}`
  })
  const rest = open.length - shown.length
  return ['INCONCLUSIVE', ...shown, ...(rest > 0 ? [`    and ${rest} more files`] : []), '']
}

function showUnder(files: readonly AuditedFile[]): readonly string[] {
  const proved = files.filter(({ verdict, under }) => verdict === 'policy-proved' && under !== undefined)
  if (proved.length === 0) return []
  const shown = proved.slice(0, SHOWN_FILES * 2).map(({ path, under = [] }) => {
    return `    ${showUnseen(path)}: ${under.map(({ policy, versions }) => `${policy} (${versions})`).join(', ')}`
  })
  const rest = proved.length - shown.length
  return ['PROVED UNDER A POLICY', ...shown, ...(rest > 0 ? [`    and ${rest} more files`] : []), '']
}

function countFiles(files: readonly AuditedFile[]): string {
  const members = files.filter(({ container }) => container !== undefined).length
  const own = files.length - members
  const within = members === 0 ? '' : ` with ${members} ${members === 1 ? 'member' : 'members'}`
  return `${own === 1 ? '1 file' : `${own} files`}${within}`
}

/** The findings by rule, for a terminal. */
export function renderRules(findings: readonly Finding[]): readonly string[] {
  return [...Map.groupBy(findings, ({ rule }) => rule)].flatMap(([rule, found]) => showRule(rule, found))
}

/** Lines for a terminal, without colour. */
export function renderFindings({ files, findings, verdict }: AuditReport): readonly string[] {
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`
  return [
    ...renderRules(findings),
    ...showUnread(files),
    ...showUnder(files),
    `Verdict: ${verdict} (${countFiles(files)}, ${count}). ${VERDICT_WORDS[verdict]}`,
  ]
}
