"""
Prints the operators that the installed onnx package defines, as they stand in operators.ts.

  python make-operators.py

One line of `Name:first-last` a domain; `first` is left out when it is 1, and `last`, the last version before the operator
was withdrawn, when it still exists.
"""
import textwrap
import onnx.defs

table = {}
for schema in onnx.defs.get_all_schemas_with_history():
    versions = table.setdefault(schema.domain, {}).setdefault(schema.name, [])
    versions.append((schema.since_version, schema.deprecated))


def entry(name, versions):
    first = min(version for version, _ in versions)
    last, gone = max(versions)
    text = name if first == 1 else f'{name}:{first}'
    return f'{text}-{last - 1}' if gone else text


for domain in sorted(table):
    print(domain or 'ai.onnx')
    words = ' '.join(entry(name, versions) for name, versions in sorted(table[domain].items()))
    print('\n'.join(textwrap.wrap(words, 112, initial_indent='  ', subsequent_indent='  ', break_on_hyphens=False)))
