#!/usr/bin/env python3
"""A small, honest, vectorised numpy program for the plain model: another program's numbers, and its speed.

Perfect competition, mobile labour, input-output links, Cobb-Douglas final demand, tariffs rebated (Caliendo & Parro
2015 in the notation of Dekle, Eaton & Kortum 2007). It shares no code with the engine and exists for two uses: as a
cross-check of the engine's results, and as the yardstick of its speed, timed in the same run.

    c[i,s] = w[i]^g[i,s] * prod_k P[i,k]^g[i,k->s]                     unit cost, hats
    P[n,s]^-theta = sum_i A[n,i,s] * c[i,s]^-theta                     A = pi * kappa^-theta, folded once
    B[n,i,s] = A * (c/P)^-theta / (1+t')                               border value per unit of spending
    Y[i,s] = sum_n B[n,i,s] X[n,s]
    X[n,s] = sum_k g[n,s->k] Y[n,k] + a[n,s] I[n],   I = w VA + (ΣX - ΣBX) + D
    F[i] = sum_s g[i,s] Y[i,s] / (w[i] VA[i]) - 1 = 0                  labour; one of N is redundant
    sum_i w[i] VA[i] = sum_i VA[i]                                     numeraire; deficits D are in its units

Method: for given wages both inner systems are contractions. Each is solved by Anderson-accelerated iteration, warm
from the last wages and only as exactly as the outer residual asks; wages take Broyden steps that start from an
aggregate-gravity Jacobian. A sweep is one evaluation of the price map and of the expenditure map (the mean of the two
counts is printed). Everything is timed from ready arrays to a residual below 1e-12; reading files is not timed.

    python3 benches/numpy_reference.py --shared ../shared             # the cases below, as JSON
    python3 benches/numpy_reference.py --shared ../shared --check     # the published NAFTA numbers, exit 1 if missed
    python3 benches/numpy_reference.py --shared ../shared --expected crates/detente/tests/expected/world_2022_numpy.csv
    python3 benches/numpy_reference.py --arrays DIR                   # raw arrays that the engine's benchmark wrote

Only numpy and the standard library are needed.
"""

import argparse
import csv
import gzip
import json
import os
import sys
import time
from dataclasses import dataclass, field

import numpy as np

TOLERANCE = 1e-12


# ---------------------------------------------------------------- reading the contract's layout


@dataclass
class Benchmark:
    """The observed economy; flows are [sector, importer, exporter], input shares [economy, using, input]."""

    economies: list
    sectors: list
    theta: np.ndarray
    flows: np.ndarray
    tariff: np.ndarray
    input_share: np.ndarray
    final_share: np.ndarray | None = None
    deficit: np.ndarray | None = None


def rows(folder, name):
    """The rows of `name.csv` or `name.csv.gz`, or nothing where neither exists."""
    for path, opener in ((f"{folder}/{name}.csv", open), (f"{folder}/{name}.csv.gz", gzip.open)):
        if os.path.exists(path):
            with opener(path, "rt", encoding="utf-8", newline="") as handle:
                yield from csv.DictReader(handle)
            return


def read_benchmark(folder):
    """A benchmark directory of the contract."""
    economies = [row["economy"] for row in rows(folder, "economies")]
    sector_rows = list(rows(folder, "sectors"))
    sectors = [row["sector"] for row in sector_rows]
    e = {code: k for k, code in enumerate(economies)}
    s = {code: k for k, code in enumerate(sectors)}
    n, m = len(economies), len(sectors)

    flows = np.zeros((m, n, n))
    for row in rows(folder, "trade"):
        flows[s[row["sector"]], e[row["importer"]], e[row["exporter"]]] = float(row["value"])
    input_share = np.zeros((n, m, m))
    for row in rows(folder, "input_shares"):
        input_share[e[row["economy"]], s[row["using_sector"]], s[row["input_sector"]]] = float(row["share"])
    final_share = deficit = None
    for row in rows(folder, "final_shares"):
        final_share = np.zeros((n, m)) if final_share is None else final_share
        final_share[e[row["economy"]], s[row["sector"]]] = float(row["share"])
    for row in rows(folder, "deficits"):
        deficit = np.zeros(n) if deficit is None else deficit
        deficit[e[row["economy"]]] = float(row["deficit"])
    theta = np.array([float(row["trade_elasticity"]) for row in sector_rows])
    benchmark = Benchmark(
        economies, sectors, theta, flows, np.zeros((m, n, n)), input_share, final_share, deficit
    )
    set_tariffs(benchmark.tariff, benchmark, rows(folder, "tariffs"))
    return benchmark


