"""Outturns: observed US trade and duties by partner, month and sector group, from US Census data (public domain).

    python data/outturns/recipe.py ../shared        (from the root of the repository; needs pandas)

us_imports_periods.csv   imports for consumption and calculated duty, whole million USD, by period, partner and sector group. `2025M04-11` is
                         April to November 2025; the first quarter of 2025 was bought forward. WORLD contains all partners.
us_collected_monthly.csv the same by month: every partner, all goods (sector_group ALL); one partner also by sector group.
us_exports_annual.csv    total exports by year and partner, whole million USD.
statute_by_episode.csv   average rates by statute over the window of each back-test episode, fractions; see the column `basis`.

NAICS industries of three digits are grouped to sectors of the default world; `CHM+PHA` and `MVH+OTN` cannot be split. Scrap, used, returned and
special goods (910-990) are in ALL only. No UN Comtrade figure is used.
"""
import pathlib, sys
import pandas as pd

shared = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "../shared") / "data"
here = pathlib.Path(__file__).parent
GROUPS = {"111": "AGR", "112": "AGR", "113": "AGR", "114": "AGR", "115": "AGR", "211": "ENE", "212": "MIN", "311": "FOO", "312": "FOO",
          "313": "TEX", "314": "TEX", "315": "TEX", "316": "TEX", "321": "WOD", "322": "PAP", "323": "PAP", "324": "PET", "325": "CHM+PHA",
          "326": "RUB", "327": "NMM", "331": "MET", "332": "FAB", "333": "MCH", "334": "ELE", "335": "EEQ", "336": "MVH+OTN", "337": "OMF",
          "339": "OMF", "ALL": "ALL"}
PERIODS = {"2017": ("2017-01", "2017-12"), "2018": ("2018-01", "2018-12"), "2019": ("2019-01", "2019-12"), "2021": ("2021-01", "2021-12"),
           "2022": ("2022-01", "2022-12"), "2023": ("2023-01", "2023-12"), "2024": ("2024-01", "2024-12"),
           "2024M01-11": ("2024-01", "2024-11"), "2025M01-11": ("2025-01", "2025-11"),
           "2023M04-11": ("2023-04", "2023-11"), "2024M04-11": ("2024-04", "2024-11"), "2025M04-11": ("2025-04", "2025-11")}

raw = pd.read_csv(shared / "outturns/us_imports_naics3_monthly.csv.gz", dtype={"code": str})
raw["sector_group"] = raw.code.map(GROUPS)
months = (raw.dropna(subset=["sector_group"])
          .pivot_table(index=["period", "partner", "sector_group"], columns="flow", values="value_usd", aggfunc="sum", fill_value=0)
          .rename(columns={"imports_consumption": "imports", "duties_calculated": "duty"}).reset_index())

rows = []
for name, (first, last) in PERIODS.items():
    window = months[(months.period >= first) & (months.period <= last)]
    total = window.groupby(["partner", "sector_group"], as_index=False)[["imports", "duty"]].sum()
    total.insert(0, "period", name)
    rows.append(total)
periods = pd.concat(rows)
for column in ("imports", "duty"):
    periods[column] = (periods[column] / 1e6).round(1)
periods[["period", "partner", "sector_group", "imports", "duty"]].to_csv(here / "us_imports_periods.csv", index=False, lineterminator="\n")

monthly = months[(months.sector_group == "ALL") | (months.partner == "CHN")].copy()
monthly = monthly[(monthly.sector_group == "ALL") | (monthly.period >= "2024-01")]
for column in ("imports", "duty"):
    monthly[column] = (monthly[column] / 1e6).round(2)
monthly.rename(columns={"period": "month"})[["month", "partner", "sector_group", "imports", "duty"]].to_csv(
    here / "us_collected_monthly.csv", index=False, lineterminator="\n")

