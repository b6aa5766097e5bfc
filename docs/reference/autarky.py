#!/usr/bin/env python3
"""Writes docs/reference/autarky.md: gains from trade by market structure, from the WIOD 2008 table.

    python3 docs/reference/autarky.py --shared ../shared [--detente target/release/detente]

Closed forms of Costinot & Rodríguez-Clare (2014), written for our equations (docs/concepts/closures.md), and, where the
command is given, the same numbers from the engine with near-prohibitive trade costs. Needs numpy, pandas, pyarrow.
"""

import argparse
import csv
import os
import subprocess
import tempfile

import numpy as np
import pandas as pd

# Caliendo & Parro (2015), 99 percent sample, by WIOD 2013 industry; two sectors in one industry: their mean. Services: 5.
PARRO = {
    "c1": ["Agriculture"], "c2": ["Mining"], "c3": ["Food"], "c4": ["Textiles"], "c5": ["Textiles"], "c6": ["Wood"],
    "c7": ["Paper"], "c8": ["Petroleum"], "c9": ["Chemicals"], "c10": ["Plastics"], "c11": ["Minerals"],
    "c12": ["Basic metals", "Metal products"], "c13": ["Machinery n.e.c."],
    "c14": ["Office", "Electrical", "Communication", "Medical"], "c15": ["Auto", "Other transport"],
    "c16": ["Other manufacturing"],
}
# Industries that some economies do not report apart are one sector, which leaves 31, as many as the paper has.
MERGED = {"c5": "c4", "c20": "c19", "c21": "c19", "c35": "c34"}
SECTORS = [f"c{k}" for k in range(1, 36) if f"c{k}" not in MERGED]
SERVICES, ONE_SECTOR, ETA = 5.0, 5.0, 0.65
BRIEF = ["AUS", "BEL", "BRA", "CAN", "CHN", "DEU", "FRA", "GBR", "HUN", "IND", "IRL", "JPN", "KOR", "MEX", "NLD", "TWN", "USA"]


def elasticities(shared):
    table = pd.read_csv(f"{shared}/data/elasticities/caliendo_parro_2015.csv").set_index("sector")["theta_99pct_sample"]
    return {f"c{k}": float(np.mean([table[name] for name in PARRO[f"c{k}"]])) if f"c{k}" in PARRO else SERVICES for k in range(1, 36)}


class Table:
    """Flows [sector, importer, exporter], input shares [economy, input, user], final shares [economy, sector]."""

    def __init__(self, frame, economies, sectors):
        self.economies, self.sectors = economies, sectors
        n, m = len(economies), len(sectors)
        e = {code: k for k, code in enumerate(economies)}
        s = {code: k for k, code in enumerate(sectors)}
        orig, dest = frame.orig.map(e).to_numpy(), frame.dest.map(e).to_numpy()
        good = frame.oind.map(s).to_numpy()
        user = frame.use.map(s)  # final uses are none
        inner = user.notna().to_numpy()
        value = frame.value.to_numpy(float)
        flows = np.zeros((m, n, n))
        np.add.at(flows, (good, dest, orig), value)
        # Inventories make some cells negative: such a flow is taken as none.
        self.clipped = -flows[flows < 0].sum() / flows.sum()
        self.flows = np.maximum(flows, 0)
        inputs = np.zeros((n, m, m))
        np.add.at(inputs, (dest[inner], good[inner], user[inner].astype(int).to_numpy()), value[inner])
        self.finish(inputs)

    def finish(self, inputs):
        output, spending = self.flows.sum(axis=1).T, self.flows.sum(axis=2).T  # [economy, sector]
        # Nothing is used beyond what is bought, nor bought beyond what is produced: rounding and clipping leave a little.
        used = inputs.sum(axis=2)
        inputs = inputs * np.minimum(1, 0.9999 * spending / np.maximum(used, 1e-9))[:, :, None]
        total = inputs.sum(axis=1)
        inputs = inputs * np.minimum(1, 0.98 * output / np.maximum(total, 1e-9))[:, None, :]
        self.input_share = inputs / np.where(output > 0, output, 1)[:, None, :]
        self.output, self.spending = output, spending
        self.final = spending - np.einsum("eku,eu->ek", self.input_share, output)
        self.final_share = self.final / self.final.sum(axis=1, keepdims=True)
        home = np.array([self.flows[:, k, k] for k in range(len(self.economies))])
        self.home = np.where(spending > 0, home / np.where(spending > 0, spending, 1), 1)


def one_sector(table):
    home = np.einsum("enn->n", np.transpose(table.flows, (0, 1, 2))) / table.spending.sum(axis=1)
    return 100 * (1 - home ** (1 / ONE_SECTOR))


