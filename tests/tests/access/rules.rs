//! The rules of who may do what as people wrote them (`access.md`), apart from the code: a matrix that was printed from a
//! mistake does not pass.

use caodiem_domain::access::Role;

/// What the rules say of a group of operations and a role.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Rule {
    /// Never.
    Never,
    /// Under conditions that other tests show.
    Conditional,
    /// In scope.
    Allowed,
}

/// `+` allowed in scope, `?` with a condition, `-` never; roles in the order of the page.
const RULES: &str = "
                 SYS UA PL RP VF AN IN AU BG
# as access.md states them
roots            ?   -  -  -  -  -  -  -  -   Root units, merges and splits
below            ?   +  -  -  -  -  ?  -  -   Create / rename / close units below own
reparent         ?   ?  -  -  -  -  -  -  -   Re-parent a unit
accounts         ?   +  -  -  -  -  -  -  ?   Users and session cut-off of others; the emergency entry looks for whom it restores
own              ?   ?  ?  ?  ?  ?  -  ?  ?   Own devices
team-keep        -   +  -  -  -  -  -  -  -   Teams
grants           ?   ?  -  -  -  -  -  -  -   Grant / revoke roles
machines         ?   ?  -  -  -  -  -  -  -   Create service account
drives           -   -  +  -  -  -  -  -  -   Campaign create / edit / close
quota-set        -   -  +  -  -  -  ?  -  -   Quota set (before opening)
quota-change     -   -  ?  -  -  -  -  -  -   Quota change (after opening)
tally            -   -  -  +  -  -  ?  -  -   Submit / revise tally
progress         -   +  +  +  +  +  +  -  -   Progress and aggregates in scope
reopen           -   -  ?  -  -  -  -  -  -   Reopen a day
audit            ?   ?  ?  ?  ?  ?  ?  +  ?   Read audit; one's own acts are everybody's to read
# what the page takes for granted: nobody works without seeing the tree, and plans with their figures
self             +   +  +  +  +  +  +  +  +   Who one is
tree             +   +  +  +  +  +  +  +  -   Units and the catalogue
board            -   +  +  +  +  +  +  -  -   Drives with their plan
baselines        -   -  +  -  +  +  -  -  -   Baselines
quotas           -   -  +  +  +  +  +  -  -   Quotas and plan tables
teams            -   +  +  +  +  -  +  -  -   Teams and members
tallies          -   -  +  +  +  -  +  -  -   Tallies
catalogue        ?   -  +  -  -  -  -  -  -   Extending the catalogue
extract          -   -  +  -  +  -  ?  -  -   Load figures; a plan's baselines are its planner's as well
official         -   -  +  -  +  +  ?  -  -   Official figures beside reported ones
load             -   -  -  -  +  -  ?  -  -   Load national-extract figures
verify           -   -  -  -  ?  -  -  -  -   Verify, draw samples, settle
reports          -   -  +  -  +  +  -  -  -   Period reports, whose figures lie within progress
report-issue     -   -  +  -  -  -  -  -  -   Issuing, correcting and certifying them
emulation        -   -  +  -  +  +  -  -  -   Candidates for commendation and criticism, with official figures
emulation-act    -   -  +  -  -  -  -  -  -   Drawing lists up, putting in what the council decided
restore          -   -  -  -  -  -  -  -  +   The emergency entry restores one system admin
excuse           -   -  ?  -  -  -  -  -  -   Excusing silence in a drive of one's own
confirm          -   -  ?  ?  -  -  -  -  -   Confirming and returning reports of those below
decide           ?   -  ?  -  -  -  -  -  -   Decisions by two: roots, quota changes, grants
door             ?   ?  ?  ?  ?  ?  ?  ?  ?   Signing in: everybody, known or not
";

/// What the rules say where one of several groups suffices.
///
/// # Panics
/// When a group is not in the table.
pub(crate) fn of(groups: &[String], role: Role) -> Rule {
    groups.iter().map(|group| one(group, role)).max().expect("a group")
}

fn one(group: &str, role: Role) -> Rule {
    let column = Role::ALL.iter().position(|other| *other == role).expect("a column");
    let line = RULES.lines().find(|line| line.split_whitespace().next() == Some(group));
    let line = line.unwrap_or_else(|| panic!("{group} is not in the rules"));
    match line.split_whitespace().nth(column + 1) {
        Some("+") => Rule::Allowed,
        Some("?") => Rule::Conditional,
        Some("-") => Rule::Never,
        other => panic!("{group}: {other:?}"),
    }
}

#[test]
fn every_group_speaks_of_every_role() {
    let lines = RULES.lines().filter(|line| !line.is_empty() && !line.starts_with([' ', '#']));
    for group in lines.filter_map(|line| line.split_whitespace().next()) {
        for role in Role::ALL {
            one(group, *role);
        }
    }
    assert_eq!(one("tally", Role::Reporter), Rule::Allowed);
    assert_eq!(one("tally", Role::Auditor), Rule::Never);
}
