/**
 * Verifier: what `src/verify.ts` loads at run time is our own code from the folders that ARCHITECTURE.md allows it.
 *
 * Whoever checks a certificate must not have to trust a package registry. The promise is over everything that is
 * reached, directly or not; types are no code and do not count.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Checker, Violation } from './checker.ts'
import { importsOf } from './imports.ts'
import { readOrder } from './layer-order.ts'
import { layerOf, resolveImport } from './layers.ts'
import { parseSource } from './sources.ts'

const ENTRY = 'src/verify.ts'

interface Step {
  readonly path: string
  /** How we came here, for the message. */
  readonly via: string
}

function* reach(root: string): Generator<{ from: string; line: number; via: string; target: string }, number> {
  const seen = new Set([ENTRY])
  const open: Step[] = [{ path: ENTRY, via: 'verify.ts' }]
  for (let step = open.pop(); step; step = open.pop()) {
    const source = parseSource(step.path, readFileSync(join(root, step.path), 'utf8'))
    for (const { target, line, runtime } of importsOf(source)) {
      if (!runtime) continue
      const path = target.startsWith('.') ? resolveImport(step.path, target) : target
      yield { from: step.path, line, via: step.via, target: path }
      if (!path.startsWith('src/') || !path.endsWith('.ts') || seen.has(path)) continue
      seen.add(path)
      open.push({ path, via: `${step.via} → ${path.slice('src/'.length)}` })
    }
  }
  return seen.size
}

function judge(target: string, allowed: ReadonlySet<string>): string | undefined {
  if (target.startsWith('node:')) return undefined
  if (!target.startsWith('src/')) return `the npm package ${target}`
  return allowed.has(layerOf(target)) ? undefined : target
}

/** See the module. */
export const verifier: Checker = {
  name: 'verifier',
  promise: 'verify.ts loads no npm package',
  check(root) {
    if (!existsSync(join(root, ENTRY))) return Promise.resolve({ looked: 0, violations: [] })
    const { verifyReaches } = readOrder(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'))
    const violations: Violation[] = []
    const steps = reach(root)
    let step = steps.next()
    for (; !step.done; step = steps.next()) {
      const { from, line, via, target } = step.value
      const wrong = judge(target, verifyReaches)
      if (wrong !== undefined)
        violations.push({ path: from, line, message: `verify.ts must not load ${wrong} (${via})` })
    }
    return Promise.resolve({ looked: step.value, violations })
  },
}
