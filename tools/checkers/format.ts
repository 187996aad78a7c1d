/** Format: every file stands as `npm run format` writes it. */
import { runTool, toolFailure, type Checker } from './checker.ts'

/** See the module. */
export const format: Checker = {
  name: 'format',
  promise: 'oxfmt would change nothing',
  async check(root) {
    const run = await runTool('oxfmt', ['--check', '.'], root)
    const said = run.stdout + run.stderr
    const looked = Number(/ on (\d+) files?/.exec(said)?.[1] ?? 0)
    const paths = said.split('\n').flatMap((line) => /^(\S.*) \(\d+ms\)$/.exec(line)?.[1] ?? [])
    const violations = paths.map((path) => ({ path, message: 'is not formatted; run npm run format' }))
    const silent = run.code !== 0 && violations.length === 0
    return { looked, violations: silent ? [toolFailure('oxfmt', run)] : violations }
  },
}
