"""Makes h5py.json: small HDF5 files as h5py writes them, and what h5py says of them. Run: python make-h5py.py"""

import base64, ctypes, glob, gzip, json, os, tempfile
import h5py
import ml_dtypes
import numpy as np
from h5py import h5d, h5f, h5p, h5s, h5t

HERE = os.path.dirname(os.path.abspath(__file__))


def simple(f):
    f.create_group('a/b')['w'] = np.arange(10, dtype='f4').reshape(2, 5)
    f['a/b'].attrs['x'] = 3
    f['a/b'].attrs['s'] = 'héllo'
    f['h'] = np.float64(3.5)


def layers(f):
    f.attrs['layer_names'] = np.array([f'dense_{i}'.encode() for i in range(12)])
    f.attrs['keras_version'] = '3.0.0'
    for i in range(12):
        group = f.create_group(f'dense_{i}')
        group.attrs['weight_names'] = np.array([f'dense_{i}/kernel:0'.encode(), f'dense_{i}/bias:0'.encode()])
        group[f'dense_{i}/kernel:0'] = np.full((3, 4), i, 'f4')
        group[f'dense_{i}/bias:0'] = np.zeros(4, 'f4')


def types(f):
    for t in ['i1', 'u1', 'i2', '>i2', 'u4', 'i8', 'u8', 'f2', 'f4', 'f8', '>f8', 'c8', 'c16', '?', 'S5']:
        f['t_' + t.replace('>', 'be')] = np.zeros(4, t)
    f.create_dataset('text', data=['a', 'bb'], dtype=h5py.string_dtype())
    f.create_dataset('lists', shape=(3,), dtype=h5py.vlen_dtype('f4'))[0] = [1, 2, 3]
    f.create_dataset('compound', data=np.zeros(3, dtype=[('a', 'i4'), ('b', 'f8', (2, 3)), ('c', 'S3')]))
    f.create_dataset('enum', data=np.zeros(3, 'i1'), dtype=h5py.enum_dtype({'A': 0, 'B': 1}, basetype='i1'))
    f.create_dataset('reference', data=np.array([f['t_i1'].ref], dtype=h5py.ref_dtype))
    f['named'] = np.dtype('f4')
    f.create_dataset('uses_named', shape=(3,), dtype=f['named'])[:] = 1
    f['uses_named'].attrs.create('n', 1.0, dtype=f['named'])
    f['nothing'] = h5py.Empty('f4')
    f.attrs['nothing'] = h5py.Empty('f4')
    f.attrs['numbers'] = np.arange(6).reshape(2, 3)
    f.attrs['texts'] = ['x', 'yy', 'zzz']
    f.attrs['big'] = np.uint64(2**64 - 1)
    f.attrs['half'] = -0.5
    f.attrs['yes'] = True
    f['none'] = np.zeros(0, 'f4')


def half(f):
    f['bf16'] = np.zeros(6, ml_dtypes.bfloat16)
    f['bf16'].attrs['dtype'] = 'bfloat16'
    f['f16'] = np.zeros(6, 'f2')


def dense(f):
    for i in range(40):
        f[f'n{i}'] = np.float32(i)
    for i in range(60):
        f.attrs[f'a{i}'] = f'value {i}'


def order(f):
    for i in range(12):
        f.create_group(f'z{12 - i}', track_order=True).attrs['k'] = i


def large_attributes(f):
    f.attrs['config'] = 'x' * 30000
    f.attrs['list'] = np.array([f'name {i}'.encode() for i in range(200)])


def huge_attribute(f):
    f.attrs['huge'] = np.zeros(20000, 'f8')