def set_tariffs(tariff, benchmark, table):
    """Sets the cells that the rows name."""
    e = {code: k for k, code in enumerate(benchmark.economies)}
    s = {code: k for k, code in enumerate(benchmark.sectors)}
    for row in table:
        tariff[s[row["sector"]], e[row["importer"]], e[row["exporter"]]] = float(row["rate"])


# ---------------------------------------------------------------- the model


@dataclass
class Solution:
    """One equilibrium, in hats relative to the data."""

    wage: np.ndarray
    price_index: np.ndarray
    income: np.ndarray
    residual: float
    sweeps: dict
    steps: int


class Anderson:
    """Anderson acceleration of a fixed point x = g(x) over a short memory, least squares by normal equations."""

    def __init__(self, size, memory=6):
        self.memory, self.count = memory, 0
        self.dx, self.dr = np.zeros((memory, size)), np.zeros((memory, size))
        self.last = None

    def next(self, x, gx):
        r = gx - x
        if self.last is not None:
            k = self.count % self.memory
            self.dx[k], self.dr[k] = x - self.last[0], r - self.last[1]
            self.count += 1
        self.last = (x, r)
        m = min(self.count, self.memory)
        if m == 0:
            return gx
        dr, dx = self.dr[:m], self.dx[:m]
        gram = dr @ dr.T
        scale = np.sqrt(np.diag(gram)) + 1e-300
        gram = gram / np.outer(scale, scale) + 1e-14 * np.eye(m)
        weights = np.linalg.solve(gram, (dr @ r) / scale) / scale
        return gx - weights @ (dx + dr)


