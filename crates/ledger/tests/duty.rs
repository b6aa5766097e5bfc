//! Duties on single lines, each derived by hand from the notices that it cites.

use detente_ledger::duty::{Answer, Question};
use detente_ledger::schedule::Reading;
use detente_ledger::tariff::Tariffs;
use std::sync::OnceLock;

fn tariffs() -> &'static Tariffs {
    static HELD: OnceLock<Tariffs> = OnceLock::new();
    HELD.get_or_init(|| Tariffs::embedded().unwrap())
}

fn ask(code: &str, from: &str, to: &str, on: &str) -> Answer {
    let on = on.parse().unwrap();
    let question =
        Question { code: code.parse().unwrap(), from, to, on, known_on: on, value: None, quantity: None };
    tariffs().duty(&question, Reading::Stated).unwrap()
}

fn to_usa(code: &str, on: &str) -> Answer {
    ask(code, "CHN", "USA", on)
}

/// The five public examples: `shared/facts/worked_examples.csv` W1 to W5 and `facts-to-duty.md`, section 5.
#[test]
fn the_five_public_examples() {
    for (code, on, total) in [
        // 16.5 base + 7.5 List 4A (85 FR 3741) + 20 fentanyl (EO 14228) + 125 reciprocal (EO 14266).
        ("6109.10.00", "2025-04-20", 169.0),
        // 16.5 + 7.5 + 12.5 forced labour (91 FR 47318); IEEPA ended, Section 122 lapsed.
        ("6109.10.00", "2026-08-01", 36.5),
        // 2.5 + 100 note 31(d) (89 FR 76581) + 25 automobiles (Proclamation 10908), which blocks reciprocal + 20.
        ("8703.80.00", "2025-04-20", 147.5),
        // 0 + 50 note 31(f) (89 FR 101682) + 20; chips are in Annex II.
        ("8542.31.00", "2025-06-01", 70.0),
        // 0 + 10 fentanyl (after EO 14357); List 4B never collected, computers in Annex II.
        ("8471.30.01", "2025-12-01", 10.0),
    ] {
        assert_eq!(to_usa(code, on).total_pct, Some(total), "{code} on {on}");
    }
}

/// Why a layer does not apply is part of the answer.
#[test]
fn what_does_not_apply_says_why() {
    let why = |code: &str, on: &str, measure: &str| {
        let answer = to_usa(code, on);
        let part = answer.parts.iter().find(|part| part.measure.contains(measure)).unwrap();
        assert!(!part.applies, "{measure}");
        part.why.clone()
    };
    assert_eq!(why("8542.31.00", "2025-06-01", "reciprocal"), "exempt: ieepa/annex-ii-exempt");
    assert_eq!(why("8703.80.00", "2025-04-20", "reciprocal"), "blocked by Section 232 automobiles");
    assert!(why("8703.80.00", "2025-04-20", "List 1").contains("note 31(d)"));
    assert!(why("8471.30.01", "2025-12-01", "List 4B").contains("before effect"));
    assert!(why("6109.10.00", "2026-08-01", "fentanyl").contains("Learning Resources"));
}
