//! Which operations are acts of admins: what a unit's admin may read of others within the own subtree.

/// Operations that change who or what there is: units, teams, accounts, assignments, decisions by two. What is done with
/// figures (quotas, baselines, tallies, drives) is not among them: its history stands with the figures themselves.
///
/// A mutation that is new belongs here or in [`OF_THE_WORK`]; a test over the schema asks for it.
pub const OF_ADMINS: &[&str] = &[
    // The tree.
    "foundUnit",
    "reviseUnit",
    "mergeUnits",
    "splitUnit",
    "closeUnit",
    // Teams.
    "formTeams",
    "reviseTeam",
    // Accounts.
    "createAccount",
    "reviseAccount",
    "disableAccount",
    "enableAccount",
    "unlockAccount",
    "issueCode",
    "forceSignIn",
    "endAccountSessions",
    "addServiceKey",
    "revokeServiceKey",
    "bindExternal",
    "unbindExternal",
    "restoreAdmin",
    // Assignments.
    "grantAssignment",
    "confirmAssignments",
    "endAssignment",
    // Decisions by two.
    "proposeChange",
    "approveProposal",
    "rejectProposal",
    "withdrawProposal",
];

/// Operations of the work itself, and those of one's own account.
pub const OF_THE_WORK: &[&str] = &[
    "defineIndicator",
    "defineGroup",
    "createDrive",
    "reviseDrive",
    "openDrive",
    "closeDrive",
    "recordBaselines",
    "recordPrintedFigures",
    "setQuotas",
    "applyCascade",
    "submitTallies",
    "excuseReports",
    "withdrawExcuse",
    "reopenDay",
    "confirmDay",
    "returnDay",
    "importOfficialFigures",
    "setTolerance",
    "settleFigure",
    "recordInspections",
    "commitSample",
    "drawSample",
    "acknowledgeFinding",
    "issuePeriodReport",
    "correctPeriodReport",
    "certifyPeriodReport",
    "exportPeriodReport",
    "drawUpEmulationList",
    "decideEmulation",
    // The own account.
    "signIn",
    "signInExternal",
    "refreshSession",
    "signOut",
    "redeemCode",
    "endSession",
    "endOtherSessions",
    "changePassword",
    "setUpTotp",
    "confirmTotp",
    "removeTotp",
];
