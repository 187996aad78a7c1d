import assert from 'node:assert/strict'
import { test } from 'node:test'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { ANOMALIES, type PickleAnomaly } from './anomalies.ts'
import { findDanger } from './danger.ts'
import { DANGEROUS_GLOBALS } from './dangerous-globals.ts'
import { pickleReader } from './index.ts'

function bytes(...parts: readonly (string | readonly number[] | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  )
}
function unicode(text: string): Uint8Array {
  return bytes([0x8c, text.length], text)
}
function frame(length: number): readonly number[] {
  return [0x95, length, 0, 0, 0, 0, 0, 0, 0]
}
const P4 = [0x80, 4]
function doublings(count: number): readonly number[] {
  return Array.from({ length: count }, () => [0x32, 0x86]).flat()
}
/** A legacy torch file of one tensor with these sizes over a storage of four numbers. */
function torch(sizes: readonly number[]): Uint8Array {
  const object = bytes(
    [0x80, 2],
    'ctorch._utils\n_rebuild_tensor_v2\n((X',
    [7, 0, 0, 0],
    'storagectorch\nFloatStorage\nX',
    [1, 0, 0, 0],
    '0X',
    [3, 0, 0, 0],
    'cpuK',
    [4],
    'NtQK',
    [0],
    sizes.map((size) => `K${String.fromCodePoint(size)}`).join(''),
    [0x85],
    'K',
    [1],
    [0x85, 0x89],
    'ccollections\nOrderedDict\n)RtR.',
  )
  const magic = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex')
  return bytes(magic, [0x80, 2, 0x4d, 0xe9, 3], '.', [0x80, 2], '}.', object, [0x80, 2], ').')
}
const system = bytes('cos\nsystem\n(S"id"\ntR.')

