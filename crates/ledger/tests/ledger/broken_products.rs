//! Broken product facts and scopes: each refused with the file, the place and the repair, and none a panic.

use detente_ledger::Ledger;
use detente_ledger::duty::{Estimate, Layer, Scope, ScopeEntry, Setting, Stacking, StackingRule, charge};
use detente_ledger::files::Named;
use detente_ledger::products::{Concordance, LineTable, ProductLibrary, ProductList};
use detente_ledger::tariff::{Tariffs, View};
use jiff::civil::date;
use proptest::prelude::*;
use std::sync::Arc;

const HEAD: &str = "code,base_rate,ad_valorem_equivalent,customs_value_all";

#[test]
fn line_tables() {
    let long_row = format!("{HEAD}\n0101,0,,1,2");
    for (text, place, repair) in [
        ("", "line 1", "start with code"),
        ("code", "line 1", "start with code"),
        ("code,base_rate", "line 1", "start with code"),
        ("kode,base_rate,ad_valorem_equivalent", "line 1", "write `code`"),
        ("code,rate,ad_valorem_equivalent", "line 1", "write `base_rate`"),
        ("code,base_rate,equivalent", "line 1", "write `ad_valorem_equivalent`"),
        ("code,base_rate,ad_valorem_equivalent,value", "line 1", "customs_value_<exporter>"),
        ("code,base_rate,ad_valorem_equivalent,\ncustoms", "line 1", "customs_value_<exporter>"),
        (&format!("{HEAD}\nx,0,,1"), "line 2", "2, 4, 6, 8 or 10 digits"),
        (&format!("{HEAD}\n010,0,,1"), "line 2", "2, 4, 6, 8 or 10 digits"),
        (&format!("{HEAD}\n01012100991,0,,1"), "line 2", "2, 4, 6, 8 or 10 digits"),
        (&format!("{HEAD}\n,0,,1"), "line 2", "2, 4, 6, 8 or 10 digits"),
        (&format!("{HEAD}\n0101"), "line 2", "one cell for each column"),
        (&format!("{HEAD}\n0101,0"), "line 2", "one cell for each column"),
        (&format!("{HEAD}\n0101,0,"), "line 2", "one cell for each column"),
        (&long_row, "line 2", "quote a cell"),
        (&format!("{HEAD}\n0101,0,x,1"), "line 2", "leave it empty"),
        (&format!("{HEAD}\n0101,0,-1,1"), "line 2", "leave it empty"),
        (&format!("{HEAD}\n0101,0,NaN,1"), "line 2", "leave it empty"),
        (&format!("{HEAD}\n0101,0,,inf"), "line 2", "leave it empty"),
        (&format!("{HEAD}\n0101,0,,-5"), "line 2", "leave it empty"),
        (&format!("{HEAD}\n0101,0,,1e999"), "line 2", "leave it empty"),
        (&format!("{HEAD}\n0102,0,,1\n0101,0,,1"), "line 3", "sort by code"),
        (&format!("{HEAD}\n0101,0,,1\n0101,0,,1"), "line 3", "a code stands once"),
        (&format!("{HEAD}\n0101,0,,1\n010121,0,,1"), "line 3", "never beside its parent"),
    ] {
        let said = LineTable::read("mine/lines.csv", text).unwrap_err().to_string();
        assert!(
            said.contains("mine/lines.csv") && said.contains(place) && said.contains(repair),
            "{text:?}: {said}"
        );
    }
}

#[test]
fn lists_and_concordances() {
    for (text, place, repair) in [
        ("", "line 1", "write `code`"),
        ("# only a comment", "line 1", "write `code`"),
        ("codes\n0101", "line 1", "write `code`"),
        ("0101\n0102", "line 1", "write `code`"),
        ("code\n", "line 1", "name at least one code"),
        ("code,share\n", "line 1", "name at least one code"),
        ("code\nabc", "line 2", "2, 4, 6, 8 or 10 digits"),
        ("code\n0101\n123", "line 3", "2, 4, 6, 8 or 10 digits"),
        ("code\n0101,0.5", "line 2", "2, 4, 6, 8 or 10 digits"),
        ("code,share\n0101", "line 2", "write `code,share`"),
        ("code,share\n0101,x", "line 2", "a fraction from 0 to 1"),
        ("code,share\n0101,1.5", "line 2", "a fraction from 0 to 1"),
        ("code,share\n0101,-0.1", "line 2", "a fraction from 0 to 1"),
        ("code,share\n0101,NaN", "line 2", "a fraction from 0 to 1"),
        ("code,share\n0101,0.5\n0101,0.6", "line 3", "keep one"),
        ("code,share\nx,0.5", "line 2", "2, 4, 6, 8 or 10 digits"),
    ] {
        let said = ProductList::read("mine/list.csv", text).unwrap_err().to_string();
        assert!(
            said.contains("mine/list.csv") && said.contains(place) && said.contains(repair),
            "{text:?}: {said}"
        );
    }
    for (text, place, repair) in [
        ("sector,code\nAGR,01", "line 1", "write `code,sector`"),
        ("code,sector\n01", "line 2", "write `code,sector`"),
        ("code,sector\n1,AGR", "line 2", "repair the code"),
        ("code,sector\n01,AGR\n01,FOO", "line 3", "keep one"),
    ] {
        let said = Concordance::read("mine/world.csv", text).unwrap_err().to_string();
        assert!(
            said.contains("mine/world.csv") && said.contains(place) && said.contains(repair),
            "{text:?}: {said}"
        );
    }
}

