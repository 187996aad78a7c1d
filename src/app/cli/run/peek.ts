/** The run of `tidewaiter peek`: a first look at a model that is not here. */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { listRemote, type PagedFile, type RemoteFile, type RemoteListing } from '../../../artefact/index.ts'
import { audit, renderRules, type AuditReport } from '../../../audit/index.ts'
import { Fault, showUnseen, countOf, formatBytes } from '../../../base/index.ts'
import { peekFacts } from '../../../formats/index.ts'
import { asArtefact, openPaged, toPartial } from '../../clearance/remote-files.ts'
import { makeGuard } from '../../remote-guard.ts'
import { callContext, wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

/** What a peek can come to. */
type PeekVerdict = 'pending' | 'inconclusive' | 'rejected'

const EXIT_OF: Readonly<Record<PeekVerdict, number>> = {
  pending: EXIT.done,
  inconclusive: EXIT.held,
  rejected: EXIT.refused,
}
const WORDS: Readonly<Record<PeekVerdict, string>> = {
  pending: 'Nothing that was seen speaks against fetching it. Nothing is cleared: `tidewaiter clear` reads all of it.',
  inconclusive: 'Not every file could be looked at; that says nothing for or against it.',
  rejected: 'What was seen speaks against it; the rest need not be fetched.',
}
const MOST_FILES = 512

interface Peeked {
  readonly listing: RemoteListing
  readonly files: readonly PagedFile[]
  readonly report: AuditReport
  readonly seen: ReadonlySet<string>
  readonly verdict: PeekVerdict
}

function choose({ files }: RemoteListing, only: readonly string[]): readonly RemoteFile[] {
  const missing = only.find((path) => !files.some((file) => file.path === path))
  if (missing !== undefined) throw usageFault(`--only ${missing}: there is no such file`)
  const chosen = only.length === 0 ? files : files.filter(({ path }) => only.includes(path))
  if (chosen.length > MOST_FILES)
    throw new Fault('too-many-files', `${chosen.length} files; at most ${MOST_FILES} are looked at, choose with --only`)
  return chosen
}

function judge(report: AuditReport, seen: ReadonlySet<string>, files: readonly PagedFile[]): PeekVerdict {
  const isBad = report.findings.some(
    ({ grade, rule }) => (grade === 'dangerous' || grade === 'major') && !ABOUT_PAPERS.test(rule),
  )
  if (isBad) return 'rejected'
  return files.every(({ remote }) => seen.has(remote.path)) ? 'pending' : 'inconclusive'
}

/** Rules about papers and names, which say nothing against the bytes. */
const ABOUT_PAPERS = /^TW-(?:LIC|IDN)-/

async function look(call: CommandCall, folder: string): Promise<Peeked> {
  const { environment, log } = callContext(call)
  const [ref = ''] = call.positionals
  const { signal, terminal } = call
  const stage = terminal.stage('peek')
  const listing = await listRemote(ref, { cacheFolder: folder, environment, signal, log, guard: makeGuard() })
  const chosen = choose(listing, call.values('only'))
  const files = await openPaged(chosen, folder, ({ path }, index) =>
    stage.update(`${path} (${index + 1} of ${listing.files.length})`),
  )
  try {
    const artefact = asArtefact(listing, files)
    const { facts, seen } = await peekFacts(artefact.id, files.map(toPartial))
    const report = audit(artefact, facts)
    const fetched = files.reduce((sum, { cost }) => sum + cost.bytes, 0)
    stage.done(`${countOf(files.length, 'file')}, ${formatBytes(fetched)} of ${formatBytes(artefact.size)} fetched`)
    return { listing, files, report, seen, verdict: judge(report, seen, files) }
  } finally {
    for (const file of files) file.close()
  }
}

function toJson({ listing, files, report, seen, verdict }: Peeked): unknown {
  return {
    schema: 'tidewaiter/peek/v1',
    ref: listing.ref,
    ...(listing.pin !== undefined && { pin: listing.pin }),
    verdict,
    files: files.map(({ remote, size, cost }) => ({
      path: remote.path,
      size,
      ...(remote.sha256 !== undefined && { declared: remote.sha256 }),
      seen: seen.has(remote.path),
      requests: cost.requests,
      bytes: cost.bytes,
    })),
    findings: report.findings,
  }
}

function toText({ files, report, seen, verdict }: Peeked): string {
  const lines = files.map(({ remote, size, cost }) => {
    const how = seen.has(remote.path) ? 'seen' : 'not seen whole'
    const spent = `${countOf(cost.requests, 'request')}, ${formatBytes(cost.bytes)} of ${formatBytes(size)}`
    return `  ${showUnseen(remote.path)}: ${how} (${spent})`
  })
  return [...renderRules(report.findings), ...lines, '', `${verdict.toUpperCase()}. ${WORDS[verdict]}`].join('\n')
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const folder = mkdtempSync(join(call.environment['TMPDIR'] ?? '/tmp', 'tidewaiter-peek-'))
  try {
    const peeked = await look(call, folder)
    call.terminal.print(wantsJson(call) ? JSON.stringify(toJson(peeked), null, 2) : toText(peeked))
    return EXIT_OF[peeked.verdict]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