@dataclass
class Model:
    """What does not change between solves: shares of the data, and who spends on what."""

    benchmark: Benchmark
    share: np.ndarray = field(init=False)

    def __post_init__(self):
        b = self.benchmark
        spending = b.flows * (1 + b.tariff)
        total = spending.sum(axis=2)  # [s, n]
        self.share = spending / np.where(total > 0, total, 1)[:, :, None]
        output = b.flows.sum(axis=1)  # [s, i]
        # Shares in files sum to one only within their rounding; Walras' law needs it to the last bit.
        self.gamma = np.ascontiguousarray(1 - b.input_share.sum(axis=2).T)  # [s, n]
        self.value_added = (self.gamma * output).sum(axis=0)
        self.spending = total
        use = np.einsum("nks,kn->sn", b.input_share, output)
        if b.final_share is None:
            final = total - use
            self.final_share = final / final.sum(axis=0)
        else:
            self.final_share = b.final_share.T / b.final_share.sum(axis=1)
        imports, exports = b.flows.sum(axis=(0, 2)), b.flows.sum(axis=(0, 1))
        self.deficit = (imports - exports) if b.deficit is None else b.deficit
        # Input shares by economy for batched products: cost exponents [n, using, input] and their transpose.
        self.cost_exponent = np.ascontiguousarray(b.input_share)
        self.use_share = np.ascontiguousarray(b.input_share.transpose(0, 2, 1))

    def solve(self, tariff, deficit, start=None):
        """The equilibrium under `tariff` levels and `deficit` levels, from hats of one or from `start`."""
        b, theta = self.benchmark, self.benchmark.theta
        sectors, count = self.share.shape[0], self.share.shape[1]
        folded = self.share * ((1 + tariff) / (1 + b.tariff)) ** -theta[:, None, None]
        border = 1 / (1 + tariff)
        world = self.value_added.sum()
        ln_wage = np.zeros(count) if start is None else np.log(start.wage)
        ln_price = np.zeros((sectors, count))
        spending = self.spending.copy()
        sweeps = {"price": 0, "expenditure": 0}

        def powers(ln_wage, ln_price):
            """c^-theta, [s, i]."""
            ln_cost = self.gamma * ln_wage + np.matmul(self.cost_exponent, ln_price.T[:, :, None])[:, :, 0].T
            return np.exp(-theta[:, None] * ln_cost)

        def prices(ln_wage, ln_price, tolerance):
            """P at given wages: the fixed point of the price map."""
            mixer = Anderson(sectors * count)
            for _ in range(200):
                sweeps["price"] += 1
                mass = np.matmul(folded, powers(ln_wage, ln_price)[:, :, None])[:, :, 0]
                mapped = np.where(mass > 0, -np.log(np.where(mass > 0, mass, 1)) / theta[:, None], 0)
                error = np.abs(mapped - ln_price).max()
                if error <= tolerance:
                    break
                ln_price = mixer.next(ln_price.ravel(), mapped.ravel()).reshape(sectors, count)
            return mapped

        def expenditure(wage, ln_price, cost_power, spending, tolerance):
            """X and Y at given prices: the fixed point of the expenditure map, linear in X."""
            flow = folded * cost_power[:, None, :] * border * np.exp(theta[:, None] * ln_price)[:, :, None]
            kept = 1 - flow.sum(axis=2)
            outside = wage * self.value_added + deficit
            mixer = Anderson(sectors * count)
            floor = 1e-9 * spending.mean()
            for _ in range(200):
                sweeps["expenditure"] += 1
                output = np.matmul(spending[:, None, :], flow)[:, 0, :]
                income = outside + (kept * spending).sum(axis=0)
                mapped = np.matmul(self.use_share, output.T[:, :, None])[:, :, 0].T + self.final_share * income
                error = (np.abs(mapped - spending) / np.maximum(np.abs(mapped), floor)).max()
                if error <= tolerance:
                    break
                spending = mixer.next(spending.ravel(), mapped.ravel()).reshape(sectors, count)
            return mapped, output, income, flow

        jacobian, previous = None, np.inf
        inner = 1e-3
        steps = 0
        for steps in range(1, 100):
            wage = np.exp(ln_wage)
            ln_price = prices(ln_wage, ln_price, max(inner, 1e-14))
            cost_power = powers(ln_wage, ln_price)
            spending, output, income, flow = expenditure(wage, ln_price, cost_power, spending, max(inner, 2e-14))
            labour = (self.gamma * output).sum(axis=0) / (wage * self.value_added) - 1
            abroad = flow * spending[:, :, None]
            abroad[:, np.arange(count), np.arange(count)] = 0
            balance = np.log(abroad.sum(axis=(0, 1)) + np.maximum(deficit, 0))
            balance -= np.log(abroad.sum(axis=(0, 2)) + np.maximum(-deficit, 0))
            error = max(np.abs(balance).max(), np.abs(labour).max())
            if error <= TOLERANCE:
                break
            if jacobian is None or (error > 0.7 * previous and error > 1e-2):
                # At the start, and while the secants of a long way are stale.
                jacobian = self.gravity_jacobian(abroad, flow, wage, deficit)
            else:
                # Good Broyden: the secant condition on the last step, with the residual that it left.
                change = balance - last_balance
                jacobian += np.outer(change - jacobian @ step, step) / (step @ step)
            step = -np.linalg.solve(jacobian, balance)
            step *= min(1.0, 0.5 / np.abs(step).max())
            following = ln_wage + step
            following -= np.log((np.exp(following) * self.value_added).sum() / world)
            step, last_balance, previous, ln_wage = following - ln_wage, balance, error, following
            inner = 1e-14 if error < 1e-10 else min(1e-3, 1e-3 * error)
        price_index = np.exp((self.final_share * ln_price).sum(axis=0))
        residual = max(error, np.abs(self.residual_of_prices(folded, powers, ln_wage, ln_price)).max())
        return Solution(wage, price_index, income, residual, sweeps, steps)

    def residual_of_prices(self, folded, powers, ln_wage, ln_price):
        mass = np.matmul(folded, powers(ln_wage, ln_price)[:, :, None])[:, :, 0]
        theta = self.benchmark.theta[:, None]
        return np.where(mass > 0, -np.log(np.where(mass > 0, mass, 1)) / theta - ln_price, 0)

    def gravity_jacobian(self, abroad, flow, wage, deficit):
        """d balance / d ln w if unit costs moved one for one with the own wage and spending with income: gravity without
        rounds through inputs. Only a start for the secants, so it need not be exact."""
        theta = self.benchmark.theta
        count = len(wage)
        share = flow / np.maximum(flow.sum(axis=2), 1e-300)[:, :, None]
        exports, imports = abroad.sum(axis=(0, 1)), abroad.sum(axis=(0, 2))
        # How sales of i and purchases of n abroad move with the wage of m.
        weighted = theta[:, None, None] * abroad
        sold = np.matmul(weighted.transpose(0, 2, 1), share).sum(axis=0) - np.diag(weighted.sum(axis=(0, 1)))
        sold += abroad.sum(axis=0).T
        bought = (weighted.sum(axis=2)[:, :, None] * share).sum(axis=0) - weighted.sum(axis=0)
        bought += np.diag(imports)
        jacobian = sold / (exports + np.maximum(deficit, 0))[:, None] - bought / (imports + np.maximum(-deficit, 0))[:, None]
        # All wages together change nothing: pin that direction, so that the matrix can be inverted.
        return jacobian - np.outer(np.ones(count), wage * self.value_added) / self.value_added.sum()


