//! One-time codes, passwords and second factors: what they open, and what changing them takes.

use std::sync::atomic::Ordering;
use std::thread;

use caodiem_domain::access::Role;
use caodiem_domain::account::{AccountState, CodePurpose};
use caodiem_domain::id::AccountId;
use caodiem_domain::problem::Code;
use caodiem_domain::session::SessionEnd;
use caodiem_domain::usecase::change_credentials::{Proof, change_password, confirm_totp, remove_totp, set_up_totp};
use caodiem_domain::usecase::desk::Opened;
use caodiem_domain::usecase::sign_in::SignIn;
use caodiem_tests::on_both;

use crate::reception::{Answer, PASSWORD, Reception, at, typed};
use caodiem_tests::vault::code_at;

const NEW: &str = "mưa rơi trên mái tôn cũ";

fn invited(desk: &Reception, login: &str, role: Role) -> AccountId {
    let account = desk.account(login, desk.world.district_a1);
    desk.assign(account, role, desk.world.district_a1);
    desk.put_into(account, AccountState::Invited);
    account
}

fn codes<T>(done: Answer<T>) -> Vec<Code> {
    done.err().unwrap_or_default()
}

fn proof(password: &str, totp: Option<String>) -> Proof {
    Proof { current_password: password.to_owned(), totp }
}

/// The bytes of a secret that the vault showed.
fn shown(secret: &str) -> Vec<u8> {
    (0..secret.len()).step_by(2).map(|at| u8::from_str_radix(&secret[at..at + 2], 16).expect("digits")).collect()
}

fn change(desk: &Reception, opened: &Opened, from: &str, to: &str) -> Vec<Code> {
    let act = desk.act(opened, 10, "changePassword");
    codes(desk.desk(10, |desk| change_password(desk, &act, &proof(from, None), to)))
}

const REFUSED: [Code; 1] = [Code::CodeRefused];