/// Scopes are refused when the measure is asked about, with the file of the measure.
#[test]
fn scopes() {
    for (scope, repair) in [
        ("[[scope]]", "write `all = true`, `lists` or `codes`"),
        ("[[scope]]\nexcept_codes = [\"6109\"]", "write `all = true`, `lists` or `codes`"),
        ("[[scope]]\nall = true\ncodes = [\"6109\"]", "keep `all`"),
        ("[[scope]]\nall = true\nlists = [\"section-301/list-1\"]", "keep `all`"),
        ("[[scope]]\ncodes = [\"610\"]", "2, 4, 6, 8 or 10 digits"),
        ("[[scope]]\ncodes = [\"shirts\"]", "2, 4, 6, 8 or 10 digits"),
        ("[[scope]]\nall = true\nexcept_codes = [\"x\"]", "2, 4, 6, 8 or 10 digits"),
        ("[[scope]]\nlists = [\"section-301/list-5\"]", "is `products/USA/lists/section-301/list-"),
        ("[[scope]]\nlists = [\"nothing like it\"]", "no file `products/USA/lists/nothing like it.csv`"),
        ("[[scope]]\nall = true\nexcept_lists = [\"annex\"]", "no file `products/USA/lists/annex.csv`"),
        (
            "[[scope]]\nall = true\nvalue_share = { least = 0.5, expected = 0.2, most = 1.0 }",
            "0 <= least <= expected",
        ),
        (
            "[[scope]]\nall = true\nvalue_share = { least = -1.0, expected = 0.2, most = 1.0 }",
            "0 <= least <= expected",
        ),
        ("[[scope]]\nall = true\nvalue_share = { least = 0.0, expected = 0.2, most = 2.0 }", "most <= 1"),
        (
            "[[scope]]\nall = true\nvalue_share = { least = 0.0, expected = nan, most = 1.0 }",
            "0 <= least <= expected",
        ),
        (
            "[[scope]]\nall = true\nvalue_share = { least = 0.0, expected = 0.2, most = 1.0 }",
            "add `question`",
        ),
        (
            "[[scope]]\nall = true\nonly_if = \"new\"\nvalue_share = { least = 1.0, expected = 1.0, most = 1.0 }",
            "or `only_if`",
        ),
    ] {
        let text = format!(
            "id = \"XX\"\ntitle = \"x\"\nimposer = \"USA\"\ntargets = [\"CHN\"]\nauthority = \"x\"\nfamily = \"x\"\nkind = \"tariff\"\n{scope}\n\
             [[entry]]\nchange = \"sets\"\nact = \"x\"\nfrom = \"2026-01-01\"\nrate_pct = 5\nsources = [\"a test\"]\nconfidence = \"low\"\n"
        );
        let mut ledger = Ledger::embedded().unwrap();
        ledger.lay(vec![Named { name: "mine/xx.toml".to_owned(), text: text.into() }]).unwrap();
        let view = View::on_day("USA", "CHN", date(2026, 2, 1));
        let said = Tariffs::new(ledger, Vec::new()).layers(view).unwrap_err().to_string();
        assert!(
            said.contains("mine/xx.toml") && said.contains("`XX`") && said.contains(repair),
            "{scope}: {said}"
        );
    }
}