def percent(before, after):
    """Exact welfare and the real wage, percent, of two solved equilibria."""
    welfare = 100 * ((after.income / after.price_index) / (before.income / before.price_index) - 1)
    wage = 100 * ((after.wage / after.price_index) / (before.wage / before.price_index) - 1)
    return welfare, wage


# ---------------------------------------------------------------- the cases


def with_added(benchmark, changes):
    """The benchmark's tariffs with points added: {(importer, exporter): points}, all sectors."""
    tariff = benchmark.tariff.copy()
    for (importer, exporter), points in changes.items():
        tariff[:, benchmark.economies.index(importer), benchmark.economies.index(exporter)] += points
    return tariff


def on_everything(benchmark, rate):
    """One rate on every flow between economies."""
    tariff = np.full_like(benchmark.tariff, rate)
    tariff[:, np.arange(len(benchmark.economies)), np.arange(len(benchmark.economies))] = 0
    return tariff


def pair(model, tariff, deficit, baseline_tariff=None):
    """Baseline, and the counterfactual from there. Where the data are an equilibrium at their own deficits, the first
    costs one sweep."""
    before = model.solve(model.benchmark.tariff if baseline_tariff is None else baseline_tariff, deficit)
    return before, model.solve(tariff, deficit, start=before)


def timed(action, repeats):
    """The result and the median of some times, on this thread's own processor clock."""
    times, result = [], None
    for _ in range(repeats):
        begin = time.thread_time()
        result = action()
        times.append(time.thread_time() - begin)
    return sorted(times)[len(times) // 2], result


def world_cases(folder):
    """The default world: name of the case, tariffs, deficits."""
    model = Model(read_benchmark(folder))
    zero = np.zeros_like(model.deficit)
    war = with_added(model.benchmark, {("USA", "CHN"): 0.30, ("CHN", "USA"): 0.10})
    # Fixed deficits at 1,000 percent have a root of the equations but no equilibrium: five economies would have to run
    # surpluses above what they earn. So the deficits are zero there, and fixed at 100 percent.
    return model, [
        ("us30-chn10", "fixed", war, model.deficit),
        ("us30-chn10", "zero", war, zero),
        ("all-100", "fixed", on_everything(model.benchmark, 1.0), model.deficit),
        ("all-1000", "zero", on_everything(model.benchmark, 10.0), zero),
    ]


def nafta(folder):
    model = Model(read_benchmark(folder))
    after = model.benchmark.tariff.copy()
    with open(f"{folder}/scenarios/nafta-tariffs-2005.csv", encoding="utf-8", newline="") as handle:
        set_tariffs(after, model.benchmark, csv.DictReader(handle))
    return model, after


PUBLISHED_NAFTA = {
    # Real wages at zero deficits (Caliendo & Parro 2015: 0.32, 1.72, 0.11), then welfare and real wages at observed ones.
    "zero": {"Canada": (None, 0.3228290269), "Mexico": (None, 1.7153229133), "USA": (None, 0.1124427521)},
    "observed": {
        "Canada": (-0.0821068658, 0.3340755522),
        "Mexico": (-0.0450602523, 1.6404932925),
        "USA": (0.0758310230, 0.1178363016),
    },
}


def check_nafta(folder, source):
    """Compares with published and cross-checked numbers; the largest gap in percentage points.

    The published package takes value added from a table of its own, up to 4e-8 off the sum over sectors that the flows
    imply; that moves its real wages by up to 1.6e-9 points. The first comparison uses its table, the second the flows."""
    model, after = nafta(folder)
    own = model.value_added
    total = {row["region"]: float(row["value_added"]) for row in rows(source, "value_added_total")}
    worst = 0.0
    for name, deficit in (("zero", np.zeros_like(model.deficit)), ("observed", model.deficit)):
        model.value_added = np.array([total[code] for code in model.benchmark.economies]) if name == "zero" else own
        welfare, wage = percent(*pair(model, after, deficit))
        for code, (expected_welfare, expected_wage) in PUBLISHED_NAFTA[name].items():
            k = model.benchmark.economies.index(code)
            for what, found, expected in (("welfare", welfare[k], expected_welfare), ("real wage", wage[k], expected_wage)):
                if expected is not None:
                    print(f"{name:9} {code:7} {what:10} {found:16.10f} {expected:16.10f}", file=sys.stderr)
                    worst = max(worst, abs(found - expected))
    return worst


def write_expected(path, folder):
    """The default world's results, as another program's numbers for tests."""
    model, cases = world_cases(folder)
    with open(path, "w", encoding="utf-8", newline="") as handle:
        handle.write(
            "# Made by benches/numpy_reference.py --expected (numpy, Broyden on wages, residual below 1e-12): not by the engine.\n"
            "# Default world (world-2022-estimate), perfect, mobile, input-output, numeraire world-gdp. Percent against the\n"
            "# baseline at the data's tariffs and the same deficits. us30-chn10: the US adds 30 points on China, China 10 on\n"
            "# the US, all sectors; all-100 and all-1000: every tariff between economies set to 1.0 and 10.0.\n"
        )
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["case", "deficits", "economy", "welfare_pct", "real_wage_pct"])
        for case, deficits, tariff, deficit in cases:
            before, after = pair(model, tariff, deficit)
            assert max(before.residual, after.residual) < TOLERANCE, (case, before.residual, after.residual)
            assert min(after.income) > 0, case
            welfare, wage = percent(before, after)
            for k, code in enumerate(model.benchmark.economies):
                writer.writerow([case, deficits, code, f"{welfare[k]:.12g}", f"{wage[k]:.12g}"])


