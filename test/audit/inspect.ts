/**
 * Takes one file through intake, readers and rules, as the program does, in this process.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openArtefact } from '../../src/artefact/index.ts'
import { audit, type AuditReport } from '../../src/audit/index.ts'
import { readFacts, type ReadOptions } from '../../src/formats/index.ts'
import { temporaryFolder, type Cleanable } from '../../src/testing/folders.ts'

/** What is inspected: name of the file, its bytes, and how it is read where that differs from what is usual. */
export interface FileToInspect {
  readonly path: string
  readonly bytes: Uint8Array | string
  readonly options?: ReadOptions
}

/** See the module. */
export async function inspect(context: Cleanable, { path, bytes, options = {} }: FileToInspect): Promise<AuditReport> {
  const folder = temporaryFolder(context)
  mkdirSync(dirname(join(folder, 'model', path)), { recursive: true })
  writeFileSync(join(folder, 'model', path), bytes)
  const reference = { kind: 'path', ref: 'model', path: join(folder, 'model') } as const
  const opened = await openArtefact(reference, { cacheFolder: join(folder, 'cache'), threads: 1 })
  const facts = await readFacts(opened, { isolation: 'in-process', ...options })
  return audit(opened.artefact, facts)
}
