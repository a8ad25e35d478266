//! A sheet as text, for keeping and hashing ([`crate::frozen`]). Figures stand as exact fractions; the same sheet always gives
//! the same text, and what is not such a text is not read.

use super::list::Author;
use super::sheet::{About, Candidate, Sheet, Tolerated};
use super::{Facts, Judgement, Proposed, Terms};
use crate::comparison::Agreement;
use crate::exact::Exact;
use crate::frozen::{self, Records, finding, maybe, moment, optional, write_finding};
use crate::id::{AccountId, DriveId, GroupId, IndicatorId, PhaseId, UnitId};
use crate::problem::Problem;
use crate::progress::{FigureBasis, RankMeasure};
use crate::reporting::rates::Rates;
use crate::text::Subject;
use crate::time::DayRange;
use crate::unit::Level;

/// The first record. Another form of the text gets another number.
const FIRST: [&str; 2] = ["caodiem emulation list", "1"];

/// Values with the words that are frozen.
type Words<T> = [(T, &'static str)];

const BASES: &Words<FigureBasis> =
    &[(FigureBasis::Reported, "REPORTED"), (FigureBasis::Verified, "VERIFIED"), (FigureBasis::Official, "OFFICIAL")];
const MEASURES: &Words<RankMeasure> =
    &[(RankMeasure::Share, "SHARE"), (RankMeasure::Done, "DONE"), (RankMeasure::Remaining, "REMAINING")];
const LEVELS: &Words<Level> = &[
    (Level::Country, "COUNTRY"),
    (Level::Province, "PROVINCE"),
    (Level::District, "DISTRICT"),
    (Level::Commune, "COMMUNE"),
    (Level::Village, "VILLAGE"),
    (Level::Organisation, "ORGANISATION"),
];
const AGREEMENTS: &Words<Agreement> =
    &[(Agreement::Within, "WITHIN"), (Agreement::Beyond, "BEYOND"), (Agreement::Incomparable, "INCOMPARABLE")];
const PROPOSALS: &Words<Proposed> =
    &[(Proposed::Commend, "COMMEND"), (Proposed::Criticise, "CRITICISE"), (Proposed::None, "NONE")];

fn word<T: PartialEq>(words: &Words<T>, value: &T) -> String {
    words.iter().find(|(known, _)| known == value).map(|(_, word)| (*word).to_owned()).unwrap_or_default()
}

fn of_word<T: Copy>(words: &Words<T>, word: &str) -> Option<T> {
    words.iter().find(|(_, known)| *known == word).map(|(value, _)| *value)
}

/// The text of a sheet that somebody drew up.
pub(super) fn encode(sheet: &Sheet, author: &Author) -> String {
    let mut out = String::new();
    frozen::write(&FIRST, &mut out);
    for (name, value) in head(&sheet.about) {
        frozen::write(&[name, &value], &mut out);
    }
    let tolerated = sheet.about.tolerated.as_ref();
    let [percent, absolute] =
        [optional(tolerated.map(|one| &one.percent)), optional(tolerated.map(|one| one.absolute))];
    frozen::write(&["tolerated", &percent, &absolute], &mut out);
    frozen::write(&["author", &author.account.get().to_string(), author.login.as_str()], &mut out);
    for candidate in &sheet.candidates {
        let Candidate { unit, code, name, facts, judgement } = candidate;
        frozen::write(&["candidate", &unit.get().to_string(), code, name], &mut out);
        let cells = figures(facts);
        let cells: Vec<&str> = std::iter::once("facts").chain(cells.iter().map(String::as_str)).collect();
        frozen::write(&cells, &mut out);
        frozen::write(&["proposed", &word(PROPOSALS, &judgement.proposed)], &mut out);
        for reason in &judgement.reasons {
            write_finding("reason", reason, &mut out);
        }
    }
    out
}

/// The sheet of a text, and who drew it up; `None` for text that [`encode`] did not make.
pub(super) fn decode(text: &str) -> Option<(Sheet, Author)> {
    let records = frozen::read(text)?;
    let mut records = Records::of(&records);
    if records.next()? != FIRST {
        return None;
    }
    let about = about(&mut records)?;
    let [account, login] = records.next_of("author")?;
    let author = Author { account: AccountId::new(account.parse().ok()?), login: Subject::new(login).ok()? };
    let mut candidates = Vec::new();
    while let Some([unit, code, name]) = records.next_of("candidate") {
        let facts = facts(records.next_of("facts")?)?;
        let proposed = of_word(PROPOSALS, records.value("proposed")?)?;
        let mut reasons: Vec<Problem> = Vec::new();
        while let Some(fields) = records.any_of("reason") {
            reasons.push(finding(fields)?);
        }
        let judgement = Judgement { proposed, reasons };
        let unit = UnitId::new(unit.parse().ok()?);
        candidates.push(Candidate { unit, code: code.clone(), name: name.clone(), facts, judgement });
    }
    records.is_at_end().then_some((Sheet { about, candidates }, author))
}

fn head(about: &About) -> [(&'static str, String); 14] {
    let terms = &about.terms;
    [
        ("drive", about.drive.get().to_string()),
        ("unit", about.unit.get().to_string()),
        ("level", about.level.map(|level| word(LEVELS, &level)).unwrap_or_default()),
        ("phase", optional(about.phase.map(PhaseId::get))),
        ("indicator", about.indicator.get().to_string()),
        ("group", about.group.get().to_string()),
        ("from", about.days.from().to_string()),
        ("to", about.days.to().to_string()),
        ("basis", word(BASES, &terms.basis)),
        ("measure", word(MEASURES, &terms.measure)),
        ("min_quota", terms.min_quota.to_string()),
        ("allowed_silent", terms.allowed_silent.to_string()),
        ("allowed_late", terms.allowed_late.to_string()),
        ("known_at", moment(about.known_at)),
    ]
}

fn about(records: &mut Records<'_>) -> Option<About> {
    let drive = DriveId::new(records.parsed("drive")?);
    let unit = UnitId::new(records.parsed("unit")?);
    let level = match records.value("level")? {
        "" => None,
        level => Some(of_word(LEVELS, level)?),
    };
    let phase = records.maybe("phase")?.map(PhaseId::new);
    let indicator = IndicatorId::new(records.parsed("indicator")?);
    let group = GroupId::new(records.parsed("group")?);
    let days = DayRange::new(records.parsed("from")?, records.parsed("to")?).ok()?;
    let terms = Terms {
        basis: of_word(BASES, records.value("basis")?)?,
        measure: of_word(MEASURES, records.value("measure")?)?,
        min_quota: Exact::parse(records.value("min_quota")?).ok()?,
        allowed_silent: records.parsed("allowed_silent")?,
        allowed_late: records.parsed("allowed_late")?,
    };
    let known_at = records.parsed("known_at")?;
    let tolerated = match records.next_of("tolerated")?.map(String::as_str) {
        ["", ""] => None,
        [percent, absolute] => {
            Some(Tolerated { percent: Exact::parse(percent).ok()?, absolute: absolute.parse().ok()? })
        }
    };
    Some(About { drive, unit, level, phase, indicator, group, days, terms, tolerated, known_at })
}

fn figures(facts: &Facts) -> [String; 18] {
    let rates = facts.rates;
    [
        optional(facts.quota.as_ref()),
        facts.opening.to_string(),
        optional(facts.done),
        optional(facts.value.as_ref()),
        optional(facts.place),
        facts.of.to_string(),
        facts.tied.to_string(),
        rates.expected().to_string(),
        rates.actual().to_string(),
        rates.on_time().to_string(),
        rates.excused().to_string(),
        optional(facts.reported),
        optional(facts.verified),
        optional(facts.official),
        word(AGREEMENTS, &facts.agreement),
        facts.inspected_untrue.to_string(),
        facts.settled_untrue.to_string(),
        optional(facts.settled),
    ]
}

fn facts(fields: [&String; 18]) -> Option<Facts> {
    #[rustfmt::skip]
    let [quota, opening, done, value, place, of, tied, expected, actual, on_time, excused, reported, verified, official,
        agreement, inspected_untrue, settled_untrue, settled] = fields;
    let exact = |field: &str| if field.is_empty() { Some(None) } else { Exact::parse(field).ok().map(Some) };
    Some(Facts {
        quota: exact(quota)?,
        opening: opening.parse().ok()?,
        done: maybe(done)?,
        value: exact(value)?,
        place: maybe(place)?,
        of: of.parse().ok()?,
        tied: tied.parse().ok()?,
        rates: Rates::new(expected.parse().ok()?, actual.parse().ok()?, on_time.parse().ok()?, excused.parse().ok()?),
        reported: maybe(reported)?,
        verified: maybe(verified)?,
        official: maybe(official)?,
        agreement: of_word(AGREEMENTS, agreement)?,
        inspected_untrue: inspected_untrue.parse().ok()?,
        settled_untrue: settled_untrue.parse().ok()?,
        settled: maybe(settled)?,
    })
}
