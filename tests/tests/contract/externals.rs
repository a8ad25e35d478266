//! Bindings to subjects of other issuers, and signing in by their tokens: who is let in, and what a token is worth.

use std::sync::atomic::Ordering;
use std::thread;

use caodiem_domain::access::Role;
use caodiem_domain::account::{AccountKind, AccountState, Bound, External};
use caodiem_domain::id::{AccountId, AssignmentId};
use caodiem_domain::problem::Code;
use caodiem_domain::text::{ExternalSubject, Issuer};
use caodiem_domain::usecase::desk::Opened;
use caodiem_domain::usecase::manage_accounts::external::{BINDINGS_MAX, Binding, bind_external, unbind_external};
use caodiem_domain::usecase::manage_accounts::{DisableAccount, disable_account, enable_account};
use caodiem_domain::usecase::resolve_actor::scope_of;
use caodiem_domain::usecase::sign_in::SignedIn;
use caodiem_domain::usecase::sign_in_external::{SignInExternal, sign_in_external};
use caodiem_tests::on_both;
use caodiem_tests::vault::{ISSUER, Vault, external_token};

use crate::cast::{Answer, Cast, reason};
use crate::reception::{PASSWORD, Reception, at, typed};
use crate::world::title;

const REFUSED: [Code; 1] = [Code::ExternalRefused];

/// Long after everything that happens here.
const LATE: i64 = 2_000_000_000;

fn who(subject: &str) -> External {
    let issuer = Issuer::new(ISSUER).expect("an issuer");
    External { issuer, subject: ExternalSubject::new(subject).expect("a subject") }
}

pub(crate) fn binding(account: AccountId, subject: &str) -> Binding {
    Binding { account, who: who(subject) }
}

fn shown(token: &str) -> SignInExternal {
    SignInExternal { token: token.to_owned(), totp: None, assignment: None, device: title("máy bàn") }
}

/// A token that was not used yet.
fn token(subject: &str, number: u32, second_factor: bool) -> SignInExternal {
    shown(&external_token(subject, number, second_factor, LATE))
}

fn with_totp(command: SignInExternal, code: String) -> SignInExternal {
    SignInExternal { totp: Some(code), ..command }
}

impl Reception {
    /// Binds a subject past the rules, to whatever the account holds or will.
    fn bind(&self, account: AccountId, subject: &str) {
        self.bind_up_to(account, subject, AssignmentId::new(i64::MAX));
    }

    fn bind_up_to(&self, account: AccountId, subject: &str, up_to: AssignmentId) {
        self.world.write(|tx| tx.bind_external(&Bound { who: who(subject), up_to }, account));
    }

    fn try_by_token(&self, seconds: i64, command: &SignInExternal) -> Answer<SignedIn> {
        self.desk(seconds, |desk| sign_in_external(desk, command))
    }

    fn by_token(&self, seconds: i64, command: &SignInExternal) -> Opened {
        match self.try_by_token(seconds, command) {
            Ok(SignedIn::Opened(opened)) => *opened,
            Ok(SignedIn::Choose(hats)) => panic!("{} assignments to choose from", hats.len()),
            Err(codes) => panic!("{codes:?}"),
        }
    }

    fn token_refusal(&self, seconds: i64, command: &SignInExternal) -> Vec<Code> {
        self.try_by_token(seconds, command).err().unwrap_or_default()
    }
}