on_both! {
    an_account_is_activated_once_and_signs_in_with_the_password_it_chose(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let account = invited(&desk, "to-truong", Role::Reporter);
        let code = desk.code(account, CodePurpose::Activation);
        let done = desk.redeem(0, &code.to_uppercase(), NEW).expect("it counts");
        assert_eq!((done.login.as_str(), done.totp, done.opened.is_none()), ("to-truong", None, true));
        assert_eq!(desk.account_now(account).state, AccountState::Active);
        desk.come_in(1, &typed("to-truong", NEW));
        assert_eq!(codes(desk.redeem(2, &code, NEW)), REFUSED, "a code counts once");
        let told: Vec<_> = desk.told().into_iter().map(|(subject, operation, outcome)| format!("{subject} {operation} {outcome}")).collect();
        assert_eq!(told, ["to-truong redeemCode DONE", "to-truong signIn DONE", "unknown redeemCode CODE_REFUSED"]);
    }

    a_role_that_needs_a_second_factor_gets_it_at_activation(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let account = invited(&desk, "ke-hoach", Role::Planner);
        let code = desk.code(account, CodePurpose::Activation);
        let key = desk.redeem(0, &code, "tám chữ!").expect("eight characters do").totp.expect("a second factor");
        let right = typed("ke-hoach", "tám chữ!");
        assert_eq!(desk.refusal(1, &right), [Code::TotpRequired]);
        let totp = code_at(&shown(&key.secret), desk.vault.step.load(Ordering::SeqCst));
        desk.come_in(1, &SignIn { totp: Some(totp), ..right });
        assert!(desk.secrets(account).totp_confirmed, "its first code confirms it");
    }

    a_code_that_does_not_count_is_refused_whatever_is_the_matter(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let account = invited(&desk, "to-truong", Role::Reporter);
        let (active, _) = desk.reporter("to-pho");
        let code = desk.code(account, CodePurpose::Activation);
        assert_eq!(codes(desk.redeem(24 * 3_600, &code, NEW)), REFUSED, "too late");
        for (account, purpose) in [(account, CodePurpose::Reset), (active, CodePurpose::Activation)] {
            let wrong = desk.code(account, purpose);
            assert_eq!(codes(desk.redeem(0, &wrong, NEW)), REFUSED, "{purpose:?}");
        }
        for wrong in ["", "abc", "0000-0000-0000-0000-0000-0000-0000-0000"] {
            assert_eq!(codes(desk.redeem(0, wrong, NEW)), REFUSED, "{wrong:?}");
        }
        let later = desk.code(account, CodePurpose::Activation);
        assert_eq!(codes(desk.redeem(0, &code, NEW)), REFUSED, "another one was made since");
        assert!(desk.redeem(0, &later, NEW).is_ok());
    }

    a_password_that_is_refused_does_not_use_the_code_up(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let account = invited(&desk, "to-truong.binhgia", Role::Reporter);
        let code = desk.code(account, CodePurpose::Activation);
        for (password, expected) in [
            ("", Code::Empty),
            ("mười bốn chữ á", Code::PasswordTooShort),
            ("1234567890123456", Code::PasswordCommon),
            ("to-truong.binhgia!", Code::PasswordCommon),
        ] {
            assert_eq!(codes(desk.redeem(0, &code, password)), [expected], "{password}");
        }
        assert!(desk.redeem(0, &code, NEW).is_ok());
    }

    of_two_who_redeem_at_once_one_sets_the_password(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let account = invited(&desk, "to-truong", Role::Reporter);
        let code = desk.code(account, CodePurpose::Activation);
        let (desk, code) = (&desk, &code);
        let done: Vec<bool> = thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(move || desk.redeem(0, code, NEW).is_ok())).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        assert_eq!(done.iter().filter(|done| **done).count(), 1);
        assert_eq!(desk.secrets(account).version, 1);
    }

    a_reset_makes_every_secret_anew(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, _) = desk.member("ke-hoach", Role::Planner, true);
        let opened = desk.come_in(0, &SignIn { totp: Some(desk.totp(0)), ..typed("ke-hoach", PASSWORD) });
        for _ in 0..5 {
            desk.refusal(1, &typed("ke-hoach", "sai mật khẩu rồi nhé"));
        }
        let code = desk.code(account, CodePurpose::Reset);
        let key = desk.redeem(2, &code, NEW).expect("it counts").totp.expect("a second factor");
        assert_eq!(desk.ended_for(&opened), Some(SessionEnd::Credentials));
        assert_eq!(desk.refusal(3, &typed("ke-hoach", PASSWORD)), [Code::SignInRefused]);
        assert_eq!(desk.refusal(3, &SignIn { totp: Some(desk.totp(1)), ..typed("ke-hoach", NEW) }), [Code::SignInRefused]);
        let totp = code_at(&shown(&key.secret), desk.vault.step.load(Ordering::SeqCst));
        desk.come_in(3, &SignIn { totp: Some(totp), ..typed("ke-hoach", NEW) });
    }

    a_sealed_code_opens_one_short_session_of_an_emergency(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let account = desk.account("niem-phong", desk.world.country);
        let assignment = desk.assign(account, Role::BreakGlass, desk.world.country);
        let code = desk.code(account, CodePurpose::BreakGlass);
        let opened = desk.redeem(0, &code, "").expect("it counts").opened.expect("a session");
        assert_eq!((opened.session.assignment, opened.session.expires_at), (assignment, at(3_600)));
        assert_eq!(opened.access_until, at(300));
        assert_eq!(codes(desk.redeem(1, &code, "")), REFUSED);
        assert_eq!(codes(desk.refresh(3_600, &opened.refresh)), [Code::SessionOver]);
        let told = desk.records().swap_remove(0);
        assert_eq!((told.subject.as_str(), told.role.as_deref()), ("niem-phong", Some("break_glass")));
    }

    changing_the_password_takes_the_old_one_and_ends_other_sessions(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        desk.reporter("to-truong");
        let [other, own] = [0, 1].map(|second| desk.come_in(second, &typed("to-truong", PASSWORD)));
        assert_eq!(change(&desk, &own, "sai mật khẩu rồi nhé", NEW), [Code::PasswordRefused]);
        assert_eq!(change(&desk, &own, PASSWORD, "ngắn quá"), [Code::PasswordTooShort]);
        assert_eq!(change(&desk, &own, PASSWORD, "1234567890123456"), [Code::PasswordCommon]);
        assert_eq!(desk.ended_for(&other), None);
        assert_eq!(change(&desk, &own, PASSWORD, NEW), []);
        assert_eq!((desk.ended_for(&other), desk.ended_for(&own)), (Some(SessionEnd::Credentials), None));
        assert_eq!(desk.refusal(20, &typed("to-truong", PASSWORD)), [Code::SignInRefused]);
        desk.come_in(20, &typed("to-truong", NEW));
    }

    a_change_that_is_sent_again_takes_effect_once(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, _) = desk.reporter("to-truong");
        let own = desk.come_in(0, &typed("to-truong", PASSWORD));
        let act = desk.act(&own, 1, "changePassword");
        for _ in 0..2 {
            let done = desk.desk(1, |desk| change_password(desk, &act, &proof(PASSWORD, None), NEW));
            assert_eq!(codes(done), [], "the reply to the first was lost");
        }
        assert_eq!(desk.secrets(account).failures, 0);
    }

    guessing_at_the_present_password_is_slowed_like_signing_in(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, _) = desk.reporter("to-truong");
        let stolen = desk.come_in(0, &typed("to-truong", PASSWORD));
        for _ in 0..5 {
            assert_eq!(change(&desk, &stolen, "sai mật khẩu rồi nhé", NEW), [Code::PasswordRefused]);
        }
        assert_eq!(change(&desk, &stolen, PASSWORD, NEW), [Code::PasswordRefused], "it is not looked at");
        assert_eq!(desk.secrets(account).failures, 5);
        assert_eq!(desk.refusal(11, &typed("to-truong", PASSWORD)), [Code::SignInRefused]);
    }

    a_second_factor_of_ones_own_is_set_up_confirmed_and_taken_away(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        desk.reporter("to-truong");
        let [other, own] = [0, 1].map(|second| desk.come_in(second, &typed("to-truong", PASSWORD)));
        let set_up = |password: &str, totp: Option<String>| {
            let act = desk.act(&own, 2, "setUpTotp");
            desk.desk(2, |desk| set_up_totp(desk, &act, &proof(password, totp)))
        };
        let confirm = |code: &str| {
            let act = desk.act(&own, 3, "confirmTotp");
            codes(desk.desk(3, |desk| confirm_totp(desk, &act, code)))
        };
        let remove = |totp: Option<String>| {
            let act = desk.act(&own, 4, "removeTotp");
            codes(desk.desk(4, |desk| remove_totp(desk, &act, &proof(PASSWORD, totp))))
        };
        assert_eq!(confirm("000000"), [Code::NotFound]);
        assert_eq!(codes(set_up("sai mật khẩu rồi nhé", None)), [Code::PasswordRefused]);
        let secret = shown(&set_up(PASSWORD, None).expect("a key").secret);
        desk.come_in(2, &typed("to-truong", PASSWORD));
        let now = desk.vault.step.load(Ordering::SeqCst);
        assert_eq!(confirm(&code_at(&secret, now + 7)), [Code::TotpRefused]);
        assert_eq!(desk.ended_for(&other), None);
        assert_eq!(confirm(&code_at(&secret, now - 1)), []);
        assert_eq!(desk.ended_for(&other), Some(SessionEnd::Credentials));
        assert_eq!(desk.refusal(4, &typed("to-truong", PASSWORD)), [Code::TotpRequired]);
        assert_eq!(codes(set_up(PASSWORD, None)), [Code::TotpRefused], "the one at hand has to be shown");
        assert_eq!(remove(None), [Code::TotpRefused]);
        assert_eq!(remove(Some(code_at(&secret, now - 1))), [Code::TotpRefused], "a code counts once");
        assert_eq!(remove(Some(code_at(&secret, now))), []);
        desk.come_in(5, &typed("to-truong", PASSWORD));
    }

    a_second_factor_that_a_role_needs_stays(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        desk.member("ke-hoach", Role::Planner, true);
        let own = desk.come_in(0, &SignIn { totp: Some(desk.totp(0)), ..typed("ke-hoach", PASSWORD) });
        let act = desk.act(&own, 1, "removeTotp");
        let done = desk.desk(1, |desk_now| remove_totp(desk_now, &act, &proof(PASSWORD, Some(desk.totp(1)))));
        assert_eq!(codes(done), [Code::TotpDemanded]);
    }
}
