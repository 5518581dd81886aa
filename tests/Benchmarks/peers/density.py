"""scipy's filter and scikit-learn's tree: folder, west, south, side of the square, side in cells, deviation, rounds, cells for scikit-learn."""
import sys

import measure
import numpy as np
import scipy
import sklearn
from scipy.ndimage import gaussian_filter
from sklearn.neighbors import KernelDensity

folder = sys.argv[1]
west, south, size, side, sd, count, asked = (float(a) for a in sys.argv[2:])
side, count, asked = int(side), int(count), int(asked)
x, y = np.fromfile(f"{folder}/points").reshape(2, -1)
cell = size / side
print("version", "scipy", scipy.__version__, "and scikit-learn", sklearn.__version__)


def filtered():
    column = np.minimum(((x - west) * (1 / cell)).astype(np.int32), side - 1)
    row = np.minimum(((y - south) * (1 / cell)).astype(np.int32), side - 1)
    mass = np.bincount(row * side + column, minlength=side * side).reshape(side, side).astype(np.float32)
    return gaussian_filter(mass, sd / cell, mode="constant", truncate=4)


raster = measure.rounds(3 * count, filtered, "filter")
(raster * (1e6 / cell**2)).astype(float).tofile(f"{folder}/filter")

places = np.fromfile(f"{folder}/places").reshape(2, -1).T[:asked]
tree = KernelDensity(bandwidth=sd, rtol=1e-4).fit(np.column_stack([x, y]))
log = measure.rounds(3, lambda: tree.score_samples(places), "tree")
measure.peak()
(np.exp(log) * len(x) * 1e6).tofile(f"{folder}/tree")
