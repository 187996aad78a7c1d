"""Writes vectors.json: bytecode of small sources by this Python, and marshalled lambdas. Nothing of it is run."""
import importlib._bootstrap_external as boot, json, marshal, sys
SOURCES = {
    'plain': 'import math\nclass Net:\n    def forward(self, x):\n        return math.sqrt(x) + 1\n',
    'command': 'import os\nos.system("id")\nX = ("a", ("b", b"c"), 1.5, 2**80, None, frozenset({"d"}))\n',
    'hidden': 'class Net:\n    def forward(self, x):\n        import subprocess\n        return subprocess.check_output(x)\n',
}
vectors = {'python': sys.version.split()[0], 'files': {}, 'lambdas': {}}
for name, source in SOURCES.items():
    code = compile(source, name + '.py', 'exec')
    vectors['files'][name] = boot._code_to_timestamp_pyc(code, 1, len(source)).hex()
for name, source in {'plain': 'lambda x: x * 2', 'command': 'lambda x: __import__("os").system("id")'}.items():
    vectors['lambdas'][name] = marshal.dumps(eval(source).__code__).hex()
json.dump(vectors, open(__file__.rsplit('/', 1)[0] + '/vectors.json', 'w'), indent=1)
