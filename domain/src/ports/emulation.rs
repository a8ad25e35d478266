//! Emulation lists and the council's decisions.

use std::collections::BTreeMap;

use crate::access::Scope;
use crate::emulation::decision::Decision;
use crate::emulation::list::{EmulationList, EmulationListPredicate};
use crate::emulation::sheet::Sheet;
use crate::error::StoreError;
use crate::id::EmulationListId;
use crate::page::{Filter, Page, PageRequest};

/// Reading lists. Whether the text is the one that was hashed is for [`EmulationList::sheet`] to say.
pub trait ReadEmulation {
    /// Lists whose unit is in scope, by id; missing ones are left out.
    fn emulation_lists_by_id(
        &mut self,
        scope: &Scope,
        ids: &[EmulationListId],
    ) -> Result<BTreeMap<EmulationListId, EmulationList>, StoreError>;

    /// A page of lists whose unit is in scope, newest first.
    fn list_emulation_lists(
        &mut self,
        scope: &Scope,
        filter: &Filter<EmulationListPredicate>,
        page: &PageRequest,
    ) -> Result<Page<EmulationList>, StoreError>;

    /// How many lists in scope fit.
    fn count_emulation_lists(
        &mut self,
        scope: &Scope,
        filter: &Filter<EmulationListPredicate>,
    ) -> Result<u64, StoreError>;

    /// All decisions on the candidates of these lists, by list, unit and version. Unscoped: who sees a list sees them.
    fn emulation_decisions(
        &mut self,
        lists: &[EmulationListId],
    ) -> Result<BTreeMap<EmulationListId, Vec<Decision>>, StoreError>;
}

/// Writing lists and decisions: they are only ever added.
pub trait WriteEmulation {
    /// Adds a list with its candidates, which are those of the sheet that it froze.
    fn insert_emulation_list(&mut self, list: &EmulationList, sheet: &Sheet) -> Result<(), StoreError>;

    /// Adds a decision.
    ///
    /// # Errors
    /// A conflict where the version is taken, where the unit is no candidate of the list or stands there otherwise than the
    /// decision says, and where it commends a candidate that is out of the running.
    fn insert_emulation_decision(&mut self, decision: &Decision) -> Result<(), StoreError>;
}