/// Keys that no reader knows are refused where they stand, with the file.
#[test]
fn unknown_keys_and_rules() {
    for (name, text, named) in [
        ("mine/a.toml", "id = \"XX\"\n[[scope]]\nlist = [\"x\"]\n", "list"),
        ("mine/a.toml", "id = \"XX\"\n[[scope]]\nall = \"yes\"\n", "all"),
        ("mine/a.toml", "id = \"XX\"\n[[scope]]\nvalue_share = 0.5\n", "value_share"),
        ("mine/a.toml", "id = \"XX\"\n[[scope]]\nvalue_share = { least = 0.0, most = 1.0 }\n", "expected"),
        ("mine/stacking.toml", "[[stacking]]\nrule = \"lowest\"\nfamily = \"x\"\nsource = \"x\"\n", "lowest"),
        ("mine/stacking.toml", "[[stacking]]\nrule = \"highest\"\nsource = \"x\"\n", "family"),
        ("mine/stacking.toml", "[[stacking]]\nrule = \"highest\"\nfamily = \"x\"\n", "source"),
        ("mine/stacking.toml", "[[stacking]]\nrule = \"blocks\"\nby = \"x\"\nsource = \"x\"\n", "of"),
        (
            "mine/stacking.toml",
            "[[stacking]]\nrule = \"blocks\"\nby = \"x\"\nof = \"y\"\nfrom = \"soon\"\nsource = \"x\"\n",
            "as year",
        ),
        ("mine/stacking.toml", "[[rules]]\nrule = \"highest\"\n", "rules"),
    ] {
        let mut ledger = Ledger::embedded().unwrap();
        let said =
            ledger.lay(vec![Named { name: name.to_owned(), text: text.into() }]).unwrap_err().to_string();
        assert!(said.contains(name) && said.contains(named), "{text}: {said}");
    }
}

/// A small world of layers on one line, for the algebra of stacking.
fn layers_of(library: &ProductLibrary, made: &[(u8, f64, Estimate)]) -> Vec<Layer> {
    made.iter()
        .enumerate()
        .map(|(at, (family, rate, share))| {
            let entry = ScopeEntry {
                all: true,
                value_share: Some(*share),
                question: Some("which".to_owned()),
                ..ScopeEntry::default()
            };
            let scope = Arc::new(Scope::resolve(&[entry], "USA", library).unwrap());
            let setting = Arc::new(Setting::plain(date(2025, 6, 1)));
            Layer::adding(&format!("i{at}"), &format!("f{family}"), Estimate::exactly(*rate), scope, setting)
        })
        .collect()
}

fn any_share() -> impl Strategy<Value = Estimate> {
    prop_oneof![
        Just(Estimate::WHOLE),
        Just(Estimate::NOTHING),
        (0.0..=1.0f64, 0.0..=1.0f64, 0.0..=1.0f64).prop_map(|(a, b, c)| {
            let mut sorted = [a, b, c];
            sorted.sort_by(f64::total_cmp);
            Estimate { least: sorted[0], expected: sorted[1], most: sorted[2] }
        }),
    ]
}

proptest! {
    #[test]
    fn stacking_keeps_its_bounds_and_its_order(
        made in prop::collection::vec((0u8..3, 0.0..1.5f64, any_share()), 1..7)
    ) {
        static LIBRARY: std::sync::OnceLock<ProductLibrary> = std::sync::OnceLock::new();
        let library = LIBRARY.get_or_init(ProductLibrary::default);
        let table = library.lines("USA").unwrap();
        let line = &table.lines()[100];
        let on = date(2025, 6, 1);
        let highest = StackingRule::highest("f0", "a test");
        let blocks = StackingRule::blocks("f0", "f1", "a test");
        let layers = layers_of(library, &made);
        let sum = |rules: Vec<StackingRule>, layers: &[Layer]| charge(line, layers, &Stacking { rules }, on).added;
        let free = sum(Vec::new(), &layers);
        let ruled = sum(vec![highest.clone(), blocks.clone()], &layers);
        prop_assert!(free.is_sound() && ruled.is_sound());
        // Rules only ever take away.
        prop_assert!(ruled.expected <= free.expected + 1e-12);
        // Without rules layers add up.
        let plain: f64 = made.iter().map(|(_, rate, share)| rate * share.expected).sum();
        prop_assert!((free.expected - plain).abs() < 1e-12);
        // The order in which the record names them does not matter.
        let reversed: Vec<Layer> = layers.iter().rev().cloned().collect();
        let again = sum(vec![blocks, highest.clone()], &reversed);
        prop_assert!((again.expected - ruled.expected).abs() < 1e-12);
        // A family that counts once is never dearer than its dearest layer.
        let family = layers_of(library, &made.iter().copied().map(|(_, rate, share)| (0, rate, share)).collect::<Vec<_>>());
        let once = sum(vec![highest], &family).most;
        let dearest = made.iter().map(|(_, rate, _)| *rate).fold(0.0, f64::max);
        prop_assert!(once <= dearest + 1e-12, "{once} and {dearest}");
    }
}
