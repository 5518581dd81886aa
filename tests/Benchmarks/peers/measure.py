"""Rounds as `compare` reads them."""
import resource
import time


def rounds(count, work, part=""):
    result = None
    for _ in range(count):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        print("round", time.perf_counter() - wall, time.process_time() - cpu, part)
    return result


def peak():
    print("peak", 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
