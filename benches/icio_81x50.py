#!/usr/bin/env python3
"""Recipe: a benchmark of ICIO's size (81 economies, 50 sectors) with real trade shares, for timing only.

Goods flows are the 2022 cube's, sector by sector; its one services sector is split into 23 with fixed pseudo-random
weights (seed 81), tilted by economy. Input shares are synthetic: each user spends 20 to 65 percent of its output on inputs,
in proportion to what its economy buys, tilted at random, scaled down where a product would be oversold. No tariffs.
Nothing here is a fact about any economy except the goods trade shares; nothing of it is committed.

    python3 benches/icio_81x50.py --shared ../shared --out DIR

writes raw little-endian doubles in the engine's layout (exporter fastest) and `shape.txt`. Needs numpy, pandas, pyarrow.
"""

import argparse
import os

import numpy as np
import pandas as pd

SERVICES = 23


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    table = pd.read_parquet(f"{options.shared}/data/world-io/icio81x28_trade_2011_2022.parquet", filters=[("year", "==", 2022)])
    economies = sorted(set(table.orig.astype(str)))
    sectors = sorted(set(table.sector.astype(str)) - {"SERV"}) + ["SERV"]
    n, goods = len(economies), len(sectors) - 1
    flows = np.zeros((len(sectors), n, n))
    e = {code: k for k, code in enumerate(economies)}
    s = {code: k for k, code in enumerate(sectors)}
    flows[
        table.sector.astype(str).map(s).to_numpy(), table.dest.astype(str).map(e).to_numpy(), table.orig.astype(str).map(e).to_numpy()
    ] = table.value.to_numpy()

    random = np.random.default_rng(81)
    weight = random.lognormal(0, 0.8, SERVICES)
    tilt = random.lognormal(0, 0.3, (SERVICES, 1, n)) * random.lognormal(0, 0.3, (SERVICES, n, 1)) * weight[:, None, None]
    flows = np.concatenate([flows[:goods], flows[goods] * tilt / tilt.sum(axis=0)])
    m = goods + SERVICES
    spending, output = flows.sum(axis=2), flows.sum(axis=1)  # [s, economy]
    # [using, input, economy]
    taste = spending[None] * random.lognormal(0, 0.7, (m, m, n))
    inputs = taste / taste.sum(axis=1, keepdims=True) * random.uniform(0.2, 0.65, (m, 1, n))
    used = (inputs * output[:, None, :]).sum(axis=0)
    inputs *= np.minimum(1, 0.85 * spending / np.maximum(used, 1e-300))[None]
    theta = random.uniform(2.5, 10, m)

    os.makedirs(options.out, exist_ok=True)
    for name, array in (("border_value", flows), ("input_share", inputs), ("trade_elasticity", theta)):
        np.ascontiguousarray(array, dtype="<f8").tofile(f"{options.out}/{name}.f64")
    with open(f"{options.out}/shape.txt", "w", encoding="utf-8") as handle:
        handle.write(f"{n} {m} {economies.index('USA')} {economies.index('CHN')}\n")


if __name__ == "__main__":
    main()
