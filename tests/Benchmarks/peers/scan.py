"""numpy's cumulative sums over sorted neighbors: folder, locations, replications. Windows to half of the expected cases."""
import sys

import measure
import numpy as np

folder, n, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
x, y, cases, expected = np.fromfile(f"{folder}/cells").reshape(4, -1)
total = cases.sum()
expected = expected * (total / expected.sum())
print("version", "numpy", np.__version__)

distance = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2
order = np.argsort(distance, axis=1, kind="stable")
square = np.take_along_axis(distance, order, axis=1)
# A circle ends where the next location is farther.
ends = np.ones((n, n), bool)
ends[:, :-1] = square[:, 1:] > square[:, :-1] * (1 + 1e-12)
inside = np.cumsum(expected[order], axis=1)
usable = ends & (inside <= total / 2 * (1 + 1e-12))
most = int(usable.any(axis=0).nonzero()[0].max()) + 1
order, inside, usable = order[:, :most], inside[:, :most], usable[:, :most]


def strongest(counts):
    c = np.cumsum(counts[order], axis=1)
    hot = usable & (c > inside) & (c >= 2)
    c, e = c[hot], inside[hot]
    with np.errstate(divide="ignore", invalid="ignore"):
        outside = np.where(c < total, (total - c) * np.log((total - c) / (total - e)), 0)
    return (c * np.log(c / e) + outside).max(initial=0)


def strongest_of_all(counts):
    """The same with the logarithms of every circle, as one would write it first."""
    c = np.cumsum(counts[order], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        llr = c * np.log(c / inside) + (total - c) * np.log((total - c) / (total - inside))
    return np.where(usable & (c > inside) & (c >= 2), llr, 0).max()


np.array([strongest(cases)]).tofile(f"{folder}/llr")
random = np.random.default_rng(1)
probability = expected / expected.sum()
measure.rounds(count, lambda: strongest_of_all(random.multinomial(int(total), probability)), "all")
measure.rounds(count, lambda: strongest(random.multinomial(int(total), probability)), "hot")
measure.peak()
