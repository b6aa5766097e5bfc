"""A sweep on Dask: here on this machine's processors, on Slurm with three lines more.

    python sweep.py spec.toml runs
"""

import sys

import detente as dt
from distributed import Client, LocalCluster

if __name__ == "__main__":
    spec, out = sys.argv[1:3]
    # On Slurm (not tried here): from dask_jobqueue import SLURMCluster
    #   cluster = SLURMCluster(cores=1, memory="2GB", walltime="01:00:00"); cluster.scale(64)
    with LocalCluster(threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        found = dt.sweep(spec, out, on=client)
    print(found)
    for economy, (low, median, high) in found.economies.pivot("welfare_pct").quantile([0.05, 0.5, 0.95]).items():
        print(f"{economy}: income {median:+.3f} percent, {low:+.3f} to {high:+.3f} in nine runs of ten")
