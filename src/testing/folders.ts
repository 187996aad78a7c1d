/**
 * Folders for tests: temporary ones that vanish, and the shared data that may stand beside the checkout.
 *
 * The project's tests pass without shared data; a test that needs it prints why it was skipped.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** A context with `after`, as node:test gives it. */
export interface Cleanable {
  after(undo: () => void): void
}

/** A new empty folder that is removed when the test ends. */
export function temporaryFolder(context: Cleanable): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-test-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Absolute path inside the shared data (`TIDEWAITER_SHARED`, else `../shared`), or undefined when it is not there. */
export function sharedPath(...parts: readonly string[]): string | undefined {
  const root = process.env['TIDEWAITER_SHARED'] ?? resolve(import.meta.dirname, '../../../shared')
  const path = join(root, ...parts)
  return existsSync(path) ? path : undefined
}

/** Options for `test()` that skip with a printed reason when shared data is missing: `test('…', needsShared('zoo'), () => {})`. */
export function needsShared(...parts: readonly string[]): { readonly skip: string | false } {
  return { skip: sharedPath(...parts) === undefined ? `shared/${parts.join('/')} is not beside the checkout` : false }
}
