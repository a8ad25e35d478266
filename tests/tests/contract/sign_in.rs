//! Signing in: who is let in, what everybody else is told, and how guessing is slowed.

use std::sync::atomic::Ordering;
use std::thread;

use caodiem_domain::access::Role;
use caodiem_domain::account::{AccountKind, AccountState};
use caodiem_domain::problem::Code;
use caodiem_domain::usecase::sign_in::{SignIn, SignedIn};
use caodiem_tests::on_both;

use crate::reception::{PASSWORD, Reception, at, typed};

const REFUSED: [Code; 1] = [Code::SignInRefused];

fn with_totp(command: SignIn, code: String) -> SignIn {
    SignIn { totp: Some(code), ..command }
}

/// An account that cannot be used, for one reason each.
fn unusable(desk: &Reception) {
    let unit = desk.world.district_a1;
    for (login, state) in [("duoc-moi", AccountState::Invited), ("da-khoa", AccountState::Disabled)] {
        let (id, _) = desk.reporter(login);
        desk.put_into(id, state);
    }
    let machine = desk.account_of("may", unit, AccountKind::Service);
    desk.give(machine, false, "usual");
    desk.assign(machine, Role::Integrator, unit);
    let bare = desk.account("chua-co-mat-khau", unit);
    desk.assign(bare, Role::Reporter, unit);
}

