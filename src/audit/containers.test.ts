/** Files of torch, NumPy and skops from their bytes to a verdict: real ones are accused of nothing, hostile ones are defects. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readBytesAs } from '../testing/read-bytes-as.ts'
import { npyOf, writeNpy } from '../testing/npy.ts'
import { subjectOf } from '../testing/rule-cases/index.ts'
import { f32Tensor } from '../testing/safetensors.ts'
import { writeTar } from '../testing/tar.ts'
import { LEGACY_HEAD, legacyStorages, pickleStateDict, writeTorchZip } from '../testing/torch.ts'
import { writeZip } from '../testing/zip.ts'
import { audit } from './audit.ts'
import type { AuditReport } from './finding.ts'

const SYSTEM = Buffer.from('\x80\x02cos\nsystem\nX\x02\0\0\0id\x85R.', 'latin1')
const OBJECTS = `{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n`
const TENSORS = [f32Tensor('a', [2], [1, 2])]
const ARRAY = writeNpy({ descr: '<f4', shape: [2], data: new Uint8Array(8) })

function report(path: string, bytes: Uint8Array): AuditReport {
  const files = readBytesAs(path, bytes)
  const { artefact, facts } = subjectOf(files.filter(({ container }) => container === undefined))
  return audit(artefact, { ...facts, files })
}

function zip(records: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  return writeZip(Object.entries(records).map(([name, data]) => ({ name, data, method: 0 })))
}

function script(body: string): Uint8Array {
  const code = `class Net(Module):\n  def forward(self: __torch__.Net, x: Tensor) -> Tensor:\n    ${body}\n    return x\n`
  const data = Buffer.from('\x80\x02c__torch__\nNet\n)\x81}b.', 'latin1')
  const constants = Buffer.from('\x80\x02).', 'latin1')
  return zip({ 'a/data.pkl': data, 'a/code/__torch__.py': code, 'a/constants.pkl': constants, 'a/version': '3' })
}

const NODE = { __class__: 'system', __module__: 'os', __loader__: 'FunctionNode', protocol: 2 }

const HOSTILE: readonly (readonly [about: string, path: string, bytes: Uint8Array, rule: string])[] = [
  ['a checkpoint', 'a.pt', writeTorchZip([], { pickle: SYSTEM }), 'TW-PKL-01'],
  ['a checkpoint under another name', 'a.txt', writeTorchZip([], { pickle: SYSTEM }), 'TW-PKL-01'],
  ['a checkpoint, behind the first pickle', 'a.pt', writeTorchZip(TENSORS, { more: [{ name: 'archive/b.pkl', data: SYSTEM }] }), 'TW-PKL-01'],
  ['a checkpoint, deflated', 'a.pt', writeZip([{ name: 'a/data.pkl', data: SYSTEM }]), 'TW-PKL-01'],
  ['a checkpoint whose tensor reaches outside', 'a.pt', writeTorchZip([f32Tensor('a', [1], [1])], { pickle: pickleStateDict([f32Tensor('a', [2], [1, 2])]) }), 'TW-PKL-09'],
  ['the object of an old checkpoint', 'a.pt', Buffer.concat([LEGACY_HEAD, SYSTEM, legacyStorages([])]), 'TW-PKL-01'],
  ['the magic number of an old checkpoint', 'a.pt', Buffer.concat([SYSTEM, LEGACY_HEAD.subarray(15), pickleStateDict([]), legacyStorages([])]), 'TW-PKL-21'],
  ['the keys of an old checkpoint', 'a.pt', Buffer.concat([LEGACY_HEAD, pickleStateDict([]), SYSTEM]), 'TW-PKL-01'],
  ['TorchScript with a plain pickle, called weights', 'model.bin', zip({ 'a/data.pkl': SYSTEM, 'a/constants.pkl': Buffer.from('\x80\x02).', 'latin1') }), 'TW-PKL-01'],
  ['TorchScript that writes a file', 'a.pt', script('torch.save(x, "/tmp/a")'), 'TW-TSC-01'],
  ['TorchScript that reads a file', 'a.pt', script('_0 = ops.aten.from_file("/etc/passwd", False, 9)'), 'TW-TSC-01'],
  ['a package with source', 'a.pt', zip({ 'a/.data/extern_modules': 'os\n', 'a/m.py': 'import os' }), 'TW-TSC-01'],
  ['a package with a pickle', 'a.pt', zip({ 'a/.data/extern_modules': 'os\n', 'a/m/m.pkl': SYSTEM }), 'TW-PKL-01'],
  ['an exported program with a library', 'a.pt2', zip({ 'a/archive_format': 'pt2', 'a/data/aotinductor/m.so': '\x7fELF\x02\x01\x01' }), 'TW-TSC-04'],
  ['an exported program with a checkpoint', 'a.pt2', zip({ 'a/archive_format': 'pt2', 'a/data/sample_inputs/model.pt': writeTorchZip([], { pickle: SYSTEM }) }), 'TW-PKL-01'],
  ['an array of objects', 'a.npy', npyOf(OBJECTS, SYSTEM), 'TW-PKL-01'],
  ['a second array in one file', 'a.npy', Buffer.concat([ARRAY, npyOf(OBJECTS, SYSTEM)]), 'TW-PKL-01'],
  ['an array of objects in an archive', 'a.npz', writeZip([{ name: 'x.npy', data: npyOf(OBJECTS, SYSTEM) }]), 'TW-PKL-01'],
  ['a pickle that calls itself an array', 'a.npz', writeZip([{ name: 'a.npy', data: ARRAY }, { name: 'b.npy', data: SYSTEM }]), 'TW-PKL-01'],
  ['a header that is a program', 'a.npy', npyOf(`{'descr': exec('1'), 'fortran_order': False, 'shape': (1,)}`, new Uint8Array(4)), 'TW-NPY-02'],
  ['an array without its data', 'a.npy', ARRAY.subarray(0, 130), 'TW-NPY-02'],
  ['a skops model', 'a.skops', zip({ 'schema.json': JSON.stringify(NODE) }), 'TW-SKO-02'],
  ['a pickle beside a skops schema', 'a.skops', zip({ 'schema.json': '{}', 'x.pkl': SYSTEM }), 'TW-PKL-01'],
  ['the configuration of a NeMo model', 'a.nemo', writeTar({ name: 'model_config.yaml', data: 'model:\n  _target_: os.system\n' }), 'TW-CFG-03'],
  ['the weights of a NeMo model', 'a.nemo', writeTar({ name: 'model_weights.ckpt', data: writeTorchZip([], { pickle: SYSTEM }) }), 'TW-PKL-01'],
  ['a configuration of Hydra', 'a.yaml', Buffer.from('model:\n  _target_: subprocess.Popen\n  args: [id]\n'), 'TW-CFG-03'],
  ['the description of an MLflow model', 'MLmodel', Buffer.from('flavors:\n  python_function:\n    loader_module: subprocess\n'), 'TW-CFG-03'],
  ['a YAML tag', 'a.yml', Buffer.from('a: !!python/object/apply:os.system [id]\n'), 'TW-CFG-11'],
  ['a model archive', 'a.mar', zip({ 'MAR-INF/MANIFEST.json': '{}', 'm.pkl': SYSTEM }), 'TW-PKL-01'],
  ['a policy of reinforcement learning', 'a.zip', zip({ _stable_baselines3_version: '2', data: JSON.stringify({ a: { ':serialized:': SYSTEM.toString('base64') } }) }), 'TW-PKL-01'],
  ['a checkpoint in a tar', 'a.pt', writeTar({ name: 'storages', data: SYSTEM }), 'TW-PKL-01'],
] // prettier-ignore

for (const [about, path, bytes, rule] of HOSTILE) {
  test(`audit() finds ${rule} in ${about}`, () => {
    const { verdict, findings } = report(path, new Uint8Array(bytes))
    const failing = findings.filter(({ grade }) => grade === 'dangerous' || grade === 'major').map((each) => each.rule)
    assert.equal(verdict, 'defect', failing.join(' '))
    assert.ok(failing.includes(rule), failing.join(' '))
  })
}

interface Vector {
  readonly name: string
  readonly base64: string
}

const REAL: readonly (readonly [folder: string, ending: string])[] = [
  ['torch', 'pt'],
  ['npy', 'npy'],
  ['npz', 'npz'],
]

for (const [folder, ending] of REAL) {
  const file = new URL(`../formats/${folder}/vectors.json`, import.meta.url)
  for (const { name, base64 } of JSON.parse(readFileSync(file, 'utf8')) as readonly Vector[]) {
    test(`audit() accuses nothing that ${folder} really writes: ${name}`, () => {
      const path = name === 'exported' ? 'model.pt2' : `model.${ending}`
      const { files, findings } = report(path, Buffer.from(base64, 'base64'))
      const accused = findings.filter(({ grade, rule }) => grade !== 'advisory' && !rule.startsWith('TW-LIC'))
      assert.deepEqual(accused, [])
      for (const { verdict } of files) assert.ok(['proved', 'policy-proved', 'no-finding'].includes(verdict), verdict)
    })
  }
}