def chunked(f):
    i4 = np.arange(400, dtype='i4')
    square = i4.reshape(20, 20)
    f.create_dataset('gz', data=square, chunks=(5, 5), compression='gzip', shuffle=True, fletcher32=True)
    f.create_dataset('plain', data=square, chunks=(5, 5))
    f.create_dataset('single', data=i4, chunks=(400,))
    f.create_dataset('single_gz', data=i4, chunks=(400,), compression='gzip')
    f.create_dataset('grows', data=i4, chunks=(10,), maxshape=(None,))
    f.create_dataset('grows_gz', data=i4, chunks=(4,), maxshape=(None,), compression='lzf')
    f.create_dataset('grows_2d', data=square, chunks=(5, 5), maxshape=(None, None))
    f.create_dataset('grows_2d_gz', data=square, chunks=(4, 4), maxshape=(None, None), compression='gzip')
    f.create_dataset('empty', shape=(1000,), dtype='f4', chunks=(10,))
    properties = h5p.create(h5p.DATASET_CREATE)
    properties.set_alloc_time(h5d.ALLOC_TIME_EARLY)
    properties.set_chunk((10,))
    h5d.create(f.id, b'early', h5t.IEEE_F32LE, h5s.create_simple((100,)), properties)


def many_chunks(f):
    f.create_dataset('grows', data=np.zeros(1800, 'i1'), chunks=(2,), maxshape=(None,))
    f.create_dataset('fixed', data=np.zeros(2200, 'i1'), chunks=(2,))
    f.create_dataset('grows_2d', data=np.zeros((24, 24), 'i1'), chunks=(2, 2), maxshape=(None, None))


def compact(f):
    properties = h5p.create(h5p.DATASET_CREATE)
    properties.set_layout(h5d.COMPACT)
    dataset = h5d.create(f.id, b'c', h5t.IEEE_F32LE, h5s.create_simple((4,)), properties)
    dataset.write(h5s.ALL, h5s.ALL, np.ones(4, 'f4'))


def links(f):
    f.create_group('g')['w'] = np.ones(3)
    f['hard'] = f['g/w']
    f['soft'] = h5py.SoftLink('/g/w')


def scales(f):
    f['x'] = np.arange(5.0)
    f['x'].make_scale('xs')
    f['y'] = np.zeros((5,))
    f['y'].dims[0].attach_scale(f['x'])


def deleted(f):
    f['a'] = np.arange(300.0)
    f['b'] = np.arange(10.0)
    for i in range(20):
        f[f'x{i}'] = i
    del f['a']
    for i in range(0, 20, 2):
        del f[f'x{i}']


def external_link(f):
    f['ext'] = h5py.ExternalLink('../../secret.h5', '/x')


def external_storage(f):
    f.create_dataset('e', shape=(10,), dtype='f4', external=[('/etc/hostname', 0, 40)])


def virtual(f):
    layout = h5py.VirtualLayout(shape=(4, 10), dtype='i4')
    for n in range(4):
        layout[n] = h5py.VirtualSource(f'{n}.h5', 'data', shape=(10,))
    f.create_virtual_dataset('v', layout, fillvalue=-5)


def bomb(f):
    f.create_dataset('b', shape=(2**32,), dtype='f4', chunks=(2**18,), compression='gzip')[0:10] = 1


def cycle(f):
    f.create_group('a/b')
    f['a/b/up'] = f['a']


def shared(f):
    for i in range(12):
        f[f'd{i}'] = np.zeros((3, 4, 5), 'f4')
        f[f'd{i}'].attrs['unit'] = np.arange(20)
        f[f'd{i}'].attrs['text'] = 'hello'


def grown(f):
    f.create_dataset('c', data=np.arange(400), chunks=(10,))
    f.create_dataset('z', data=np.arange(400), chunks=(10,), maxshape=(None,), compression='gzip')
    f.attrs['s'] = 'text'
    for i in range(40):
        f.create_group(f'g{i}').attrs['t'] = f'text {i}'


def library():
    """HDF5 itself, for what h5py has no binding of."""
    folder = os.path.join(os.path.dirname(os.path.dirname(h5py.__file__)), 'h5py.libs')
    return ctypes.CDLL(glob.glob(os.path.join(folder, 'libhdf5-*.so*'))[0])


def call(name, properties, *numbers):
    assert getattr(library(), name)(ctypes.c_int64(properties.id), *map(ctypes.c_uint, numbers)) >= 0, name