annual = pd.read_csv(shared / "outturns/us_totals_annual.csv", dtype={"period": str})
exports = annual[(annual.flow == "exports_total") & (annual.source.str.contains("CENSUS|FT-900"))]
exports = exports.drop_duplicates(["period", "partner"])
world = pd.read_csv(shared / "outturns/us_totals_monthly.csv", dtype={"period": str})
world = world[(world.flow == "exports_total") & (world.partner == "WORLD") & world.period.str.startswith("2025")]
assert len(world) == 12
# 2025 with China: the FT-900 release of 2026-02-19 as published, rounded to 0.1 billion (exports 106.3, imports 308.4, balance -202.1).
exports = pd.concat([exports, pd.DataFrame([{"period": "2025", "partner": "CHN", "value_usd": 106.3e9}])])
exports = pd.concat([exports[~((exports.period == "2025") & (exports.partner == "WORLD"))],
                     pd.DataFrame([{"period": "2025", "partner": "WORLD", "value_usd": world.value_usd.sum()}])])
exports["exports"] = (exports.value_usd / 1e6).round(0).astype(int)
exports.rename(columns={"period": "year"})[["year", "partner", "exports"]].sort_values(["year", "partner"]).to_csv(
    here / "us_exports_annual.csv", index=False, lineterminator="\n")

# Statute: averages over the window. Day-weighted from the announced changes of one tracker (2025, US side) and from the published averages of
# one institute (2018-19 both sides, 2025 China's side; facts/average_tariffs rows A01-A20, A42, A45-A46).
tracker = pd.read_csv(shared / "tariffs/us_country-by-time.csv", parse_dates=["date"])
NAMES = {"CHINA": "CHN", "MEXICO": "MEX", "CANADA": "CAN", "VIETNAM": "VNM", "TAIWAN": "TWN", "EUROPEAN UNION": "EU27", "UNITED KINGDOM": "GBR",
         "JAPAN": "JPN", "KOREA, SOUTH": "KOR", "SOUTH KOREA": "KOR", "INDIA": "IND", "THAILAND": "THA", "MALAYSIA": "MYS", "INDONESIA": "IDN"}
days = pd.date_range("2025-04-01", "2025-11-30")
statute = []
for name, country in tracker.groupby("country_name"):
    if name not in NAMES:
        continue
    daily = country.set_index("date")["effective tariff"].sort_index()
    daily = daily[~daily.index.duplicated(keep="last")].reindex(pd.date_range("2025-01-01", "2025-11-30")).ffill().fillna(0.0)
    before = country["2024 tariff"].iloc[0] / 100
    statute.append(("2025", "USA", NAMES[name], round(before, 4), round(before + daily[days].mean() / 100, 4),
                    "tracker of announced changes, 2024 weights, mean over days of April to November 2025"))

def mean(steps, first, last):
    """Day-weighted mean of a step function [(day, rate), ...] over [first, last]."""
    series = pd.Series(dict((pd.Timestamp(day), rate) for day, rate in steps)).reindex(pd.date_range(steps[0][0], last)).ffill()
    return series[pd.Timestamp(first):].mean()

us_2018 = mean([("2018-09-25", 12.0), ("2019-05-10", 18.3), ("2019-09-01", 21.0)], "2019-01-01", "2019-12-31")
cn_2018 = mean([("2018-09-25", 18.3), ("2019-01-01", 16.5), ("2019-09-01", 21.1)], "2019-01-01", "2019-12-31")
cn_2025 = mean([("2025-01-01", 21.2), ("2025-04-10", 146.0), ("2025-05-14", 32.6)], "2025-01-01", "2025-12-31")
basis = "published averages of PIIE (Bown), day-weighted over "
statute.append(("2018-2019", "USA", "CHN", 0.031, round(us_2018 / 100, 4), basis + "2019; 18.3 from its chart of August 2019"))
statute.append(("2018-2019", "CHN", "USA", 0.080, round(cn_2018 / 100, 4), basis + "2019"))
statute.append(("2025", "CHN", "USA", 0.212, round(cn_2025 / 100, 4), basis + "2025; 146 of 10 April to 13 May from CRS"))
pd.DataFrame(statute, columns=["episode", "importer", "exporter", "rate_before", "rate", "basis"]).sort_values(
    ["episode", "importer", "exporter"]).to_csv(here / "statute_by_episode.csv", index=False, lineterminator="\n")
