//! Units: nodes of the tree that quotas and tallies belong to, in dated versions with a lineage.
//!
//! A unit keeps its id through a rename, a new code, a new kind or a new parent: those are *versions*. A merge or a
//! split ends units and begins others: that is *lineage*. Facts are never moved; they are read as the tree was, or
//! restated onto the tree of another day.

pub mod name;
pub mod restate;
pub mod tree;

use std::fmt;

use crate::exact::Exact;
use crate::id::UnitId;
use crate::problem::{Code, Problem};
use crate::text::{LegalBasis, UnitCode, UnitName};
use crate::time::Day;

/// The tiers of the tree, from the country down. Two tiers since 2025-07-01 have no [`Level::District`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// The root.
    Country,
    /// Tỉnh, thành phố trực thuộc trung ương.
    Province,
    /// Huyện, quận, thị xã, thành phố thuộc tỉnh; until 2025-06-30.
    District,
    /// Xã, phường, thị trấn, đặc khu.
    Commune,
    /// Thôn, xóm, ấp, khu phố, tổ dân phố.
    Village,
    /// Sở, ban, ngành, school, armed forces, company, mass organisation: at any place in the tree.
    Organisation,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $label:literal, $level:ident;)+) => {
        /// What a unit is, as official names say it.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum UnitKind { $($(#[$doc])* $name,)+ }

        impl UnitKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The Vietnamese word that stands before the name, in lower case.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)+ }
            }

            /// Its tier.
            #[must_use]
            pub const fn level(self) -> Level {
                match self { $(Self::$name => Level::$level,)+ }
            }
        }
    };
}

kinds! {
    /// The root of the tree.
    Country = "nước", Country;
    /// Tỉnh.
    Province = "tỉnh", Province;
    /// Thành phố trực thuộc trung ương.
    CentralCity = "thành phố", Province;
    /// Huyện.
    RuralDistrict = "huyện", District;
    /// Quận.
    UrbanDistrict = "quận", District;
    /// Thị xã.
    DistrictTown = "thị xã", District;
    /// Thành phố thuộc tỉnh.
    ProvincialCity = "thành phố", District;
    /// Xã.
    RuralCommune = "xã", Commune;
    /// Phường.
    Ward = "phường", Commune;
    /// Thị trấn.
    Township = "thị trấn", Commune;
    /// Đặc khu.
    SpecialZone = "đặc khu", Commune;
    /// Thôn.
    Village = "thôn", Village;
    /// Xóm.
    Hamlet = "xóm", Village;
    /// Ấp.
    SouthernHamlet = "ấp", Village;
    /// Khu phố.
    Quarter = "khu phố", Village;
    /// Tổ dân phố.
    ResidentialGroup = "tổ dân phố", Village;
    /// An organisation placed in the tree.
    Organisation = "tổ chức", Organisation;
}

impl UnitKind {
    /// The kind that `label` names at `level`; "thành phố" is a province or a district.
    #[must_use]
    pub fn from_label(label: &str, level: Level) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.level() == level && kind.label() == label)
    }

    /// Whether a unit of this kind may stand directly under `parent`.
    ///
    /// Tiers only descend, and may be skipped: a special zone stands under its province, a commune too since 2025.
    #[must_use]
    pub fn may_stand_under(self, parent: Self) -> bool {
        match (self.level(), parent.level()) {
            (Level::Organisation, _) => true,
            (Level::Country, _) | (_, Level::Organisation | Level::Village) => false,
            (own, above) => above < own,
        }
    }
}

/// The place of a unit in the tree as it stands: a fixed-width segment per ancestor, the unit's own last.
///
/// A prefix is a subtree. Closed units keep the place they had. Access scopes are sets of such prefixes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct UnitPath(String);

impl UnitPath {
    const SEGMENT: usize = 9;

    /// The path of `unit` under `parent`, or of a root.
    #[must_use]
    pub fn under(parent: Option<&Self>, unit: UnitId) -> Self {
        let above = parent.map_or("", |path| path.0.as_str());
        Self(format!("{above}{id:08x}/", id = unit.get()))
    }

