/**
 * Audits many artefacts in one process and says of each what was found: `node audit-cases.ts ROOT`, paths as a JSON
 * list on standard input, answers as JSON. The readers are confined as they always are.
 */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { openArtefact, parseReference } from '../../src/artefact/index.ts'
import { audit, type AuditReport } from '../../src/audit/index.ts'
import { readFacts } from '../../src/formats/index.ts'

/** What one artefact came to. */
export interface CaseAnswer {
  readonly verdict: AuditReport['verdict']
  /** Failing findings: `TW-PKL-01 dangerous capability`. */
  readonly failing: readonly string[]
  readonly formats: readonly string[]
  readonly seconds: number
}

async function auditCase(path: string): Promise<CaseAnswer> {
  const begun = performance.now()
  const opened = await openArtefact(parseReference(path), { cacheFolder: tmpdir(), blocks: false })
  const { findings, files, verdict } = audit(opened.artefact, await readFacts(opened))
  const failing = findings.filter(({ grade }) => grade === 'dangerous' || grade === 'major')
  return {
    verdict,
    failing: [...new Set(failing.map(({ rule, grade, basis }) => `${rule} ${grade} ${basis}`))],
    formats: [...new Set(files.map(({ format, reading }) => `${format} ${reading ?? ''}`))],
    seconds: (performance.now() - begun) / 1000,
  }
}

async function answerAll(root: string): Promise<Readonly<Record<string, CaseAnswer>>> {
  const paths = JSON.parse(await text(process.stdin)) as readonly string[]
  const answers: Record<string, CaseAnswer> = {}
  for (const path of paths) answers[path] = await auditCase(join(root, path))
  return answers
}

process.stdout.write(JSON.stringify(await answerAll(process.argv[2] ?? '.')))
