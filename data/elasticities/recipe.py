"""Rewrites the sector tables of this folder from the published estimates, mapped to the default world's sectors.

    python data/elasticities/recipe.py ../shared        (from the root of the repository)

Estimates are facts from the papers named in each file. `eight sets` are the carriers' mapping to the OECD sectors; grouped
sectors take the value that the benchmark's own recipe gave them. Only values and the header text below are written; short_run.toml is
kept by hand.
"""
import csv, pathlib, sys

shared = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
here = pathlib.Path(__file__).parent
world = shared / "data/world-io/benchmark-2022-candidate/elasticities.csv"
sectors = [r["sector"] for r in csv.DictReader(open(shared / "benchmarks/world-2022-estimate/sectors.csv"))]
columns = list(csv.DictReader(open(world)))

SHARE = "tariff-inclusive"
SETS = {
    "fontagne_guimbard_orefice_2022": ("FGO_icio", "Fontagné, Guimbard & Orefice (2022), Journal of International Economics 137, the authors' ICIO file of March 2026",
        "tariff", True, "The default world's own elasticities. Estimated on tariffs, 2001-2016, product-level imports; sectors without an estimate carry 4."),
    "fontagne_guimbard_orefice_2022_tiva": ("FGO", "Fontagné, Guimbard & Orefice (2022), Journal of International Economics 137, TiVA sectors",
        "tariff", False, "An older mapping of the same paper: left out of bands so that one paper does not count twice."),
    "bagwell_staiger_yurukoglu_2021": ("BSY", "Bagwell, Staiger & Yurukoglu (2021), Econometrica 89(4)", "tariff", True, "Estimated inside a structural model of bargaining."),
    "caliendo_parro_2015": ("CP", "Caliendo & Parro (2015), Review of Economic Studies 82(1), table 1, 99 percent sample", "tariff", True,
        "Refined petroleum 64.85 and vehicles 1.1 drive results that lean on those sectors."),
    "giri_yi_yilmazkuday_2021": ("GYY", "Giri, Yi & Yilmazkuday (2021), Journal of International Economics 129", "cost", True,
        "From price gaps between countries; sectors without an estimate carry 4."),
    "lashkaripour_lugovskyy_2023": ("LL", "Lashkaripour & Lugovskyy (2023), American Economic Review 113(10)", "cost", True, "Firm-level Colombian imports; petroleum 0.64."),
    "shapiro_2016": ("Shap", "Shapiro (2016), American Economic Journal: Economic Policy 8(4)", "cost", True, "From freight costs, instrumented."),
    "simonovska_waugh_2014": ("U4", "Simonovska & Waugh (2014), Journal of International Economics 92(1)", "cost", True, "One value, 4, for every sector."),
    "in_sample": ("IS", "Estimated in the sample of github.com/ahmadlp/tariffwar; no paper", "tariff", False, "Not published: kept for comparison, left out of bands."),
}

def write(name, source, respect, bands, note, values, filled, horizon="long", flows=SHARE, licence="published estimates, cite the paper"):
    lines = [
        f'name = "{name}"', f'source = "{source}"', f'licence = "{licence}"',
        f'with_respect_to = "{respect}"            # what the estimate varies: a tariff, or a cost of any kind',
        f'flows = "{flows}"         # whether the flows that respond include the duty; θ of shares in the model is tariff-inclusive',
        f'horizon = "{horizon}"', f'in_bands = {str(bands).lower()}', f'note = "{note}"',
        "filled = [" + ", ".join(f'"{s}"' for s in filled) + "]   # sectors without an estimate of this source", "", "[trade_elasticity]",
    ] + [f"{s} = {values[s]}" for s in sectors]
    (here / f"{name}.toml").write_text("\n".join(lines) + "\n")

goods = [r["sector"] for r in columns]
for name, (column, source, respect, bands, note) in SETS.items():
    values = {r["sector"]: float(r[column]) for r in columns}
    filled = [s for s in sectors if s not in values]
    if column in ("GYY", "CP", "LL", "Shap"):
        filled = [s for s in sectors if s not in values or (column == "GYY" and values[s] == 4.0)]
    values.update({s: 4.0 for s in sectors if s not in values})
    write(name, source, respect, bands, note, values, filled)

# Boehm, Levchenko & Pandalai-Nayar: one elasticity of tariff-exclusive flows, -2 after 7-10 years; -(θ+1) in the model, so θ = 1.
write("boehm_levchenko_pandalai_nayar_2023",
      "Boehm, Levchenko & Pandalai-Nayar (2023), American Economic Review 113(4)", "tariff", True,
      "Tariff-exclusive flows fall by 2 (1.75 to 2.25) after 7-10 years; the model's tariff-exclusive flows fall by θ+1, so θ = 1 in every sector.",
      {s: 1.0 for s in sectors}, [], flows="tariff-exclusive")

# Services of Ahmad & Schreiber: simple means over the members of each service sector.
services = {r["icio"]: float(r["trade_elasticity"]) for r in csv.DictReader(open(shared / "data/elasticities/ahmad_schreiber_2024_services.csv"))}
members = {"CON": ["F"], "TRD": ["G"], "TRP": ["H49", "H50", "H51", "H52"], "ICT": ["J61", "J62_63"], "FIN": ["K"], "BUS": ["L", "N"], "OSV": ["I", "P", "Q", "R", "S"]}
base = {r["sector"]: float(r["FGO_icio"]) for r in columns}
values = {s: base.get(s, 4.0) for s in sectors}
for s, m in members.items():
    values[s] = round(sum(services[x] for x in m) / len(m), 3)
write("ahmad_schreiber_2024_services", "Ahmad & Schreiber (2024), USITC working paper, table 10, for services; goods as Fontagné, Guimbard & Orefice (2022)",
      "cost", False, "Simple means over the members of a sector; a variant for services, not a further view on goods.", values,
      [s for s in sectors if s not in members])
