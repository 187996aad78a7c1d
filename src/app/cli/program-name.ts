/** How this program is called, for the commands that it proposes: as the person called it, so that a copy of the line works. */
import { basename, relative } from 'node:path'

/**
 * `tidewaiter` for an installed program, a path from here for one in a checkout.
 *
 * @param script what Node was started with, `process.argv[1]`
 * @example nameProgram('/home/a/tidewaiter/bin/tidewaiter', '/home/a/tidewaiter') // './bin/tidewaiter'
 */
export function nameProgram(script: string | undefined, folder: string): string {
  if (script === undefined || basename(script) !== 'tidewaiter' || script.includes('node_modules')) return 'tidewaiter'
  const path = relative(folder, script)
  return path.startsWith('..') ? script : `./${path}`
}
