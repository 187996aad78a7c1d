/**
 * What can be wrong with an HDF5 file: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'h5-address',
    format: 'hdf5',
    breaks: true,
    meaning: 'An address or a length points outside the file, or the file ends inside a structure.',
  },
  {
    code: 'h5-structure',
    format: 'hdf5',
    breaks: true,
    meaning: 'A structure lacks its signature or holds a value that the specification does not allow.',
  },
  {
    code: 'h5-checksum',
    format: 'hdf5',
    breaks: true,
    meaning: 'The checksum of a structure is not that of its bytes.',
  },
  {
    code: 'h5-cycle',
    format: 'hdf5',
    breaks: true,
    meaning: 'A tree, a heap or a group leads back to itself, or two structures share a part.',
  },
  { code: 'h5-overlap', format: 'hdf5', breaks: true, meaning: 'Two structures or datasets share bytes.' },
  {
    code: 'h5-size',
    format: 'hdf5',
    breaks: true,
    meaning: 'The stored size of a dataset differs from its shape and type.',
  },
  {
    code: 'h5-duplicate-name',
    format: 'hdf5',
    breaks: true,
    meaning: 'A link or an attribute stands twice under one name; readers differ in which counts.',
  },
  {
    code: 'h5-external-storage',
    format: 'hdf5',
    meaning: 'The data of a dataset lie in another file, which its reader opens by name.',
  },
  {
    code: 'h5-external-link',
    format: 'hdf5',
    meaning: 'A link leads to an object of another file, which its reader opens by name.',
  },
  {
    code: 'h5-virtual',
    format: 'hdf5',
    meaning: 'A virtual dataset takes its data from other files, which its reader opens by name.',
  },
  {
    code: 'h5-soft-link',
    format: 'hdf5',
    meaning: 'A soft link names a path that climbs out of the tree or looks like a file name.',
  },
  {
    code: 'h5-link-class',
    format: 'hdf5',
    breaks: true,
    meaning: 'A link is of a user-defined class, which needs a plug-in to follow it.',
  },
  {
    code: 'h5-shape-bomb',
    format: 'hdf5',
    meaning: 'A dataset declares far more data than the file stores for it.',
  },
  {
    code: 'h5-filter',
    format: 'hdf5',
    meaning: 'A dataset needs a filter that no known library ships, so that a plug-in must be loaded to read it.',
  },
  {
    code: 'h5-hidden-file',
    format: 'hdf5',
    meaning: 'Space that no structure uses begins with the signature of another file.',
  },
  {
    code: 'h5-unused-bytes',
    format: 'hdf5',
    meaning: 'Space that no structure uses holds bytes that are no remains of HDF5 structures.',
  },
  {
    code: 'h5-user-block',
    format: 'hdf5',
    meaning: 'The block before the HDF5 part, which HDF5 itself passes over, holds bytes of another kind.',
  },
  {
    code: 'h5-not-closed',
    format: 'hdf5',
    breaks: true,
    meaning: 'The file says that a program still writes it: it was copied while it was open, or its writer died.',
  },
  {
    code: 'h5-unsupported',
    format: 'hdf5',
    breaks: true,
    meaning: 'A version, message, class or driver that this version does not read.',
  },
  {
    code: 'h5-limit',
    format: 'hdf5',
    breaks: true,
    meaning:
      'More than this version reads: a structure of more than 64 MiB, a text of more than 16, more links and attributes than any model has, or groups nested deeper than it follows.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type Hdf5Anomaly = (typeof ANOMALIES)[number]['code']
