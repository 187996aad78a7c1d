"""
Prints the names of all operators that the installed TensorFlow registers, as they stand in the operator modules.

  python make-operators.py
"""
import textwrap
from tensorflow.core.framework import op_def_pb2
from tensorflow.python.client import pywrap_tf_session

operators = op_def_pb2.OpList()
operators.ParseFromString(pywrap_tf_session.TF_GetBuffer(pywrap_tf_session.TF_GetAllOpList()))
names = sorted(operator.name for operator in operators.op)
print('\n'.join(textwrap.wrap(' '.join(names), 118, break_on_hyphens=False, break_long_words=False)))
