"""sklearn.cluster.DBSCAN: folder, eps, minimum, rounds."""
import sys

import measure
import numpy as np
import sklearn
from sklearn.cluster import DBSCAN

folder, eps, minimum, count = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
points = np.ascontiguousarray(np.fromfile(f"{folder}/points").reshape(2, -1).T)
print("version", sklearn.__version__)
found = measure.rounds(count, lambda: DBSCAN(eps=eps, min_samples=minimum, algorithm="ball_tree", n_jobs=-1).fit(points))
measure.peak()
found.labels_.astype(np.int32).tofile(f"{folder}/sklearn")
found.core_sample_indices_.astype(np.int32).tofile(f"{folder}/cores")