const CASES: readonly (readonly [code: PickleAnomaly, what: string, stream: Uint8Array])[] = [
  ['pkl-executes-code', 'os.system', system],
  [
    'pkl-executes-code',
    'os.system through the memo',
    bytes(P4, unicode('os'), [0x94], '0', [0x68, 0], unicode('system'), [0x93], '.'),
  ],
  ['pkl-executes-code', 'a program by an instance opcode', bytes('(S"id"\nisubprocess\nPopen\n.')],
  [
    'pkl-executes-code',
    'os through a module that imports it',
    bytes(P4, unicode('shelve'), unicode('os.system'), [0x93], '.'),
  ],
  ['pkl-builds-code', 'a code object', bytes('ctypes\nCodeType\n.')],
  ['pkl-resolver', 'getattr', bytes('c__builtin__\ngetattr\n.')],
  ['pkl-resolver', 'the dictionary of a class', bytes(P4, unicode('mylib'), unicode('Thing.__dict__'), [0x93], '.')],
  ['pkl-system-access', 'a socket', bytes('csocket\nsocket\n.')],
  ['pkl-loads-more', 'pip', bytes('cpip._internal.cli.main\nmain\n.')],
  ['pkl-disarms', 'a scanner', bytes('cpicklescan.scanner\nscan_pickle_bytes\n.')],
  ['pkl-main', 'a class of __main__', bytes('c__main__\nModel\n.')],
  ['pkl-nested', 'a pickle in bytes', bytes([0x80, 3, 0x42, system.length, 0, 0, 0], system, '.')],
  [
    'pkl-nested',
    'a pickle in base64 in hex',
    bytes(
      [0x80, 2, 0x58, 56, 0, 0, 0],
      Buffer.from(Buffer.from(system).toString('base64').slice(0, 28)).toString('hex'),
      '.',
    ),
  ],
  ['pkl-unknown-opcode', 'a byte 0xff', bytes('N', [0xff], '.')],
  ['pkl-extension', 'EXT1', bytes([0x80, 2, 0x82, 7], '.')],
  ['pkl-truncated', 'an integer that is cut', bytes([0x80, 2, 0x4a, 1, 2])],
  ['pkl-length', '2^60 bytes in a file of 13', bytes(P4, [0x8e, 0, 0, 0, 0, 0, 0, 0, 0x10], '.')],
  ['pkl-length', 'a negative length', bytes('T', [0xff, 0xff, 0xff, 0xff], '.')],
  ['pkl-no-stop', 'a call and then nothing', system.subarray(0, -1)],
  ['pkl-after-stop', 'bytes that are no stream', bytes('N.', [0xff, 0xff])],
  ['pkl-streams', 'a second stream', bytes('N.', system)],
  ['pkl-proto', 'PROTO in the middle', bytes([0x80, 2], 'N0', [0x80, 2], 'N.')],
  ['pkl-proto', 'protocol 9', bytes([0x80, 9], 'N.')],
  ['pkl-proto', 'an opcode of protocol 4 in a stream of protocol 2', bytes([0x80, 2], unicode('a'), '.')],
  ['pkl-frame', 'a frame that cuts through an opcode', bytes(P4, frame(4), unicode('oak'), '.')],
  ['pkl-frame', 'a frame in a frame', bytes(P4, frame(11), frame(2), 'N.')],
  ['pkl-frame', 'a frame beyond the file', bytes(P4, frame(99), 'N.')],
  ['pkl-number', 'an underscore in a number', bytes('I1_0\n.')],
  ['pkl-number', 'surplus bytes of a long', bytes([0x80, 2, 0x8a, 2, 5, 0], '.')],
  ['pkl-string', 'an octal escape', bytes("S'\\157s'\n.")],
  ['pkl-string', 'an escaped letter', bytes('V\\u006fs\n.')],
  ['pkl-string', 'text that is not UTF-8', bytes(P4, [0x8c, 1, 0xff], '.')],
  ['pkl-global-name', 'a name with a space', bytes('cos\nsys tem\n.')],
  [
    'pkl-indirect-global',
    'a name with something between',
    bytes(P4, unicode('os'), 'N0', unicode('system'), [0x93], '.'),
  ],
  ['pkl-stack', 'a tuple of more than there is', bytes([0x80, 2], 'N', [0x86], '.')],
  ['pkl-stack', 'a memo that was not filled', bytes('g5\n.')],
  ['pkl-stack', 'a mark that is open at the end', bytes('N(N.')],
  ['pkl-stack', 'a value too many at the end', bytes('NN.')],
  ['pkl-stack', 'a key without a value', bytes('(I1\nd.')],
  ['pkl-memo', 'a number that is given twice', bytes('I1\np0\nI2\np0\n0.')],
  ['pkl-expansion', 'thirty doublings', bytes([0x80, 2], ']', doublings(30), '.')],
  ['pkl-expansion', 'a memo of four thousand million places', bytes([0x80, 2], 'Nr', [0xff, 0xff, 0xff, 0xff], '.')],
  ['pkl-wrong-target', 'an item that is set in a number', bytes('I1\nI2\nI3\ns.')],
  ['pkl-wrong-target', 'an item that is appended to a dict', bytes('(dI2\na.')],
  ['pkl-wrong-target', 'a state for a list', bytes('(l(db.')],
  ['pkl-wrong-target', 'a list for a key', bytes('(d(lI1\ns.')],
  ['pkl-wrong-target', 'a number that is called', bytes('I1\n(tR.')],
  ['pkl-tensor', 'a tensor beyond its storage', torch([5])],
  ['pkl-persistent-id', 'a persistent id that nothing resolves', bytes('Pkey\n.')],
  ['pkl-signature', 'a codec that is no character set', bytes('c_codecs\nencode\n(Va\nVrot13\ntR.')],
  ['pkl-unlisted-called', 'a function that nobody vetted', bytes('cmylib\nmake\n(tR.')],
  [
    'pkl-unlisted-called',
    'a function that is handed to one that nobody vetted',
    bytes('cmylib\nmake\n(cother\nthing\ntR.'),
  ],
  ['pkl-unlisted-referenced', 'a function that nobody vetted and nobody calls', bytes('cmylib\nmake\n.')],
  ['pkl-magic', 'a magic number out of a sum', bytes('coperator\nadd\n(I1\nI2\ntR.', [0x80, 2, 0x4d, 0xe9, 3], '.')],
  ['pkl-buffer', 'an out-of-band buffer', bytes([0x80, 5, 0x97], '.')],
]

