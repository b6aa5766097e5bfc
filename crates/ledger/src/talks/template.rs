//! A folder to start a pair of talks from: every file of the format with one row, so that what is written is read at once.

/// A side of the talks: code and name.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// Code, or name of a group.
    pub code: &'a str,
    /// Name for people.
    pub name: &'a str,
    /// Whether the record has tariff lines of it; where it has none the folder gets lines whose base rate is not on record.
    pub has_lines: bool,
}

/// The files of a folder for the talks `id` of two sides, by path below the folder; `today` is the day of the first rows.
///
/// The rows are placeholders that the reader takes and a person replaces: they say so themselves.
pub fn files(id: &str, sides: [Side<'_>; 2], today: jiff::civil::Date) -> Vec<(String, String)> {
    let [one, two] = sides;
    let below = |name: &str| format!("talks/{id}/{name}");
    let after = today.saturating_add(jiff::Span::new().days(90));
    let talks = format!(
        "id = \"{id}\"\ntitle = \"{} and {}: trade talks\"\nseries = \"this series\"   # the name that rounds.csv gives it\n\
         last_evidence = \"{today}\"   # last day on which you looked; later days are shown as not verified\n\n{}{}{}",
        one.name,
        two.name,
        party(one),
        party(two),
        OUTCOMES
    );
    let header = format!(
        "id,series,number,start,end,city,country,kind,lead_{0},others_{0},lead_{1},others_{1},outcome,later,later_known_from,\
         sources,confidence\n",
        one.code, two.code
    );
    let round = format!(
        "R1,this series,1,{today},{today},,,round,,,,,replace this row: what the meeting settled as told when it ended,,,own1,low\n"
    );
    let dated = |text: &str| {
        text.replace("TODAY", &today.to_string())
            .replace("LATER", &after.to_string())
            .replace("ONE", one.code)
    };
    let mut found = vec![
        (below("talks.toml"), talks),
        (below("series.toml"), SERIES.to_owned()),
        (below("rounds.csv"), header + &round),
        (below("frameworks.toml"), dated(FRAMEWORKS)),
        (below("commitments.toml"), dated(COMMITMENTS)),
        (below("deadlines.toml"), dated(DEADLINES)),
        (
            below("positions.csv"),
            "id,date,party,speaker,role,topic,position,quote,sources,confidence\n".to_owned(),
        ),
        ("sources.csv".to_owned(), "id,citation\nown1,replace this: where you read it\n".to_owned()),
    ];
    for side in sides.iter().filter(|side| !side.has_lines) {
        found.push((format!("products/{}/lines.csv", side.code), chapters()));
        found.push((format!("products/{}/lines.toml", side.code), LINES.to_owned()));
    }
    found
}

/// The chapters of the harmonised system as lines without a base rate; chapter 77 is kept free.
fn chapters() -> String {
    let rows = (1..=97).filter(|chapter| *chapter != 77).map(|chapter| format!("{chapter:02},,\n"));
    std::iter::once("code,base_rate,ad_valorem_equivalent\n".to_owned()).chain(rows).collect()
}

fn party(side: Side<'_>) -> String {
    format!("[[party]]\ncode = \"{}\"\nname = \"{}\"\n\n", side.code, side.name)
}

const LINES: &str = "# Base rates are not on record: write them by line in lines.csv, and the importer's trade by partner as columns.\n\
base = \"not on record\"\nsource = \"replace this: the schedule\"\nconfidence = \"low\"\ncurrency = \"USD\"\nleft_out = []\n\n\
[weights]\n";

const OUTCOMES: &str = "[[outcome]]\nname = \"hold\"\nkind = \"in-force\"\ndescription = \"today's measures continue\"\n\n\
[[outcome]]\nname = \"lapse by law\"\nkind = \"lapse\"\n\
description = \"nobody signs and what the texts and the law hold for the next deadline comes about\"\n";

const SERIES: &str = "[[series]]\nname = \"this series\"\ntitle = \"This series of talks\"\nshort = \"this series\"\ncurrent = true\n\
counts = [\"round\"]\ncounting_rule = \"numbered rounds; calls and statements are not counted\"\n";

const FRAMEWORKS: &str = "[[framework]]\nid = \"first\"\nname = \"First\"\ndate = \"TODAY\"\nrounds = [\"R1\"]\n\
settled = \"replace this: what was settled\"\n";

const COMMITMENTS: &str = "[[commitment]]\nid = \"K1\"\nframework = \"First\"\nmade = \"TODAY\"\nby = \"ONE\"\ntopic = \"tariffs\"\n\
what = \"replace this: what was promised\"\ndue = \"LATER\"\nsources = [\"own1\"]\nconfidence = \"low\"\n";

const DEADLINES: &str = "[[deadline]]\nid = \"D1\"\nkind = \"tariff\"\ndate = \"LATER\"\nknown_from = \"TODAY\"\nside = \"both\"\n\
instrument = \"replace this: what it belongs to\"\nset_by = \"First\"\nlapses = \"replace this: what returns or ends\"\n\
sources = [\"own1\"]\nconfidence = \"low\"\n";
