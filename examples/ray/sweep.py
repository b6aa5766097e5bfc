"""A sweep on Ray: here on this machine's processors, elsewhere with the address of a cluster.

    python sweep.py spec.toml runs [ADDRESS]
"""

import sys

import detente as dt
import ray

if __name__ == "__main__":
    spec, out = sys.argv[1:3]
    ray.init(address=sys.argv[3] if len(sys.argv) > 3 else None, include_dashboard=False)
    print(dt.sweep(spec, out, on=ray))
