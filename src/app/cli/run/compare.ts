/** The run of `tidewaiter compare`: are the weights of two models kin? */
import { compareModels, firstAnswer } from '../../../lineage/index.ts'
import type { OpenOptions } from '../../clearance/open-model.ts'
import { openSide } from '../../clearance/open-side.ts'
import { callContext, wantsJson } from '../call-context.ts'
import type { CommandCall } from '../command.ts'
import { renderComparison } from '../comparison-text.ts'
import { EXIT } from '../exit-codes.ts'

async function answerFirst(call: CommandCall, options: OpenOptions): Promise<number> {
  const [first = '', second = ''] = call.positionals
  const { ensureRemote, openFirstSide } = await import('../../clearance/first-side.ts')
  const a = await openFirstSide(first, options)
  const b = await openFirstSide(second, options)
  ensureRemote([a, b])
  const comparison = firstAnswer(a.side, b.side)
  call.terminal.print(
    wantsJson(call) ? JSON.stringify(comparison, null, 2) : renderComparison(comparison, first, second),
  )
  return EXIT.done
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const [first = '', second = ''] = call.positionals
  const { terminal, signal } = call
  const context = callContext(call)
  const options = { context, terminal, signal, hfCache: call.has('hf-cache'), blocks: false }
  if (call.has('remote')) return answerFirst(call, options)
  const a = await openSide(first, options)
  const b = await openSide(second, options)
  const stage = terminal.stage('compare')
  const { threads } = context.settings
  const comparison = await compareModels(a.side, b.side, { signal, ...(threads === undefined ? {} : { threads }) })
  stage.done(comparison.verdict)
  terminal.print(wantsJson(call) ? JSON.stringify(comparison, null, 2) : renderComparison(comparison, first, second))
  return EXIT.done
}