    /// Reads a stored path.
    ///
    /// # Errors
    /// [`Code::BadCharacters`] when it was not made by [`Self::under`].
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let whole = !text.is_empty() && text.len().is_multiple_of(Self::SEGMENT);
        let fits = whole
            && text.bytes().enumerate().all(|(at, byte)| {
                if at % Self::SEGMENT == Self::SEGMENT - 1 { byte == b'/' } else { byte.is_ascii_hexdigit() }
            });
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(Problem::new(Code::BadCharacters).with("allowed", "0-9 a-f /"))
        }
    }

    /// The text as stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first text after every path of this subtree, for range conditions: `[self, upper_bound)`.
    #[must_use]
    pub fn upper_bound(&self) -> String {
        format!("{path}g", path = self.0)
    }

    /// Whether `other` is this unit or stands under it.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The path after the subtree `from` was moved to `to`; `None` when this path is not in it.
    #[must_use]
    pub fn moved(&self, from: &Self, to: &Self) -> Option<Self> {
        self.0.strip_prefix(&from.0).map(|rest| Self(format!("{to}{rest}", to = to.0)))
    }

    /// The unit itself and those above it, from the root down.
    pub fn ids(&self) -> impl Iterator<Item = UnitId> {
        let segments = self.0.split_terminator('/');
        segments.filter_map(|segment| i64::from_str_radix(segment, 16).ok().map(UnitId::new))
    }

    /// How many units stand above.
    #[must_use]
    pub fn depth(&self) -> usize {
        (self.0.len() / Self::SEGMENT).saturating_sub(1)
    }
}

impl fmt::Display for UnitPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// One dated state of a unit. Append-only; the only later change is the end of its validity.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnitVersion {
    /// Whose version.
    pub unit: UnitId,
    /// 1, 2, 3 … within the unit.
    pub number: i32,
    /// Official code; unique on a day, reused over time.
    pub code: UnitCode,
    /// Name without kind.
    pub name: UnitName,
    /// What it is.
    pub kind: UnitKind,
    /// The unit above, `None` for a root.
    pub parent: Option<UnitId>,
    /// First day of validity.
    pub valid_from: Day,
    /// First day no longer valid; `None` while it stands.
    pub valid_to: Option<Day>,
    /// The act it rests on.
    pub legal_basis: Option<LegalBasis>,
}

impl UnitVersion {
    /// Kind and name as officials write them: `Thị trấn Bình Gia`.
    #[must_use]
    pub fn full_name(&self) -> String {
        if self.kind == UnitKind::Country || self.kind == UnitKind::Organisation {
            return self.name.to_string();
        }
        let label = self.kind.label();
        let mut letters = label.chars();
        let initial = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
        format!("{initial}{rest} {name}", rest = letters.as_str(), name = self.name)
    }

    /// Whether it is valid on the day.
    #[must_use]
    pub fn is_valid_on(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|end| day < end)
    }
}

/// A unit: identity, place, and the version that was asked for (the latest unless a day was named).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unit {
    /// Identity for all time.
    pub id: UnitId,
    /// Place in the tree as it stands.
    pub path: UnitPath,
    /// Whether it was made up for tests or a demonstration.
    pub synthetic: bool,
    /// First day no longer existing; `None` while it stands.
    pub closed_on: Option<Day>,
    /// Number of the latest version: the `version` clients send back as `expectedVersion`.
    pub latest: i32,
    /// The version in question.
    pub version: UnitVersion,
}

/// How one unit became another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LineageMode {
    /// The whole of it went into the other.
    Merge,
    /// It ended, and this is one of several successors.
    Split,
    /// It lives on, and gave a part of itself to the other.
    Transfer,
}

/// An edge of the lineage. Append-only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lineage {
    /// Predecessor.
    pub from: UnitId,
    /// Successor.
    pub to: UnitId,
    /// First day of the new state.
    pub on: Day,
    /// How.
    pub mode: LineageMode,
    /// The part of the predecessor's figures that goes along, `0..=1`. `None` when no source gives it: whatever rests
    /// on it is then an estimate. A merge is always 1.
    pub share: Option<Exact>,
}

/// What lists of units can be narrowed by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum UnitPredicate {
    /// One of these codes.
    Code(Vec<UnitCode>),
    /// The name, without regard to case, diacritics and tone marks.
    Name(UnitName),
    /// One of these kinds.
    Kind(Vec<UnitKind>),
    /// One of these tiers.
    Level(Vec<Level>),
    /// Directly under this unit.
    Parent(UnitId),
    /// This unit and all under it, by the tree as it stands.
    Under(UnitId),
    /// Made up, or not.
    Synthetic(bool),
}

/// The orders of a list of units; the id breaks ties.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnitOrder {
    /// By code, ascending.
    Code,
    /// By the name without diacritics, ascending.
    Name,
    /// By place in the tree.
    Path,
}