on_both! {
    a_bound_subject_gets_a_session_and_its_token_counts_once(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, assignment) = desk.reporter("to-truong");
        assert_eq!(desk.token_refusal(0, &token("to-truong", 1, false)), REFUSED, "nothing is bound by itself");
        desk.bind(account, "s-17");
        let opened = desk.by_token(0, &token("s-17", 1, false));
        let session = desk.session(&opened);
        assert_eq!((session.account, session.assignment, session.device.as_str()), (account, assignment, "máy bàn"));
        assert_eq!(session.expires_at, at(24 * 3_600), "as long as by password");
        assert_eq!(desk.account_now(account).last_sign_in, Some(at(0)));
        assert!(desk.refresh(1, &opened.refresh).is_ok());
        assert_eq!(desk.token_refusal(2, &token("s-17", 1, false)), REFUSED, "it is spent");
        desk.by_token(3, &token("s-17", 2, false));
        let told: Vec<String> = desk.records().into_iter().map(|one| format!("{} {} {} [{}]", one.subject, one.operation, one.outcome, one.input)).collect();
        let issuer = format!("[issuer {ISSUER}]");
        assert_eq!(told, [
            format!("unknown signInExternal EXTERNAL_REFUSED {issuer}"),
            format!("to-truong signInExternal DONE {issuer}"),
            format!("to-truong signInExternal EXTERNAL_REFUSED {issuer}"),
            format!("to-truong signInExternal DONE {issuer}"),
        ]);
    }

    whatever_is_wrong_is_told_alike_and_goes_on_record(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let unit = desk.world.district_a1;
        for (login, state) in [("duoc-moi", AccountState::Invited), ("da-khoa", AccountState::Disabled)] {
            let (id, _) = desk.reporter(login);
            desk.bind(id, login);
            desk.put_into(id, state);
        }
        let machine = desk.account_of("may", unit, AccountKind::Service);
        desk.assign(machine, Role::Integrator, unit);
        desk.bind(machine, "may");
        let (reporter, _) = desk.reporter("to-truong");
        desk.bind(reporter, "to-truong");
        let attempts = [
            token("duoc-moi", 1, true),
            token("da-khoa", 1, true),
            token("may", 1, true),
            token("TO-TRUONG", 1, true),
            shown("https://other.example.org to-truong 1 true 2000000000"),
            shown(&external_token("to-truong", 1, true, 0)),
            shown(""),
        ];
        for attempt in &attempts {
            assert_eq!(desk.token_refusal(0, attempt), REFUSED, "{}", attempt.token);
        }
        assert_eq!(desk.told().len(), attempts.len());
        assert!(desk.told().iter().all(|(_, operation, outcome)| operation == "signInExternal" && outcome == "EXTERNAL_REFUSED"));
        desk.by_token(0, &token("to-truong", 2, false));
    }

    who_opens_everything_never_comes_in_this_way(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        for (number, role) in [Role::SystemAdmin, Role::BreakGlass].into_iter().enumerate() {
            let login = format!("tat-ca-{number}");
            let (account, _) = desk.member(&login, role, true);
            let reporter = desk.assign(account, Role::Reporter, desk.world.district_a1);
            desk.bind(account, &login);
            let attempt = with_totp(token(&login, 1, true), desk.totp(0));
            assert_eq!(desk.token_refusal(0, &attempt), REFUSED, "{role:?}");
            assert_eq!(desk.token_refusal(0, &SignInExternal { assignment: Some(reporter), ..attempt }), REFUSED, "whatever the hat");
        }
    }

    a_second_factor_is_the_issuer_s_or_the_account_s_own(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, _) = desk.member("ke-hoach", Role::Planner, true);
        desk.bind(account, "ke-hoach");
        let bare = token("ke-hoach", 1, false);
        assert_eq!(desk.token_refusal(0, &bare), [Code::TotpRequired]);
        assert_eq!(desk.secrets(account).failures, 0, "asking is no wrong attempt");
        assert_eq!(desk.token_refusal(0, &with_totp(bare.clone(), desk.totp(2))), REFUSED);
        assert_eq!(desk.secrets(account).failures, 1, "a wrong code is");
        desk.by_token(0, &with_totp(bare, desk.totp(0)));
        assert_eq!(desk.secrets(account).failures, 0);
        let again = with_totp(token("ke-hoach", 2, false), desk.totp(0));
        assert_eq!(desk.token_refusal(0, &again), REFUSED, "a code counts once");
        desk.by_token(0, &token("ke-hoach", 3, true));
        let (without, _) = desk.member("khong-ma", Role::UnitAdmin, false);
        desk.bind(without, "khong-ma");
        assert_eq!(desk.token_refusal(0, &token("khong-ma", 1, false)), [Code::TotpSetupRequired]);
        desk.by_token(0, &token("khong-ma", 2, true));
        let bare = desk.account("khong-mat-khau", desk.world.district_a1);
        desk.assign(bare, Role::Auditor, desk.world.country);
        desk.bind(bare, "khong-mat-khau");
        assert_eq!(desk.token_refusal(0, &token("khong-mat-khau", 1, false)), [Code::TotpSetupRequired]);
        desk.by_token(0, &token("khong-mat-khau", 2, true));
    }

    a_binding_does_not_grow_with_the_account(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, reporter) = desk.member("len-chuc", Role::Reporter, true);
        desk.bind_up_to(account, "s-17", reporter);
        desk.by_token(0, &token("s-17", 1, true));
        let planner = desk.assign(account, Role::Planner, desk.world.province_b);
        let opened = desk.by_token(0, &token("s-17", 2, true));
        assert_eq!(desk.session(&opened).assignment, reporter, "there is nothing else to choose");
        let wanted = SignInExternal { assignment: Some(planner), ..token("s-17", 3, true) };
        assert_eq!(desk.token_refusal(0, &wanted), [Code::NotFound]);
        let (fresh, _) = desk.reporter("moi");
        desk.bind_up_to(fresh, "s-18", AssignmentId::new(0));
        assert_eq!(desk.token_refusal(0, &token("s-18", 1, true)), [Code::NoAssignment], "bound before it held anything");
    }

    codes_are_guessed_no_faster_than_by_password(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, _) = desk.member("ke-hoach", Role::Planner, true);
        desk.bind(account, "ke-hoach");
        let wrong = with_totp(token("ke-hoach", 1, false), desk.totp(5));
        for _ in 0..6 {
            assert_eq!(desk.token_refusal(0, &wrong), REFUSED);
        }
        assert_eq!(desk.secrets(account).failures, 5, "five were looked at");
        let right = with_totp(token("ke-hoach", 1, false), desk.totp(0));
        assert_eq!(desk.token_refusal(29, &right), REFUSED, "a right one is not told meanwhile");
        desk.by_token(30, &right);
    }

    neither_a_choice_nor_a_missing_code_uses_the_token_up(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, _) = desk.member("hai-vai", Role::Reporter, true);
        let planner = desk.assign(account, Role::Planner, desk.world.province_b);
        let (_, foreign) = desk.reporter("nguoi-khac");
        desk.bind(account, "hai-vai");
        assert_eq!(desk.token_refusal(0, &token("hai-vai", 1, false)), [Code::TotpRequired]);
        let right = with_totp(token("hai-vai", 1, false), desk.totp(0));
        let Ok(SignedIn::Choose(hats)) = desk.try_by_token(0, &right) else { panic!("nothing to choose from") };
        assert_eq!(hats.len(), 2);
        let wrong = SignInExternal { assignment: Some(foreign), ..right.clone() };
        assert_eq!(desk.token_refusal(0, &wrong), [Code::NotFound]);
        let opened = desk.by_token(0, &SignInExternal { assignment: Some(planner), ..right.clone() });
        assert_eq!(desk.session(&opened).assignment, planner);
        assert_eq!(desk.token_refusal(0, &token("hai-vai", 1, false)), REFUSED, "a spent one asks for no code");
        assert_eq!(desk.token_refusal(0, &SignInExternal { totp: Some(desk.totp(1)), ..right }), REFUSED, "nor shows what there is");
    }

    of_many_with_one_token_one_gets_in(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, _) = desk.reporter("to-truong");
        desk.bind(account, "s-17");
        let (desk, one) = (&desk, &token("s-17", 1, false));
        let opened: Vec<bool> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(move || desk.try_by_token(0, one).is_ok())).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        assert_eq!(opened.iter().filter(|opened| **opened).count(), 1);
        assert_eq!(desk.told().len(), 8, "all are on record");
    }

    what_is_over_is_forgotten_and_nothing_else(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let spent = "SELECT COUNT(*) AS number FROM spent_assertion";
        let (own, _) = desk.reporter("to-truong");
        let (other, _) = desk.reporter("to-pho");
        for (account, subject) in [(own, "s-1"), (other, "s-2")] {
            desk.bind(account, subject);
            desk.by_token(0, &shown(&external_token(subject, 1, false, 100)));
        }
        desk.by_token(0, &shown(&external_token("s-1", 2, false, 101)));
        assert_eq!(desk.world.database.number(spent), 3);
        desk.vault.seconds.store(100, Ordering::SeqCst);
        desk.by_token(0, &shown(&external_token("s-1", 3, false, 200)));
        assert_eq!(desk.world.database.number(spent), 3, "the first is over; the other account's is its own affair");
        assert_eq!(desk.token_refusal(0, &shown(&external_token("s-1", 2, false, 101))), REFUSED, "still spent");
        assert_eq!(desk.token_refusal(0, &shown(&external_token("s-1", 1, false, 100))), REFUSED, "over");
        let spend = |jti: &str| desk.world.write(|tx| tx.spend_assertion(own, jti, at(10), at(10)));
        assert_eq!((spend("a"), spend("b")), (true, true));
    }

    a_binding_takes_care_of_the_account(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let (world, vault) = (&cast.world, &Vault::default());
        let admin = cast.admin("quan-tri-a1", Role::UnitAdmin, world.district_a1);
        let bind = |command: &Binding| cast.act(admin, |act, tx| bind_external(act, tx, vault, command));
        let unbind = |command: &Binding| cast.act(admin, |act, tx| unbind_external(act, tx, command));
        let account = cast.account("can-bo", world.district_a1);
        assert_eq!(bind(&binding(account, "s-1")), Ok(account));
        let bound = |id: AccountId| world.read(|tx| tx.externals_of(&[id])).remove(&id).unwrap_or_default();
        assert_eq!(bound(account), [Bound { who: who("s-1"), up_to: AssignmentId::new(0) }]);
        let assignment = cast.assign(account, Role::Reporter, world.district_a1);
        assert_eq!(bind(&binding(account, "s-1")), Ok(account), "anew");
        assert_eq!(bound(account), [Bound { who: who("s-1"), up_to: assignment }]);
        let other = cast.account("can-bo-khac", world.district_a1);
        assert_eq!(bind(&binding(other, "s-1")), Err(vec![Code::ExternalTaken]));
        assert_eq!(unbind(&binding(other, "s-1")), Err(vec![Code::NotFound]), "it is not that account's");
        let unknown = Binding { account, who: External { issuer: Issuer::new("https://other").expect("an issuer"), ..who("s-2") } };
        assert_eq!(bind(&unknown), Err(vec![Code::NotFound]), "nobody trusts it");
        for number in 2..=BINDINGS_MAX {
            assert_eq!(bind(&binding(account, &format!("s-{number}"))), Ok(account));
        }
        assert_eq!(bind(&binding(account, "s-99")), Err(vec![Code::TooMany]));
        assert_eq!(bind(&binding(account, "s-1")), Ok(account), "none more by that");
        assert_eq!(unbind(&binding(account, "s-2")), Ok(account));
        assert_eq!(unbind(&binding(account, "s-2")), Err(vec![Code::NotFound]));
        let machine = cast.account_of("may", world.district_a1, AccountKind::Service);
        // A unit admin may look after machines as well, but a machine is nobody's subject.
        assert_eq!(bind(&binding(machine, "s-50")), Err(vec![Code::AccountKind]));
        let own = cast.assignment(admin).account;
        assert_eq!(bind(&binding(own, "s-51")), Err(vec![Code::GrantToSelf]));
        assert_eq!(unbind(&binding(own, "s-51")), Err(vec![Code::GrantToSelf]));
        let outside = cast.account("noi-khac", world.district_b1);
        assert_eq!(bind(&binding(outside, "s-52")), Err(vec![Code::NotFound]));
        let reporter = cast.admin("to-truong", Role::Reporter, world.district_a1);
        let tried = cast.act(reporter, |act, tx| bind_external(act, tx, vault, &binding(account, "s-53")));
        assert_eq!(tried, Err(vec![Code::Forbidden]));
        let tried = cast.act(reporter, |act, tx| unbind_external(act, tx, &binding(account, "s-1")));
        assert_eq!(tried, Err(vec![Code::Forbidden]));
    }

    a_binding_activates_and_an_end_takes_it_away(backend) {
        let Some(cast) = Cast::new(backend) else { return };
        let (world, vault) = (&cast.world, &Vault::default());
        let admin = cast.admin("quan-tri-a1", Role::UnitAdmin, world.district_a1);
        let account = cast.account("can-bo", world.district_a1);
        let mut invited = cast.account_now(account);
        (invited.state, invited.version) = (AccountState::Invited, 2);
        world.write(|tx| tx.update_account(&invited));
        let bind = || cast.act(admin, |act, tx| bind_external(act, tx, vault, &binding(account, "s-1")));
        assert_eq!(bind(), Ok(account));
        assert_eq!(cast.account_now(account).state, AccountState::Active);
        let version = cast.account_now(account).version;
        let disable = DisableAccount { account, expected_version: version, reason: reason() };
        cast.act(admin, |act, tx| disable_account(act, tx, &disable)).expect("disabled");
        assert_eq!(world.read(|tx| tx.externals_of(&[account])).len(), 0);
        assert_eq!(bind(), Err(vec![Code::AccountState]), "not while it is disabled");
        cast.act(admin, |act, tx| enable_account(act, tx, (account, version + 1))).expect("enabled");
        assert_eq!(cast.account_now(account).state, AccountState::Invited, "it takes a new way in");
        assert_eq!(bind(), Ok(account));
    }

    an_unbinding_ends_what_began_by_it(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (admin, _) = desk.member("quan-tri", Role::UnitAdmin, false);
        let (account, _) = desk.reporter("to-truong");
        let unit = desk.world.commune_a1a;
        let below = desk.account("to-vien", unit);
        desk.assign(below, Role::Reporter, unit);
        desk.bind(admin, "quan-tri");
        desk.bind(account, "s-17");
        desk.give(below, false, "usual");
        desk.bind(below, "s-18");
        let (by_token, by_password) = (desk.by_token(0, &token("s-18", 1, false)), desk.come_in(0, &typed("to-vien", PASSWORD)));
        let kept = desk.by_token(0, &token("s-17", 1, false));
        let own = desk.by_token(0, &token("quan-tri", 1, true));
        let mut act = desk.act(&own, 1, "unbindExternal");
        act.actor.scope = desk.world.store.read(|tx| scope_of(tx, Role::UnitAdmin, desk.world.district_a1)).expect("a scope");
        let done = desk.desk(1, |desk| desk.store.write(|tx| unbind_external(&act, tx, &binding(below, "s-18"))));
        assert_eq!(done, Ok(below));
        for ended in [by_token, by_password] {
            assert!(desk.ended_for(&ended).is_some());
        }
        assert!(desk.ended_for(&kept).is_none(), "of others, none");
        assert_eq!(desk.token_refusal(2, &token("s-18", 2, false)), REFUSED);
        assert!(desk.try_in(3, &typed("to-vien", PASSWORD)).is_ok(), "the password stays");
    }
}