def gains(table, theta, structure, intermediates):
    """1 − real wage in autarky over real wage now, percent; not a number where a sector cannot be made at home."""
    n, m = table.output.shape
    result = np.full(n, np.nan)
    for e in range(n):
        share = table.input_share[e] if intermediates else np.zeros((m, m))  # [input, user]
        final = table.final_share[e] if intermediates else table.spending[e] / table.spending[e].sum()
        labour_share = 1 - share.sum(axis=0)
        income = (labour_share * table.output[e]).sum()
        # Autarky: wages one, income labour's; what is made is what is used.
        made = np.linalg.solve(np.eye(m) - share, final * income)
        lives = (table.output[e] > 0) & (table.home[e] > 0)
        if np.any(~lives & (final * income > 1e-6 * income)):
            continue
        lives &= made > 0
        y_hat = np.where(lives, made / np.where(lives, table.output[e], 1), 1)
        x_hat = np.where(lives, made / np.where(lives, table.spending[e], 1), 1)
        cost_power, extra = np.ones(m), np.log(np.where(lives, table.home[e], 1)) / theta
        if structure == "krugman":
            cost_power, extra = 1 + 1 / theta, extra + np.log(y_hat) / theta
        elif structure == "melitz":
            cost_power, extra = (theta + ETA + 1) / theta, extra + (np.log(y_hat) + ETA * np.log(x_hat)) / theta
        # ln P = cost_power · Σ_k share_k ln P_k − extra, wages one. λ in autarky is one: P̂^(−θ) = λ N̂ ĉ^(−θ) …
        matrix = np.eye(m) - cost_power[:, None] * share.T
        if structure != "perfect" and intermediates and np.abs(np.linalg.eigvals(cost_power[:, None] * share.T)).max() >= 1:
            continue
        # Entry is output over unit cost relative to now, where both are one; so signs follow P̂ = ĉ (λ N̂)^(−1/θ).
        log_price = np.linalg.solve(matrix, -extra)
        result[e] = 100 * (1 - np.exp(-(final * log_price).sum()))
    return result


COLUMNS = [
    ("one sector", lambda t, theta: one_sector(t)),
    ("perfect", lambda t, theta: gains(t, theta, "perfect", False)),
    ("krugman = melitz", lambda t, theta: gains(t, theta, "krugman", False)),
    ("perfect, inputs", lambda t, theta: gains(t, theta, "perfect", True)),
    ("krugman, inputs", lambda t, theta: gains(t, theta, "krugman", True)),
    ("melitz, inputs", lambda t, theta: gains(t, theta, "melitz", True)),
]


