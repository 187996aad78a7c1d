/** TW-H5: HDF5 files, whose readers open other files by name when one tells them to. */
import type { Rule } from '../rule.ts'

/** See the module. */
export const HDF5_RULES: readonly Rule[] = [
  {
    id: 'TW-H5-01',
    title: 'A dataset lies in another file',
    grade: 'dangerous',
    basis: 'exploit',
    cwe: 73,
    atlas: 'AML.T0025',
    sentence: 'Dataset stored in an external file.',
    meaning:
      'Whoever loads the weights reads the file that is named, wherever it lies on the machine of the importer, and takes its bytes for numbers. Private files have left machines in this way.',
    remedy: 'Ask the vendor for a file that holds its data itself.',
    seen: 'The list of external files of every dataset.',
    related: ['CVE-2026-1669', 'GHSA-3m4q-jmj6-r34q'],
    over: ['hdf5', 'keras-h5'],
    anomalies: ['h5-external-storage'],
  },
  {
    id: 'TW-H5-02',
    title: 'A link or a virtual dataset leads to another file',
    grade: 'dangerous',
    basis: 'exploit',
    cwe: 61,
    atlas: 'AML.T0025',
    sentence: 'External link, virtual dataset or out-of-tree soft link.',
    meaning:
      'Whoever walks the groups opens the file that the link names, without being asked. What is then loaded was never part of the model, and no digest covers it.',
    remedy: 'Ask the vendor for a file without links that leave it.',
    seen: 'Every link of every group, and the sources of virtual datasets.',
    related: ['CVE-2026-1669'],
    over: ['hdf5', 'keras-h5'],
    anomalies: ['h5-external-link', 'h5-virtual', 'h5-soft-link', 'h5-link-class'],
  },
  {
    id: 'TW-H5-03',
    title: 'The structure of the file contradicts itself',
    grade: 'major',
    basis: 'exploit',
    cwe: 787,
    atlas: 'AML.T0076',
    sentence: 'Address, heap or B-tree outside the file, cyclic or overlapping.',
    meaning:
      'Readers written in C follow such addresses beyond their buffers, walk in circles, or read one part of the file as two things. A file that was cut in transit shows the same.',
    remedy: 'Fetch the file again; if the digest is the one that the vendor gives, ask the vendor for an intact file.',
    seen: 'Every address, size, signature and checksum, from the superblock to the last chunk.',
    related: ['CVE-2025-2914', 'CVE-2025-6269', 'CVE-2025-44905'],
    over: ['hdf5', 'keras-h5'],
    anomalies: ['h5-address', 'h5-structure', 'h5-checksum', 'h5-cycle', 'h5-overlap', 'h5-size', 'h5-duplicate-name'],
  },
  {
    id: 'TW-H5-04',
    title: 'A dataset that swells when it is read, or needs an unknown filter',
    grade: 'major',
    basis: 'exploit',
    cwe: 409,
    atlas: 'AML.T0029',
    sentence: 'Shape or filter bomb, or unknown filter plug-in.',
    meaning:
      'A loader reserves the memory that a shape declares, however little of it is stored. A filter that no library knows is looked for in a folder of plug-ins and loaded as native code.',
    remedy: 'Ask the vendor for weights that are stored as they are.',
    seen: 'The shape of each dataset against the bytes of its chunks, and the numbers of its filters.',
    related: ['CVE-2026-0897'],
    over: ['hdf5', 'keras-h5'],
    anomalies: ['h5-shape-bomb', 'h5-filter'],
  },
]
