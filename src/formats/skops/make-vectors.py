"""Writes vectors.json: models as skops writes them.

python src/formats/skops/make-vectors.py > src/formats/skops/vectors.json

Each vector is {name, base64, untrusted}: untrusted is what skops itself asks about. Made with skops 0.16, scikit-learn 1.9.
"""
import base64
import json
import operator
import warnings
from functools import partial

import numpy as np
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import SVC

warnings.filterwarnings("ignore")


def models():
    random = np.random.RandomState(0)
    samples, labels = random.rand(20, 3), random.randint(0, 2, 20)
    yield "logistic regression", LogisticRegression().fit(samples, labels)
    scaled = make_pipeline(StandardScaler(), SVC(probability=False))
    yield "pipeline", scaled.fit(samples, labels)
    columns = ColumnTransformer([("n", StandardScaler(), [0, 1]), ("c", OneHotEncoder(), [2])])
    yield "columns", make_pipeline(columns, LogisticRegression()).fit(np.round(samples, 1), labels)
    yield "forest", RandomForestClassifier(n_estimators=2, max_depth=2).fit(samples, labels)
    yield "ufunc", FunctionTransformer(np.log1p)
    yield "values", {"a": [1, 2.5, None, True], "b": (1, "x"), "c": {1, 2}, "d": slice(1, 2), "e": np.float32(1)}
    yield "generator", {"r": np.random.RandomState(1), "g": np.random.default_rng(1)}
    yield "partial", FunctionTransformer(partial(np.add, 1))
    yield "item getter", {"i": operator.itemgetter(0)}
    yield "attribute getter", {"i": operator.attrgetter("a.b")}
    yield "method", {"m": StandardScaler().fit(samples).transform}


def main():
    out = []
    for name, model in models():
        data = skops.io.dumps(model, compression=8)
        untrusted = sorted(skops.io.get_untrusted_types(data=data))
        out.append({"name": name, "base64": base64.b64encode(data).decode(), "untrusted": untrusted})
    print(json.dumps(out, indent=1))


main()