def write_benchmark(folder, table, theta, inputs):
    """The table as a benchmark directory of the contract."""
    os.makedirs(folder, exist_ok=True)

    def rows(name, header, body):
        with open(f"{folder}/{name}.csv", "w", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(body)

    with open(f"{folder}/benchmark.toml", "w", encoding="utf-8") as handle:
        handle.write('name = "WIOD 2008"\nunit = "million USD"\nsource = "WIOD 2013 release"\nlicence = "see shared data"\nyear = 2008\n')
    economies, sectors = table.economies, table.sectors
    rows("economies", ["economy", "name"], [(c, c) for c in economies])
    rows("sectors", ["sector", "name", "kind", "trade_elasticity", "elasticity_of_substitution"],
         [(c, c, "manufacturing" if int(c[1:]) <= 16 else "services", theta[k], 1 + theta[k] / (1 + ETA)) for k, c in enumerate(sectors)])
    rows("trade", ["exporter", "importer", "sector", "value"],
         [(economies[i], economies[n], sectors[s], repr(float(table.flows[s, n, i]))) for s, n, i in zip(*np.nonzero(table.flows))])
    if inputs:
        share = table.input_share
        rows("input_shares", ["economy", "using_sector", "input_sector", "share"],
             [(economies[e], sectors[u], sectors[k], repr(float(share[e, k, u]))) for e, k, u in zip(*np.nonzero(share))])
        rest = 1 - share.sum(axis=1)
        rows("value_added_shares", ["economy", "sector", "share"],
             [(economies[e], sectors[s], repr(float(rest[e, s]))) for e in range(len(economies)) for s in range(len(sectors))])


def through_engine(detente, table, theta, structure, inputs, factor):
    """Real wages lost when every trade cost is multiplied, from the command, percent by economy; or why not."""
    with tempfile.TemporaryDirectory() as folder:
        write_benchmark(f"{folder}/wiod", table, theta, inputs)
        scenario = f"{folder}/autarky.toml"
        with open(scenario, "w", encoding="utf-8") as handle:
            handle.write(
                'name = "Near autarky"\n[closure]\n'
                f'market_structure = "{structure}"\ndeficits = "zero"\nintermediates = "{"input-output" if inputs else "none"}"\n'
                f'[[trade_cost]]\nimporter = "all"\nexporter = "all"\nsector = "all"\nfactor = {factor:.1f}\n'
            )
        run = subprocess.run(
            [detente, "solve", scenario, "--benchmark", f"{folder}/wiod", "--out", f"{folder}/out"],
            capture_output=True, text=True, check=False, timeout=300,
        )
        if run.returncode:
            return None, run.stderr.strip().splitlines()[-1] if run.stderr.strip() else "it failed without a word"
        frame = pd.read_csv(f"{folder}/out/economies.csv", keep_default_na=False).set_index("economy")
        return frame["real_wage_pct"].astype(float), None


def read(shared):
    frame = pd.read_parquet(f"{shared}/data/world-io/wiod2013_2008.parquet")
    for column in ("orig", "dest", "oind", "use"):
        frame[column] = frame[column].astype(str).replace(MERGED)
    return frame.groupby(["orig", "oind", "dest", "use"], as_index=False).value.sum()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--detente", help="the command, for the check through the engine")
    parser.add_argument("--out", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "autarky.md"))
    options = parser.parse_args()
    frame = read(options.shared)
    by_sector = elasticities(options.shared)
    sectors = SECTORS
    theta = np.array([by_sector[s] for s in sectors])
    economies = sorted(set(frame.orig))
    table = Table(frame, economies, sectors)
    result = {name: column(table, theta) for name, column in COLUMNS}

    def mean(values):
        return float(np.nanmean(values))

    lines = [
        "# Gains from trade: autarky by market structure",
        "",
        "Real wages that would be lost in autarky, percent, from the WIOD table of 2008 (41 economies, 31 sectors). Made by",
        "`python3 docs/reference/autarky.py`; do not edit.",
        "",
        "| economy | " + " | ".join(result) + " |",
        "|---|" + "---|" * len(result),
    ]

    def cell(value):
        return "" if np.isnan(value) else f"{value:.1f}"

    for code in BRIEF:
        k = economies.index(code)
        lines.append(f"| {code} | " + " | ".join(cell(result[name][k]) for name in result) + " |")
    lines.append("| mean of all | " + " | ".join(f"{mean(result[name]):.1f}" for name in result) + " |")
    lines.append("| economies with a number | " + " | ".join(str(int(np.isfinite(result[name]).sum())) for name in result) + " |")
    missing = sorted({economies[k] for name in result for k in np.flatnonzero(np.isnan(result[name]))})
    lines += [
        "",
        f"No number ({', '.join(missing) or 'none'}): an industry that autarky would need is not made at home at all, or, with entry, the round of",
        "entry and inputs feeds on itself (spectral radius of (1+ψ)γ at one or above), so that autarky has no finite price.",
        "",
        "## How",
        "",
        "Closed forms of Costinot & Rodríguez-Clare (2014), written for our own equations. One sector: `1 − λ^(1/θ)`, θ = 5. Otherwise, with wages",
        "at one, output in autarky solves `Y = α wL + Γ Y`, and prices solve",
        "",
        "```text",
        "perfect   ln P = ln c − (ln λ) / θ                                      ln c = Σ_k γ_k ln P_k",
        "krugman   ln P = (1 + 1/θ) ln c − (ln λ + ln Ŷ) / θ",
        "melitz    ln P = ((θ+η+1)/θ) ln c − (ln λ + ln Ŷ + η ln X̂) / θ           η = θ/(σ−1) − 1",
        "```",
        "",
        "λ is the share of home goods, Ŷ and X̂ output and spending in autarky over today's. Without inputs melitz differs from krugman only by the deficit",
        f"in X̂, so they share a column. η = {ETA} as Costinot & Rodríguez-Clare take it from",
        "Balistreri, Hillberry & Rutherford (2011), as we recall. Elasticities: Caliendo & Parro (2015), 99 percent sample; services 5, as we recall Costinot &",
        "Rodríguez-Clare do (they use the full sample).",
        "",
        "## Beside the published ordering",
        "",
        "Costinot & Rodríguez-Clare (2014, table 4.1), as we recall it and without the printed page at hand, so the order and not the digits is what is",
        "compared: gains are small with one sector (about 4.4 percent on average), several times that with many sectors (about 15 with perfect competition,",
        "slightly less with monopolistic competition), about twice that again with inputs, and largest with inputs and monopolistic competition,",
        "Melitz above Krugman.",
        "",
    ]
    order = [mean(result[name]) for name in result]
    both = np.isfinite(result["krugman, inputs"]) & np.isfinite(result["melitz, inputs"])
    above = int((result["melitz, inputs"][both] > result["krugman, inputs"][both]).sum())
    lines += [
        f"Ours: {order[0]:.1f} → {order[1]:.1f} (perfect) and {order[2]:.1f} (entry) → {order[3]:.1f} with inputs. Where both have a number, melitz is above krugman in {above} of {int(both.sum())}",
        "economies. Means over the last two columns leave out the economies without a number, so they are not comparable with the others.",
        "",
        "## What the rounded table does to it",
        "",
        f"Values in our copy are whole millions: every cell below 0.5 is zero, 80 percent of the cells between industries before merging. {100 * table.clipped:.3f} percent of spending were",
        "negative flows (inventories) and are taken as none. Two experiments bound what rounding does. Rounding once more, to 10 and to 100 millions,",
        "shows the direction; filling each zero cell between economies with 0.25 million (what is lost is at most 0.5) puts something back.",
        "",
        "| table | zero cells, percent | " + " | ".join(name for name, _ in COLUMNS) + " |",
        "|---|---|" + "---|" * len(COLUMNS),
    ]
    size = len(economies) ** 2 * len(sectors) * (len(sectors) + 5)

    def row(label, variant_frame, zeros):
        variant = Table(variant_frame, economies, sectors)
        columns = [mean(column(variant, theta)) for _, column in COLUMNS]
        lines.append(f"| {label} | {zeros:.0f} | " + " | ".join(f"{value:.2f}" for value in columns) + " |")

    row("as it is (1 million)", frame, 100 * (1 - len(frame) / size))
    for unit in (10, 100):
        coarse = frame.assign(value=np.round(frame.value / unit) * unit)
        coarse = coarse[coarse.value != 0]
        row(f"rounded to {unit} million", coarse, 100 * (1 - len(coarse) / size))
    users = sectors + ["C_HH", "C_NPISH", "C_GOV", "I_GFCF", "I_INV"]
    full = pd.MultiIndex.from_product([economies, sectors, economies, users], names=["orig", "oind", "dest", "use"])
    filled = frame.set_index(["orig", "oind", "dest", "use"]).value.astype(float).reindex(full)
    abroad = full.get_level_values("orig") != full.get_level_values("dest")
    filled = filled.mask(filled.isna() & abroad & (full.get_level_values("use") != "I_INV"), 0.25).fillna(0.0).reset_index()
    row("zeros abroad filled with 0.25", filled[filled.value != 0], 0)
    lines += [
        "",
        "Means over economies. Coarser rounding removes small imports first, so home shares rise and gains fall: gains from the rounded table are",
        "understated, and by less than the difference to the filled one, which overstates what was lost (most zero cells hold far less than 0.25).",
    ]
    if options.detente:
        # Who lacks a sector joins the rest of the world: no price is high enough to make at home what is not made at all.
        lacking = {economies[k] for k in np.flatnonzero(((table.home == 0) | (table.output == 0)).any(axis=1))}
        merged = frame.assign(orig=frame.orig.where(~frame.orig.isin(lacking), "RoW"), dest=frame.dest.where(~frame.dest.isin(lacking), "RoW"))
        merged = merged.groupby(["orig", "oind", "dest", "use"], as_index=False).value.sum()
        small = Table(merged, sorted(set(merged.orig)), sectors)
        lines += ["", "## The same through the engine", "",
                  f"`detente solve` with zero deficits and every trade cost multiplied; {', '.join(sorted(lacking)) or 'nobody'} joined to the rest of the world. Loss of real wages",
                  "against the closed form; the gap must vanish as costs rise. It does so slowly where the round of entry and inputs is close to feeding on itself,",
                  "so that the largest gap stands beside the next. Where that round feeds on itself the command refuses, by the test's name.", "",
                  "| setting | trade costs times | economies | largest gap, points | where | next largest | note |", "|---|---|---|---|---|---|---|"]
        for structure, inputs in (("perfect", False), ("perfect", True), ("krugman", False), ("krugman", True), ("melitz", True)):
            for factor in (100.0, 10000.0):
                found, why = through_engine(options.detente, small, theta, structure, inputs, factor)
                label = f"{structure}{', inputs' if inputs else ''}"
                if found is None:
                    lines.append(f"| {label} | {factor:.0f} | 0 | | | | {why.split(';')[0].removeprefix('detente: Near autarky: ')} |")
                    continue
                expected = gains(small, theta, structure, inputs)
                gap = np.array([-found[code] - expected[k] for k, code in enumerate(small.economies)])
                known = np.isfinite(gap)
                order = np.argsort(np.where(known, -np.abs(gap), np.inf))
                first, second = order[0], order[1]
                lines.append(f"| {label} | {factor:.0f} | {int(known.sum())} | {abs(gap[first]):.4f} | {small.economies[first]} | {abs(gap[second]):.4f} | |")
    with open(options.out, "w", encoding="utf-8") as handle:
        handle.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
