/**
 * The same question to another tool: command lines of cosign, model_signing or openssl, ready to paste.
 *
 * Each asks as strictly as the tool can; what the tool does not check is said in comments. The lines are for a POSIX
 * shell.
 */
import { Fault } from '../../../base/index.ts'
import type { VerificationReport, VerifiedStatement } from '../../../verify.ts'
import { CHECK_CERTIFICATE } from './python-script.ts'

/** Tools whose lines can be printed. */
export const EXPLAINED = ['cosign', 'model_signing', 'openssl'] as const

/** See {@link EXPLAINED}. */
export type ExplainedTool = (typeof EXPLAINED)[number]

/** What the lines name. */
export interface ExplainedFiles {
  readonly bundle: string
  readonly key: string
  readonly trustedRoot?: string
  readonly artefact?: string
}

const OMS_TYPE = 'https://model_signing/signature/v1.0'

/** A word for a POSIX shell. @example quoteWord("it's") // "'it'\\''s'" */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** One command over several lines. */
function command(...words: readonly (readonly string[])[]): string {
  return words.map((line) => line.map(quoteWord).join(' ')).join(' \\\n  ')
}

const LISTING = "find . -type f | cut -c3- | LC_ALL=C sort | tr '\\n' '\\0' | xargs -0r sha256sum"

/** How the digest that cosign is given comes out of the files. */
function digestLines({ subject }: VerifiedStatement, artefact: string | undefined): readonly string[] {
  const folder = quoteWord(artefact ?? 'MODEL-FOLDER')
  const bound = subject.digest['dirHash1'] !== undefined
  const tail = bound ? 'sha256sum | cut -c1-64' : 'cut -c1-64 | xxd -r -p | sha256sum | cut -c1-64'
  const what = bound
    ? '# The digest binds every file by name and content.'
    : '# The digest binds the contents in the order of their names, not the names themselves.'
  return [what, `DIGEST=$(cd ${folder} && ${LISTING} | ${tail})`]
}

function cosignLines(report: VerificationReport, files: ExplainedFiles): readonly string[] {
  const { statement, level } = report
  const log =
    files.trustedRoot === undefined
      ? ['--insecure-ignore-tlog']
      : ['--trusted-root', files.trustedRoot, '--use-signed-timestamps']
  const note =
    files.trustedRoot === undefined
      ? ['# Without --trusted-root neither log nor timestamp is looked at.']
      : level === 'logged-and-stamped'
        ? []
        : ['# cosign wants both a log entry and a timestamp; this bundle does not have both, so it will refuse.']
  if (statement === null) {
    const blob = quoteWord(files.artefact ?? 'FILE')
    const words = command(['cosign', 'verify-blob'], ['--key', files.key, '--bundle', files.bundle], log)
    return [
      '# A bare signature over a file: the key signed the bytes and says nothing about them.',
      ...note,
      `${words} ${blob}`,
    ]
  }
  const algorithm = statement.subject.digest['dirHash1'] === undefined ? 'sha256' : 'dirHash1'
  const words = command(['cosign', 'verify-blob-attestation'], ['--key', files.key, '--bundle', files.bundle], log, [
    '--type',
    statement.predicateType,
    '--digestAlg',
    algorithm,
  ])
  return [
    '# cosign does not look at witnesses, expiry, revocation, the validity of keys, or duplicate timestamps.',
    ...note,
    ...digestLines(statement, files.artefact),
    `${words} --digest "$DIGEST"`,
  ]
}

function modelSigningLines({ statement }: VerificationReport, files: ExplainedFiles): readonly string[] {
  if (statement?.predicateType !== OMS_TYPE)
    throw new Fault(
      'not-explainable',
      'model_signing reads only manifests of OpenSSF Model Signing, and this is another statement',
    )
  const words = command(
    ['model_signing', 'verify', 'key'],
    ['--signature', files.bundle, '--public_key', files.key],
    [files.artefact ?? 'MODEL-FOLDER'],
  )
  return [
    '# Installed by: pip install model-signing==1.1.1 pyopenssl',
    '# model_signing verifies the signature and the files; it looks at neither log nor timestamps.',
    words,
  ]
}

function opensslLines({ statement }: VerificationReport, files: ExplainedFiles): readonly string[] {
  if (statement === null)
    throw new Fault(
      'not-explainable',
      'the script for openssl checks statements, and this is a bare signature over a file',
    )
  if (files.trustedRoot === undefined)
    throw new Fault('usage', '--explain openssl wants --trusted-root: the script checks the log and the time as well')
  const model = files.artefact === undefined ? [] : [['--model', files.artefact]]
  const words = command(
    ['python3', 'check-certificate.py', files.bundle],
    ['--key', files.key, '--trusted-root', files.trustedRoot],
    ...model,
  )
  return [
    '# Python’s standard library and openssl 3; each openssl command is printed as it is run.',
    "cat > check-certificate.py <<'END-OF-SCRIPT'",
    `${CHECK_CERTIFICATE}END-OF-SCRIPT`,
    words,
  ]
}

const LINES = { cosign: cosignLines, model_signing: modelSigningLines, openssl: opensslLines } as const

/** The lines for a tool. @throws Fault `not-explainable` when the tool cannot read such a bundle, `usage` */
export function explain(tool: ExplainedTool, report: VerificationReport, files: ExplainedFiles): string {
  if (report.level === null)
    throw new Fault('not-explainable', 'no signature of this bundle holds, so there is nothing to ask another tool')
  return LINES[tool](report, files).join('\n')
}
