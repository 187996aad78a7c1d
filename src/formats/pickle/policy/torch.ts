/** Signatures of the core policy for tensors of torch. Source: PyTorch 1.0 to 2.9, `torch/_utils.py`, `torch/_tensor.py`. */
import { REVIEWED, type Signature } from './signature.ts'

const HOOKS = '<collections.OrderedDict {}>'
const SCHEMES = '@torch.per_tensor_affine'
const CHANNELS = '@torch.per_channel_affine|@torch.per_channel_affine_float_qparams'
const SIZES = '(nat*)|<torch.Size>'
const REBUILD = `@torch._utils._rebuild_tensor_v2|@torch._utils._rebuild_parameter|@torch._utils._rebuild_qtensor|@torch._utils._rebuild_sparse_tensor|@torch._utils._rebuild_tensor_v3`

/** See the module. */
export const TORCH_SIGNATURES: readonly Signature[] = [
  {
    globals: [
      `torch: FloatStorage DoubleStorage HalfStorage BFloat16Storage LongStorage IntStorage ShortStorage CharStorage ByteStorage
      BoolStorage ComplexFloatStorage ComplexDoubleStorage QInt8Storage QUInt8Storage QInt32Storage QUInt4x2Storage QUInt2x4Storage`,
      'torch.storage: UntypedStorage TypedStorage',
    ],
    role: 'constant',
    rationale: 'Types of storages, named in persistent ids.',
    ...REVIEWED,
  },
  {
    globals: [
      `torch: float64 float32 float16 bfloat16 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu
      float4_e2m1fn_x2 complex32 complex64 complex128 int64 int32 int16 int8 uint8 uint16 uint32 uint64 bool qint8 quint8 qint32
      quint4x2 quint2x4 double float half long int short strided sparse_coo sparse_csr sparse_csc sparse_bsr sparse_bsc
      per_tensor_affine per_channel_affine per_tensor_symmetric per_channel_symmetric per_channel_affine_float_qparams
      contiguous_format channels_last channels_last_3d preserve_format`,
    ],
    role: 'constant',
    hashable: true,
    rationale: 'Names of element types, layouts and schemes.',
    ...REVIEWED,
  },
  {
    globals: ['torch._utils: _rebuild_tensor'],
    role: 'function',
    reduce: `(storage, nat, ${SIZES}, ${SIZES})`,
    check: 'tensor',
    result: 'torch.Tensor',
    rationale: 'A view of a storage; that it stays within the storage is checked.',
    ...REVIEWED,
  },
  {
    globals: ['torch._utils: _rebuild_tensor_v2'],
    role: 'function',
    reduce: `(storage, nat, ${SIZES}, ${SIZES}, bool, ${HOOKS}, {name: any}?)`,
    check: 'tensor',
    result: 'torch.Tensor',
    rationale: 'A view of a storage, checked; hooks would be called on use and must be none.',
    ...REVIEWED,
  },
  {
    globals: ['torch._utils: _rebuild_tensor_v3'],
    role: 'function',
    reduce: `(storage, nat, ${SIZES}, ${SIZES}, bool, ${HOOKS}, any, {name: any}?)`,
    check: 'tensor',
    result: 'torch.Tensor',
    rationale: 'As the second version, with the type of its elements.',
    ...REVIEWED,
  },
  {
    globals: ['torch._utils: _rebuild_qtensor'],
    role: 'function',
    reduce: `(storage, nat, ${SIZES}, ${SIZES}, (${SCHEMES}, float, int)|(${CHANNELS}, <torch.Tensor>|[any], <torch.Tensor>|[any], int), bool, ${HOOKS})`,
    check: 'tensor',
    result: 'torch.Tensor',
    rationale: 'A quantised view of a storage, checked.',
    ...REVIEWED,
  },
  {
    globals: ['torch._utils: _rebuild_parameter'],
    role: 'function',
    reduce: `(<torch.Tensor>|<torch.nn.parameter.Parameter>, bool, ${HOOKS})`,
    result: 'torch.nn.parameter.Parameter',
    rationale: 'Wraps a tensor; hooks must be none.',
    ...REVIEWED,
  },
  {
    globals: ['torch._utils: _rebuild_parameter_with_state'],
    role: 'function',
    reduce: `(<torch.Tensor>|<torch.nn.parameter.Parameter>, bool, ${HOOKS}, {name: any})`,
    result: 'torch.nn.parameter.Parameter',
    rationale: 'Wraps a tensor and sets attributes of plain names.',
    ...REVIEWED,
  },
  {
    globals: ['torch._utils: _rebuild_sparse_tensor _rebuild_sparse_csr_tensor'],
    role: 'function',
    reduce: `(any, (<torch.Tensor>, <torch.Tensor>, <torch.Tensor>|${SIZES}, any*))`,
    result: 'torch.Tensor',
    rationale: 'Puts index and value tensors together; torch checks them.',
    ...REVIEWED,
  },
  {
    globals: ['torch._utils: _rebuild_device_tensor_from_numpy'],
    role: 'function',
    reduce: '(<numpy.ndarray>, any, str|<torch.device>, bool)',
    result: 'torch.Tensor',
    rationale: 'Copies an array to a device.',
    ...REVIEWED,
  },
  {
    globals: ['torch._utils: _rebuild_meta_tensor_no_storage'],
    role: 'function',
    reduce: `(any, ${SIZES}, ${SIZES}, bool)`,
    result: 'torch.Tensor',
    rationale: 'A tensor of no storage.',
    ...REVIEWED,
  },
  {
    globals: ['torch._tensor: _rebuild_from_type_v2'],
    role: 'function',
    reduce: `(${REBUILD}, @torch.Tensor|@torch.nn.parameter.Parameter|@torch.nn.parameter.Buffer, (any*), {name: any}|())`,
    check: 'rebuild',
    result: 'torch.Tensor',
    rationale:
      'Calls one of the functions above, whose arguments are held against its own schema, and sets plain attributes.',
    ...REVIEWED,
  },
  {
    globals: ['torch: Tensor', 'torch.nn.parameter: Parameter Buffer'],
    role: 'type',
    hashable: true,
    rationale: 'Named as the type of what is rebuilt. Identity is what a tensor is hashed by.',
    ...REVIEWED,
  },
  {
    globals: ['torch: device'],
    role: 'type',
    reduce: '(str, int?)',
    hashable: true,
    rationale: 'The name of a device.',
    ...REVIEWED,
  },
  {
    globals: ['torch: Size'],
    role: 'type',
    reduce: '((int*))',
    newobj: '((int*))',
    hashable: true,
    rationale: 'A tuple of numbers.',
    ...REVIEWED,
  },
  {
    globals: ['torch.torch_version: TorchVersion'],
    role: 'type',
    reduce: '(str)',
    newobj: '(str)',
    state: '{name: any}',
    hashable: true,
    rationale: 'A text that is compared as a version.',
    ...REVIEWED,
  },
  {
    globals: ['torch.serialization: _get_layout'],
    role: 'function',
    reduce: '(str)',
    rationale: 'Looks a layout up by its name.',
    ...REVIEWED,
  },
]