for (const [code, what, stream] of CASES) {
  test(`pickleReader.read() notes ${code} for ${what}`, () => {
    const { codes, facts } = readBytes(pickleReader, stream)
    assert.ok(codes.includes(code), `noted: ${codes.join(', ')}`)
    assert.equal(facts.reading, code === 'pkl-nested' ? 'full' : 'listed')
  })
}

test('ANOMALIES of pickle are each noted by a case of these tests', () => {
  const tested = new Set(CASES.map(([code]) => code))
  assert.deepEqual(
    ANOMALIES.map(({ code }) => code).filter((code) => !tested.has(code)),
    [],
  )
})

test('pickleReader.read() names each global once, with the opcode that names it first', () => {
  const { facts } = readBytes(
    pickleReader,
    bytes('(ccollections\nOrderedDict\nccollections\nOrderedDict\ncos\nsystem\nt.'),
  )
  assert.deepEqual(facts.references, [
    { kind: 'global', target: 'collections.OrderedDict', locus: 'op 1' },
    { kind: 'global', target: 'os.system', locus: 'op 3' },
  ])
})

test('pickleReader.read() lists 10,000 opcodes and counts the others', () => {
  const { facts } = readBytes(pickleReader, bytes('N0'.repeat(20_000), 'N.'))
  assert.deepEqual([facts.opcodes?.count, facts.opcodes?.listed.length], [40_002, 10_000])
})

test('pickleReader.read() escapes and cuts arguments', () => {
  const { facts } = readBytes(pickleReader, bytes([0x80, 3, 0x58, 0, 4, 0, 0], '\u0007"'.padEnd(1024, 'x'), '.'))
  const argument = facts.opcodes?.listed[1]?.argument ?? ''
  assert.ok(argument.startsWith(String.raw`"\u0007\"xxx`) && argument.endsWith('…"'))
  assert.ok(argument.length < 300)
})

test('pickleReader.read() lists the five streams of a legacy torch file and calls the rest storages', () => {
  const magic = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex')
  const file = bytes(
    magic,
    [0x80, 2, 0x4d, 0xe9, 3],
    '.',
    [0x80, 2],
    '}.',
    [0x80, 2],
    'N.',
    [0x80, 2],
    ').',
    [1, 2, 3, 255],
  )
  const { facts, codes, accounting } = readBytes(pickleReader, file)
  assert.deepEqual([codes, accounting.complete, facts.reading], [[], true, 'listed'])
  assert.deepEqual(
    facts.metadata.map(({ value }) => value),
    [2, 5, 'torch-legacy'],
  )
})

test('pickleReader.sniff() knows pickles of all protocols and nothing else', () => {
  assert.equal(pickleReader.sniff(glimpse(bytes(P4, frame(2), 'N.'))), 'magic')
  assert.equal(pickleReader.sniff(glimpse(system)), 'structure')
  assert.equal(pickleReader.sniff(glimpse(bytes('(lp0\n', 'I1\na'.repeat(2000)))), 'structure')
  assert.equal(pickleReader.sniff(glimpse(Buffer.from('no pickle'), 'a.pkl')), 'name')
  for (const text of ['{"a":1}', '# A card\n', 'GGUF\u0003', 'Version 1.', 'I am text.\n', ''])
    assert.equal(pickleReader.sniff(glimpse(Buffer.from(text))), null)
})

test('findDanger() explains every entry of its list and says nothing of harmless names', () => {
  for (const { modules, names, code } of DANGEROUS_GLOBALS) {
    for (const module of modules) {
      const name = names[0] === '*' ? 'anything' : (names[0] ?? '')
      const danger = findDanger({ module, name })
      assert.ok(danger !== undefined, `${module} ${name}`)
      if (names[0] !== '*') assert.equal(danger.code, code, `${module} ${name}`)
    }
  }
  const harmless = [
    'torch._utils _rebuild_tensor_v2',
    'collections OrderedDict',
    'numpy.core.multiarray _reconstruct',
    '_codecs encode',
    'copyreg _reconstructor',
    'uuid UUID',
    'scipy.signal trace',
    'pathlib PosixPath',
  ]
  for (const global of harmless) {
    const [module = '', name = ''] = global.split(' ')
    assert.equal(findDanger({ module, name }), undefined)
  }
})
