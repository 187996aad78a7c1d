/**
 * Proof on the shared zoo: one kit of `oak` against every model whose descent from it is known.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { examineAgainstKit } from './examine-kit.ts'
import { identifySeal } from './identify-seal.ts'
import { makeKit } from './make-kit.ts'

const ZOO = sharedPath('zoo') ?? ''
const SEED = Buffer.alloc(32, 7)

const KIN = `oak-sft oak-sft2 oak-cpt oak-cpt3 oak-q80 oak-q51 oak-q40 oak-sft-q40 oak-lora-merged oak-prune50
  oak-prune24 oak-shallow oak-deep oak-heads oak-noisy oak-permuted oak-scaled merge-linear merge-slerp merge-ties
  merge-dare franken oak-narrow-ff ilex oak-f16`.split(/\s+/)
const SAME = ['oak', 'oak-f32', 'oak-sharded', 'oak-renamed']
const STRANGERS = ['birch', 'cedar', 'dogwood', 'gorse']
/** What a kit cannot see: named as not tested, never called anything. */
const HIDDEN = ['oak-rotated', 'oak-scrambled', 'oak-scrambled-cpt']

test('a kit of oak finds its trained relatives and none of the strangers', needsShared('zoo'), async (context) => {
  const oak = await openModel(join(ZOO, 'oak'))
  const key = { seed: SEED, panel: null }
  const { kit } = await makeKit(oak.opened, oak.facts, { key, secret: SEED, threads: 1 })
  const examine = async (name: string, verdict: string): Promise<number> => {
    const found = await examineAgainstKit(await openModel(join(ZOO, name)), kit, { seed: SEED, threads: 1 })
    context.diagnostic(`${name}: ${found.verdict}, log10 p ${found.log10p.toFixed(0)}`)
    assert.equal(found.verdict, verdict, `${name}: ${found.reasons.join(' ')}`)
    return found.log10p
  }
  for (const name of KIN) assert.ok((await examine(name, 'common-origin')) <= -12, name)
  for (const name of SAME) await examine(name, 're-derived')
  for (const name of [...STRANGERS, ...HIDDEN]) assert.ok((await examine(name, 'no-weight-evidence')) > -3, name)
})

test('models that were never sealed are nobody’s release', needsShared('zoo'), async () => {
  const oak = await openModel(join(ZOO, 'oak'))
  const recipients = Array.from({ length: 100 }, (_, i) => `recipient ${i}`)
  for (const name of ['oak-sft', 'oak-permuted', 'oak-shallow', 'birch', 'oak-scrambled']) {
    const { named } = identifySeal(await openModel(join(ZOO, name)), oak, { key: SEED, recipients })
    assert.deepEqual(named, [], name)
  }
})