def shares_messages(properties, most_in_list):
    call('H5Pset_shared_mesg_nindexes', properties, 2)
    call('H5Pset_shared_mesg_index', properties, 0, 0x0F, 20)
    call('H5Pset_shared_mesg_index', properties, 1, 0x1000, 20)
    call('H5Pset_shared_mesg_phase_change', properties, most_in_list, most_in_list // 2)


def has_small_nodes(properties):
    call('H5Pset_istore_k', properties, 8)
    call('H5Pset_sym_k', properties, 4, 2)


def make_with(name, fill, prepare, libver=None):
    """A file with properties of creation that h5py.File does not take."""

    def create(path):
        properties = h5p.create(h5p.FILE_CREATE)
        prepare(properties)
        access = h5p.create(h5p.FILE_ACCESS)
        if libver == 'latest':
            access.set_libver_bounds(h5f.LIBVER_LATEST, h5f.LIBVER_LATEST)
        with h5py.File(h5f.create(path.encode(), h5f.ACC_TRUNC, properties, access)) as f:
            fill(f)

    return pack(name, create)


def describe(path):
    tensors, attributes = [], []
    with h5py.File(path, 'r') as f:

        def visit(name, thing):
            for key in thing.attrs:
                value = thing.attrs[key]
                text = value[:80] if isinstance(value, str) else None
                attributes.append([f'/{name}@{key}', text])
            if isinstance(thing, h5py.Dataset) and thing.external is None and not thing.is_virtual:
                offset = thing.id.get_offset()
                tensors.append([name, thing.dtype.str, list(thing.shape or []), offset, thing.id.get_storage_size()])

        visit('', f)
        f.visititems(visit)
    return {'tensors': sorted(tensors), 'attributes': sorted(attributes)}


def pack(name, create):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'x.h5')
        create(path)
        data = open(path, 'rb').read()
        facts = describe(path)
    packed = gzip.compress(data, 9, mtime=0)
    return {'name': name, 'size': len(data), 'gzip': base64.b64encode(packed).decode(), **facts}


def make(name, fill, **options):
    def create(path):
        with h5py.File(path, 'w', **options) as f:
            fill(f)

    return pack(name, create)


BOTH = [simple, layers, types, dense, order, large_attributes, chunked, compact, links, scales, deleted]
BOTH += [external_link, external_storage, bomb, cycle]
vectors = [make(f'{fill.__name__} {lib}', fill, libver=lib) for fill in BOTH for lib in ('earliest', 'latest')]
vectors.append(make('many_chunks latest', many_chunks, libver='latest'))
vectors.append(make('half latest', half, libver='latest'))
vectors.append(make('half earliest', half))
vectors.append(make('huge_attribute latest', huge_attribute, libver='latest'))
vectors.append(make('virtual latest', virtual, libver='latest'))
vectors.append(make('virtual default', virtual))
vectors.append(make('order tracked', dense, track_order=True))
vectors.append(make('user block', simple, userblock_size=512))
vectors.append(make('paged', deleted, fs_strategy='page', fs_persist=True, fs_threshold=1))
vectors.append(make('free space kept', deleted, fs_strategy='fsm', fs_persist=True, fs_threshold=1))
vectors.append(make('v110', chunked, libver=('v110', 'v110')))
vectors.append(make_with('shared in a list', shared, lambda p: shares_messages(p, 100)))
vectors.append(make_with('shared in a tree', shared, lambda p: shares_messages(p, 0), 'latest'))
vectors.append(make_with('small nodes', grown, has_small_nodes))
vectors.append(make_with('short addresses', layers, lambda p: p.set_sizes(4, 4)))
vectors.append(make_with('short lengths', layers, lambda p: p.set_sizes(8, 4)))
vectors.append(make_with('shorter addresses', grown, lambda p: p.set_sizes(4, 8), 'latest'))
with open(os.path.join(HERE, 'h5py.json'), 'w', encoding='utf-8') as out:
    out.write('[\n' + ',\n'.join(json.dumps(vector, ensure_ascii=False) for vector in vectors) + '\n]\n')
print(len(vectors), os.path.getsize(os.path.join(HERE, 'h5py.json')))
