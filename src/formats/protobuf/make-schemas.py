"""
Prints tables of message fields as they stand in schema modules of this folder's users.

  python make-schemas.py onnx ModelProto
  python make-schemas.py tf SavedModel BundleHeaderProto BundleEntryProto SavedMetadata TrackableObjectGraph
  python make-schemas.py sentencepiece ModelProto
  python make-schemas.py coreml Model

Each needs the package that knows the messages (onnx, tensorflow, sentencepiece, coremltools); the output is committed.
"""
import sys
import textwrap

KINDS = {1: 'double', 2: 'float', 3: 'int64', 4: 'uint64', 5: 'int32', 6: 'fixed64', 7: 'fixed32', 8: 'bool',
         9: 'string', 12: 'bytes', 13: 'uint32', 14: 'enum', 15: 'sfixed32', 16: 'sfixed64', 17: 'sint32', 18: 'sint64'}


def roots(which, names):
    if which == 'onnx':
        from onnx import onnx_ml_pb2
        return [getattr(onnx_ml_pb2, name).DESCRIPTOR for name in names]
    if which == 'sentencepiece':
        from sentencepiece import sentencepiece_model_pb2
        return [getattr(sentencepiece_model_pb2, name).DESCRIPTOR for name in names]
    if which == 'coreml':
        from coremltools.proto import Model_pb2
        return [getattr(Model_pb2, name).DESCRIPTOR for name in names]
    from tensorflow.core.protobuf import saved_model_pb2, tensor_bundle_pb2, trackable_object_graph_pb2
    from tensorflow.python.keras.protobuf import saved_metadata_pb2
    modules = [saved_model_pb2, tensor_bundle_pb2, saved_metadata_pb2, trackable_object_graph_pb2]
    return [next(getattr(m, name) for m in modules if hasattr(m, name)).DESCRIPTOR for name in names]


def short(descriptor):
    return descriptor.full_name[len(descriptor.file.package) + 1:] if descriptor.file.package else descriptor.full_name


def closure(descriptors):
    found, queue = [], list(descriptors)
    while queue:
        one = queue.pop(0)
        if one in found:
            continue
        found.append(one)
        queue += [field.message_type for field in one.fields if field.message_type is not None]
    return found


def line(descriptor):
    fields = []
    for field in sorted(descriptor.fields, key=lambda each: each.number):
        kind = KINDS.get(field.type) or short(field.message_type)
        fields.append(f'{field.number}:{field.name}:{kind}{"*" if field.is_repeated else ""}')
    return '\n'.join(textwrap.wrap(' '.join([short(descriptor), *fields]), 116, subsequent_indent='  ',
                                   break_long_words=False, break_on_hyphens=False))


for each in closure(roots(sys.argv[1], sys.argv[2:])):
    print(line(each))
