//! Lists that were drawn up: a sheet, frozen. Nothing of one is ever changed, and nothing is read of one whose text is not
//! the one that was hashed.

use sha2::{Digest, Sha256};

use super::content;
use super::sheet::Sheet;
use crate::audit::hex;
use crate::id::{AccountId, DriveId, EmulationListId, UnitId};
use crate::problem::{Code, Problem};
use crate::text::Subject;
use crate::time::Instant;

/// Who drew a list up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Author {
    /// The account; 0 for the host.
    pub account: AccountId,
    /// Its login.
    pub login: Subject,
}

/// A list as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EmulationList {
    /// Its key, and the number it goes by.
    pub id: EmulationListId,
    /// Of which drive.
    pub drive: DriveId,
    /// The unit whose units are its candidates. Who sees the unit sees the list.
    pub unit: UnitId,
    /// Who drew it up.
    pub author: Author,
    /// When: what its figures were known at.
    pub drawn_at: Instant,
    /// The frozen text.
    pub content: String,
    /// SHA-256 over the text.
    pub hash: [u8; 32],
}

impl EmulationList {
    /// Freezes a sheet.
    #[must_use]
    pub fn freeze(id: EmulationListId, author: Author, sheet: &Sheet) -> Self {
        let content = content::encode(sheet, &author);
        let hash = Sha256::digest(content.as_bytes()).into();
        let about = &sheet.about;
        Self { id, drive: about.drive, unit: about.unit, author, drawn_at: about.known_at, content, hash }
    }

    /// The sheet, as it was frozen.
    ///
    /// # Errors
    /// [`Code::EmulationAltered`] when the text is not the one that was hashed, or speaks of something else.
    pub fn sheet(&self) -> Result<Sheet, Problem> {
        let reckoned: [u8; 32] = Sha256::digest(self.content.as_bytes()).into();
        let read = (reckoned == self.hash).then(|| content::decode(&self.content)).flatten();
        let is_own = |(sheet, author): &(Sheet, Author)| {
            let about = &sheet.about;
            let of = (about.drive, about.unit, about.known_at);
            of == (self.drive, self.unit, self.drawn_at) && *author == self.author
        };
        let altered = || Problem::new(Code::EmulationAltered).at("list");
        read.filter(is_own).map(|(sheet, _)| sheet).ok_or_else(altered)
    }

    /// The hash as it goes on record.
    #[must_use]
    pub fn digest(&self) -> String {
        format!("sha256:{digits}", digits = hex(&self.hash))
    }
}

/// What lists can be narrowed by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EmulationListPredicate {
    /// Of this drive.
    Drive(DriveId),
    /// Of one of these units.
    Unit(Vec<UnitId>),
    /// Of this unit or any under it.
    Under(UnitId),
}
