/** Policy for scipy. Source: scipy 1.5 to 1.17: `sparse`, `interpolate`, `stats/_distn_infrastructure.py`. */
import { SCIPY_CLASSES, SCIPY_DISTRIBUTIONS } from './classes-scipy.ts'
import { REVIEWED, type PicklePolicy } from './signature.ts'

const SPARSE = 'bsr coo csc csr dia lil'.split(' ').map((kind) => `scipy.sparse.${kind}: ${kind}_matrix`)

/** See the module. */
export const SCIPY: PicklePolicy = {
  id: 'scipy',
  title: 'Sparse matrices, interpolators and distributions of scipy',
  versions: 'scipy 1.5 to 1.17',
  signatures: [
    {
      globals: ['scipy.interpolate._interpolate, scipy.interpolate.interpolate: interp1d'],
      role: 'type',
      newobj: '()',
      state: "({name: any}, {'_y_axis': any, '_y_extra_shape': any, 'dtype': any})|{name: any}",
      rationale: 'Arrays as attributes and three slots.',
      ...REVIEWED,
    },
    {
      globals: [
        'scipy.interpolate._interpolate: interp1d._call_linear interp1d._call_linear_np interp1d._call_nearest',
        'scipy._lib.array_api_compat.numpy._aliases: asarray',
        'numpy: asarray',
      ],
      role: 'constant',
      rationale: 'Named as a parameter; a pickle may not call it.',
      ...REVIEWED,
    },
    {
      globals: ['scipy.interpolate._cubic: CubicSpline PchipInterpolator Akima1DInterpolator CubicHermiteSpline'],
      role: 'type',
      newobj: '()',
      state:
        "(none|{name: any}, {'c': any, 'x': any, '_c': any, '_x': any, 'extrapolate': any, 'axis': any, '_asarray': any})|{name: any}",
      rationale: 'Arrays in slots.',
      ...REVIEWED,
    },
    {
      globals: [...SPARSE, 'scipy.sparse._coo: coo_matrix coo_array'],
      role: 'type',
      newobj: '()',
      state: '{name: any}',
      rationale: 'A dict into __dict__; of old pickles __setstate__ renames rows and columns.',
      ...REVIEWED,
    },
    {
      globals: SCIPY_DISTRIBUTIONS,
      role: 'type',
      newobj: '()',
      state: "{'__doc__': str|none, '_attach_methods': never, '_attach_argparser_methods': never, name: any}",
      stateCheck: 'distribution',
      rationale: '__setstate__ runs the text of _parse_arg_template, which must be of the form that scipy gives it.',
      ...REVIEWED,
    },
    {
      globals: SCIPY_CLASSES,
      role: 'type',
      newobj: '()',
      state: '{name: any}',
      rationale: 'object.__new__ and a dict into __dict__.',
      ...REVIEWED,
    },
  ],
}
