/** The version of this program, from its package.json, beside `src/` in a checkout and beside `dist/` when installed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `0.1.0`. */
export function readVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
