//! Inputs about units.

use async_graphql::{Enum, ID, InputObject, OneofObject};
use caodiem_domain::text::{UnitCode, UnitName};
use caodiem_domain::unit::{self, UnitPredicate};

use crate::filter::{LIST_MAX, Parts, Where};
use crate::ids::key_of;
use crate::inputs::Check;
use crate::objects::unit::{Level, UnitKind};
use crate::scalars::Date;

/// How one unit is named. Exactly one field.
#[derive(OneofObject)]
pub(crate) enum UnitSelector {
    /// By its id.
    Id(ID),
    /// By official code on a day.
    Code(UnitCodeSelector),
    /// By a path of names on a day.
    Path(UnitPathSelector),
}

/// A unit by its official code.
#[derive(InputObject)]
pub(crate) struct UnitCodeSelector {
    /// Official code with leading zeros.
    pub(crate) code: String,
    /// On which day; codes are reused over time. Today when absent.
    pub(crate) on: Option<Date>,
}

/// A unit by names, outermost first: `["Lạng Sơn", "Bình Gia", "Tân Văn"]`.
#[derive(InputObject)]
pub(crate) struct UnitPathSelector {
    /// The names, 1 to 6; each is found under the one before it, at any depth.
    pub(crate) names: Vec<String>,
    /// On which day. Today when absent.
    pub(crate) on: Option<Date>,
}

/// The orders of a list of units.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "unit::UnitOrder")]
pub(crate) enum UnitOrder {
    /// By official code, ascending.
    Code,
    /// By name without diacritics, ascending.
    Name,
    /// By place in the tree: a unit before those under it.
    Path,
}

/// Narrows a list of units. All given fields hold together.
#[derive(InputObject)]
pub(crate) struct UnitWhere {
    /// All of these hold.
    and: Option<Vec<UnitWhere>>,
    /// At least one of these holds.
    or: Option<Vec<UnitWhere>>,
    /// This does not hold.
    not: Option<Box<UnitWhere>>,
    /// One of these official codes; at most 100.
    code: Option<Vec<String>>,
    /// This name, without regard to case, diacritics and tone marks.
    name: Option<String>,
    /// One of these kinds.
    kind: Option<Vec<UnitKind>>,
    /// One of these tiers.
    level: Option<Vec<Level>>,
    /// Directly under this unit.
    parent: Option<ID>,
    /// This unit and all under it, by the tree as it stands.
    under: Option<ID>,
    /// Made up, or not.
    synthetic: Option<bool>,
}

impl Where for UnitWhere {
    type Predicate = UnitPredicate;

    fn parts(self, check: &mut Check) -> Parts<Self, UnitPredicate> {
        check.at_most("code", self.code.as_deref().unwrap_or_default(), LIST_MAX);
        check.at_most("kind", self.kind.as_deref().unwrap_or_default(), LIST_MAX);
        check.at_most("level", self.level.as_deref().unwrap_or_default(), LIST_MAX);
        let codes = self.code.map(|codes| check.each("code", codes, |code| UnitCode::new(&code)));
        let name = check.optional("name", self.name, |name| UnitName::new(name)).flatten();
        let parent = check.optional("parent", self.parent, key_of).flatten();
        let under = check.optional("under", self.under, key_of).flatten();
        let is = [
            codes.flatten().map(UnitPredicate::Code),
            name.map(UnitPredicate::Name),
            self.kind.map(|kinds| UnitPredicate::Kind(kinds.into_iter().map(Into::into).collect())),
            self.level.map(|levels| UnitPredicate::Level(levels.into_iter().map(Into::into).collect())),
            parent.map(UnitPredicate::Parent),
            under.map(UnitPredicate::Under),
            self.synthetic.map(UnitPredicate::Synthetic),
        ];
        Parts { and: self.and, or: self.or, not: self.not, is: is.into_iter().flatten().collect() }
    }
}
