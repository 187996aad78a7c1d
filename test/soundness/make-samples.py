"""Writes samples.json: data that real picklers wrote, each in several protocols, for the tests of soundness.

python3 test/soundness/make-samples.py > test/soundness/samples.json   (needs numpy, scikit-learn, pandas, scipy, torch)
"""

import base64
import collections
import datetime
import decimal
import io
import json
import pathlib
import pickle
import sys
import uuid
import warnings
import zipfile

warnings.filterwarnings("ignore")


def objects():
    import numpy as np
    import pandas as pd
    import scipy.sparse
    from sklearn import ensemble, linear_model, pipeline, preprocessing, tree

    rng = np.random.default_rng(1)
    x = rng.standard_normal((12, 2))
    y = (x[:, 0] > 0).astype(int)
    shared = [1, 2]
    yield "plain", {"a": [1, 2.5, "x", None, True], "b": (1, (2, 3)), "c": shared, "d": shared, "e": 1 << 70, "f": {1, 2}}
    yield "standard", [collections.OrderedDict(a=1), collections.Counter("ab"), datetime.date(2020, 1, 2), decimal.Decimal("1.5"), uuid.UUID(int=7), 1 + 2j, pathlib.PurePosixPath("a/b")]
    yield "arrays", {"w": x.astype("f4"), "n": np.float64(1.5), "t": np.array(["a", "b"]), "i": np.arange(3)}
    yield "objects", np.array([{"a": 1}, [1], None], object)
    yield "logistic", linear_model.LogisticRegression().fit(x, y)
    yield "tree", tree.DecisionTreeClassifier(max_depth=1).fit(x, y)
    yield "pipeline", pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.Ridge()).fit(x, y)
    yield "forest", ensemble.RandomForestClassifier(1, max_depth=1, random_state=1).fit(x, y)
    yield "sparse", scipy.sparse.csr_matrix(np.eye(2))
    yield "frame", pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})


def torch_stream():
    import torch

    torch.manual_seed(1)
    file = io.BytesIO()
    torch.save(torch.nn.Linear(2, 2).state_dict(), file)
    with zipfile.ZipFile(file) as archive:
        return next(archive.read(name) for name in archive.namelist() if name.endswith("data.pkl"))


samples = []
for name, value in objects():
    protocols = {str(protocol): base64.b64encode(pickle.dumps(value, protocol)).decode() for protocol in range(6)}
    kept = protocols if len(protocols["5"]) < 1500 else {key: protocols[key] for key in ("2", "4", "5")}
    samples.append({"name": name, "context": "file", "streams": kept})
samples.append({"name": "torch", "context": "torch", "streams": {"2": base64.b64encode(torch_stream()).decode()}})
json.dump(samples, sys.stdout, indent=1)
print()