on_both! {
    who_is_right_gets_a_session_of_his_assignment(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, assignment) = desk.reporter("to-truong");
        let opened = desk.come_in(0, &typed("to-truong", PASSWORD));
        let session = desk.session(&opened);
        assert_eq!((session.account, session.assignment), (account, assignment));
        assert_eq!(session.device.as_str(), "máy tính bảng");
        assert_eq!((opened.access_until, session.expires_at), (at(600), at(24 * 3_600)), "a reporter's");
        assert!(opened.access.ends_with(" 600"), "{}", opened.access);
        assert_eq!(desk.account_now(account).last_sign_in, Some(at(0)));
        assert_eq!(desk.account_now(account).version, 1, "an admin's edit is not in the way");
        assert_eq!(desk.assignment(assignment).last_used_at, Some(at(0)));
        let told = desk.records().pop().expect("a record");
        assert_eq!((told.subject.as_str(), told.operation.as_str(), told.outcome.as_str()), ("to-truong", "signIn", "DONE"));
        assert_eq!((told.account, told.assignment, told.role.as_deref()), (account, assignment, Some("reporter")));
    }

    whatever_is_wrong_is_told_alike_and_costs_the_same(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        desk.reporter("to-truong");
        desk.member("ke-hoach", Role::Planner, true);
        unusable(&desk);
        let wrong_code = with_totp(typed("ke-hoach", PASSWORD), desk.totp(5));
        let attempts = [
            typed("to-truong", "sai mật khẩu rồi nhé"),
            typed("to-truong", ""),
            typed("to-truong", &"dài".repeat(2_000)),
            typed("TO-TRUONG", PASSWORD),
            typed("khong-co", PASSWORD),
            typed("", PASSWORD),
            typed("không phải tên đăng nhập", PASSWORD),
            typed("duoc-moi", PASSWORD),
            typed("da-khoa", PASSWORD),
            typed("may", PASSWORD),
            typed("chua-co-mat-khau", PASSWORD),
            typed("chua-co-mat-khau", ""),
            typed("ke-hoach", "sai mật khẩu rồi nhé"),
            wrong_code,
        ];
        for (number, attempt) in (1..).zip(&attempts) {
            assert_eq!(desk.refusal(0, attempt), REFUSED, "{}", attempt.login);
            assert_eq!(desk.vault.verified.load(Ordering::SeqCst), number, "{}: each costs one verification", attempt.login);
        }
        let known = ["to-truong", "duoc-moi", "da-khoa", "may", "chua-co-mat-khau", "ke-hoach", "unknown"];
        for (subject, operation, outcome) in desk.told() {
            assert_eq!((operation.as_str(), outcome.as_str()), ("signIn", "SIGN_IN_REFUSED"));
            assert!(known.contains(&subject.as_str()), "{subject} was typed, but is no login");
        }
        assert_eq!(desk.told().len(), attempts.len(), "each is on record");
    }

    some_who_do_not_exist_cost_as_much_as_an_admin_and_always_the_same(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let round = |desk: &Reception| {
            let before = desk.vault.as_an_admin.load(Ordering::SeqCst);
            let dear = (0..64).map(|number| {
                assert_eq!(desk.refusal(0, &typed(&format!("khong-co-{number}"), PASSWORD)), REFUSED);
                desk.vault.as_an_admin.load(Ordering::SeqCst)
            });
            dear.map(|count| count - before).collect::<Vec<_>>()
        };
        let first = round(&desk);
        assert_eq!(round(&desk), first, "asking again tells nothing");
        assert!((1..=24).contains(&first[63]), "about one in eight, not {} of 64", first[63]);
    }

    guessing_is_slowed_and_a_right_password_is_not_told_meanwhile(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, _) = desk.reporter("to-truong");
        let (right, wrong) = (typed("to-truong", PASSWORD), typed("to-truong", "sai mật khẩu rồi nhé"));
        let session = desk.come_in(0, &right);
        for _ in 0..5 {
            assert_eq!(desk.refusal(0, &wrong), REFUSED);
        }
        assert_eq!(desk.refusal(29, &right), REFUSED, "it is not looked at");
        assert_eq!(desk.secrets(account).failures, 5, "and does not count");
        assert!(desk.refresh(29, &session.refresh).is_ok(), "a session goes on");
        assert_eq!(desk.refusal(30, &wrong), REFUSED);
        assert_eq!(desk.secrets(account).refused_until, Some(at(90)), "the next wait is twice as long");
        desk.come_in(90, &right);
        assert_eq!((desk.secrets(account).failures, desk.secrets(account).refused_until), (0, None));
    }

    after_fifty_wrong_attempts_only_an_unlock_helps(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, _) = desk.reporter("to-truong");
        let (right, wrong) = (typed("to-truong", PASSWORD), typed("to-truong", "sai mật khẩu rồi nhé"));
        for attempt in 0..60 {
            assert_eq!(desk.refusal(attempt * 1_000, &wrong), REFUSED);
        }
        assert_eq!(desk.secrets(account).failures, 50);
        assert_eq!(desk.refusal(10_000_000, &right), REFUSED);
        let cleared = desk.secrets(account).cleared();
        desk.world.write(|tx| tx.put_credentials(&cleared));
        desk.come_in(10_000_000, &right);
    }

    without_the_count_guessing_goes_on(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, _) = desk.reporter("to-truong");
        let (right, wrong) = (typed("to-truong", PASSWORD), typed("to-truong", "sai mật khẩu rồi nhé"));
        for _ in 0..6 {
            assert_eq!(desk.refusal(0, &wrong), REFUSED);
            let cleared = desk.secrets(account).cleared();
            desk.world.write(|tx| tx.put_credentials(&cleared));
        }
        desk.come_in(0, &right);
    }

    many_attempts_at_once_get_no_further_than_as_many_in_a_row(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, _) = desk.reporter("to-truong");
        let desk = &desk;
        thread::scope(|scope| {
            for number in 0..20 {
                scope.spawn(move || {
                    let guess = typed("to-truong", &format!("lần đoán thứ {number:02} đây"));
                    assert_eq!(desk.refusal(0, &guess), REFUSED);
                });
            }
        });
        assert_eq!(desk.secrets(account).failures, 5, "five were looked at");
        assert_eq!(desk.told().len(), 20, "all are on record");
        assert_eq!(desk.refusal(0, &typed("to-truong", PASSWORD)), REFUSED);
    }

    a_second_factor_is_asked_for_once_the_password_is_right(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, _) = desk.member("ke-hoach", Role::Planner, true);
        let right = typed("ke-hoach", PASSWORD);
        assert_eq!(desk.refusal(0, &right), [Code::TotpRequired]);
        assert_eq!(desk.secrets(account).failures, 0, "the first step of two is no wrong attempt");
        assert_eq!(desk.refusal(0, &with_totp(right.clone(), desk.totp(2))), REFUSED, "of the step after the next");
        assert_eq!(desk.secrets(account).failures, 1);
        let opened = desk.come_in(0, &with_totp(right.clone(), desk.totp(0)));
        assert_eq!(desk.session(&opened).expires_at, at(12 * 3_600), "a planner's");
        assert_eq!(desk.refusal(0, &with_totp(right.clone(), desk.totp(0))), REFUSED, "a code counts once");
        assert_eq!(desk.refusal(0, &with_totp(right.clone(), desk.totp(-1))), REFUSED, "nor one before it");
        desk.come_in(0, &with_totp(right, desk.totp(1)));
    }

    a_role_that_needs_a_second_factor_lets_nobody_in_without_one(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        for (number, role) in Role::ALL.iter().enumerate() {
            let login = format!("vai-tro-{number}");
            desk.member(&login, *role, false);
            let refused = desk.refusal(0, &typed(&login, PASSWORD));
            let needs = matches!(role, Role::SystemAdmin | Role::UnitAdmin | Role::Planner | Role::Auditor | Role::BreakGlass);
            assert_eq!(refused, if needs { vec![Code::TotpSetupRequired] } else { Vec::new() }, "{role:?}");
        }
        let (account, _) = desk.reporter("kiem-nhiem");
        desk.assign(account, Role::Auditor, desk.world.country);
        assert_eq!(desk.refusal(0, &typed("kiem-nhiem", PASSWORD)), [Code::TotpSetupRequired], "whatever hat is put on");
    }

    the_tokens_of_who_opens_everything_live_shorter(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, _) = desk.member("quan-tri", Role::SystemAdmin, true);
        let opened = desk.come_in(0, &with_totp(typed("quan-tri", PASSWORD), desk.totp(0)));
        assert_eq!(opened.access_until, at(300));
        let renewed = desk.secrets(account).password.expect("a hash");
        assert!(renewed.starts_with("$argon2id$high$"), "the hash that cost less was made anew: {renewed}");
    }

    one_of_several_assignments_is_chosen(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, reporter) = desk.member("hai-vai", Role::Reporter, true);
        let planner = desk.assign(account, Role::Planner, desk.world.province_b);
        let over = desk.assign_until(account, Role::Analyst, desk.world.country, Some(at(0).date_naive()));
        let (_, foreign) = desk.reporter("nguoi-khac");
        let code = desk.totp(0);
        let right = with_totp(typed("hai-vai", PASSWORD), code);
        let Ok(SignedIn::Choose(hats)) = desk.try_in(0, &right) else { panic!("nothing to choose from") };
        assert_eq!(hats.iter().map(|hat| hat.assignment.id).collect::<Vec<_>>(), [reporter, planner]);
        assert_eq!(hats[1].unit.as_ref().map(|unit| unit.id), Some(desk.world.province_b));
        for wrong in [over, foreign] {
            let choice = SignIn { assignment: Some(wrong), ..right.clone() };
            assert_eq!(desk.refusal(0, &choice), [Code::NotFound]);
        }
        let opened = desk.come_in(0, &SignIn { assignment: Some(planner), ..right });
        assert_eq!(desk.session(&opened).assignment, planner, "the code was not used up by asking");
    }

    who_holds_nothing_in_force_is_told_so(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let account = desk.account("het-han", desk.world.district_a1);
        desk.give(account, false, "usual");
        assert_eq!(desk.refusal(0, &typed("het-han", PASSWORD)), [Code::NoAssignment]);
        assert_eq!(desk.refusal(0, &typed("het-han", "sai mật khẩu rồi nhé")), REFUSED, "not to who guesses");
    }
}