def report(name, seconds, *solutions):
    """One line of the timing table."""
    return {
        "case": name,
        "milliseconds": round(1e3 * seconds, 3),
        "sweeps": sum(s.sweeps["price"] + s.sweeps["expenditure"] for s in solutions) / 2,
        "steps": sum(s.steps for s in solutions),
        "max_residual": max(s.residual for s in solutions),
    }


def read_arrays(folder):
    """Raw little-endian doubles that the engine's benchmark program wrote, in the layouts of `Benchmark`."""
    with open(f"{folder}/shape.txt", encoding="utf-8") as handle:
        n, m, case = handle.read().strip().split(" ", 2)
    n, m = int(n), int(m)

    def array(name, *dims):
        return np.fromfile(f"{folder}/{name}.f64").reshape(dims).copy()

    inputs = f"{folder}/input_share.f64"
    if os.path.exists(inputs):
        input_share = array("input_share", m, m, n).transpose(2, 0, 1).copy()  # [using, input, economy] -> economy first
    else:
        input_share = np.zeros((n, m, m))
    benchmark = Benchmark(
        [str(k) for k in range(n)], [str(k) for k in range(m)], array("trade_elasticity", m), array("border_value", m, n, n),
        array("tariff_rate", m, n, n), input_share,
    )
    return case, Model(benchmark), array("tariff_rate_after", m, n, n)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default="../shared", help="folder that holds benchmarks/")
    parser.add_argument("--check", action="store_true", help="compare NAFTA with published numbers")
    parser.add_argument("--expected", metavar="FILE", help="write the default world's results")
    parser.add_argument("--arrays", metavar="DIR", action="append", default=[], help="time a benchmark given as raw arrays")
    parser.add_argument("--lines", action="store_true", help="one case a line, separated by tabs, instead of JSON")
    parser.add_argument("--repeats", type=int, default=9)
    options = parser.parse_args()
    world_folder = f"{options.shared}/benchmarks/world-2022-estimate"
    nafta_folder = f"{options.shared}/benchmarks/nafta-1993"

    if options.check:
        worst = check_nafta(nafta_folder, f"{options.shared}/data/cp2015-nafta")
        print(json.dumps({"check": "nafta", "largest_gap_pct_points": worst}))
        return 0 if worst < 5e-10 else 1
    if options.expected:
        write_expected(options.expected, world_folder)
        return 0

    cases = []
    for folder in options.arrays:
        name, model, tariff = read_arrays(folder)
        seconds, solution = timed(lambda: model.solve(tariff, model.deficit), options.repeats)
        cases.append(report(name, seconds, solution))
    if os.path.isdir(world_folder):
        model, world = world_cases(world_folder)
        for case, deficits, tariff, deficit in world:
            seconds, solution = timed(lambda: model.solve(tariff, deficit), options.repeats)
            cases.append(report(f"world-2022 {case} {deficits}", seconds, solution))
    if os.path.isdir(nafta_folder):
        model, after = nafta(nafta_folder)
        seconds, solutions = timed(lambda: pair(model, after, np.zeros_like(model.deficit)), options.repeats)
        cases.append(report("nafta-1993 baseline and counterfactual", seconds, *solutions))
    if options.lines:
        for case in cases:
            print(f"{case['case']}\t{case['milliseconds']}\t{case['sweeps']}\t{case['max_residual']}")
        print(f"benches/numpy_reference.py on numpy {np.__version__}")
        return 0
    print(json.dumps({"program": "numpy_reference.py", "numpy": np.__version__, "tolerance": TOLERANCE, "cases": cases}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
