/**
 * Checkpoints of torch before 0.1.2: a tar of `storages`, `tensors` and `pickle`.
 *
 * The first two are pickles with raw numbers between them. Every pickle is analysed; which tensor lies where is not
 * followed in a format that nobody has written since 2017, so the file is listed and never read in full.
 *
 * Source: `torch/serialization.py`, `legacy_load`.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { ANOMALIES as PICKLE_ANOMALIES, type PickleAnomaly } from '../pickle/anomalies.ts'
import { PickleParts } from '../pickle/parts.ts'
import type { FormatReader, Glimpse, Member, ReadRequest } from '../reader.ts'
import { ANOMALIES as TAR_ANOMALIES, type TarAnomaly } from '../tar/anomalies.ts'
import { BLOCK, hasChecksum, parseHeader } from '../tar/header.ts'
import { TarWalk } from '../tar/walk.ts'
import { ANOMALIES, type TorchAnomaly } from '../torch/anomalies.ts'
import { readParts } from './read-parts.ts'

const MEMBER = /^(\.\/)?(storages|tensors|pickle|sys_info)$/
const UNFOLLOWED = 'a checkpoint of torch before 0.1.2: its pickles were analysed, its tensors were not followed'

function readTorchTar(request: ReadRequest): FileFacts {
  const facts = new FactCollector<TarAnomaly | TorchAnomaly | PickleAnomaly>(request, 'torch-tar', [
    ...TAR_ANOMALIES,
    ...ANOMALIES,
    ...PICKLE_ANOMALIES,
  ])
  const parts = new PickleParts(facts)
  const readMember = (member: Member): FileFacts => {
    if (!MEMBER.test(member.name)) return request.readMember(member)
    readParts(request, { facts, parts }, member)
    return facts.finish()
  }
  new TarWalk({ ...request, readMember }, facts).run()
  return { ...facts.finish({ reading: 'listed', reason: UNFOLLOWED, broken: 'listed' }), ...parts.finish() }
}

function isTorchTar({ head }: Glimpse): boolean {
  const block = Buffer.from(head.subarray(0, BLOCK))
  return block.length === BLOCK && hasChecksum(block) && MEMBER.test(parseHeader(block).name)
}

/** See the module. */
export const torchTarReader: FormatReader = {
  format: 'torch-tar',
  title: 'PyTorch checkpoint (tar, before 0.1.2)',
  version: 1,
  extensions: ['.tar'],
  specialises: 'tar',
  sniff: (glimpse) => (isTorchTar(glimpse) ? 'magic' : null),
  read: readTorchTar,
}
