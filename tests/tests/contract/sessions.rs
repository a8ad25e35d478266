//! Sessions: refresh tokens that count once, and ends.

use std::thread;

use caodiem_domain::access::Role;
use caodiem_domain::account::AccountState;
use caodiem_domain::id::SessionId;
use caodiem_domain::problem::Code;
use caodiem_domain::session::SessionEnd;
use caodiem_domain::session::refresh::RefreshToken;
use caodiem_domain::usecase::desk::Opened;
use caodiem_domain::usecase::end_session::{end_other_sessions, end_session, sign_out};
use caodiem_domain::usecase::read_own_account::{read_own_account, read_own_assignments, read_own_sessions};
use caodiem_tests::on_both;

use crate::reception::{Answer, PASSWORD, Reception, at, typed};

/// Whether the session goes on.
fn codes(done: Answer<Opened>) -> Vec<Code> {
    done.err().unwrap_or_default()
}

const OVER: [Code; 1] = [Code::SessionOver];

on_both! {
    each_refresh_gives_a_token_that_counts_once(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        desk.reporter("to-truong");
        let first = desk.come_in(0, &typed("to-truong", PASSWORD));
        let second = desk.refresh(600, &first.refresh).expect("it counts");
        let third = desk.refresh(1_200, &second.refresh).expect("it counts");
        assert_ne!(first.refresh.secret, second.refresh.secret);
        assert_ne!(second.refresh.secret, third.refresh.secret);
        assert_eq!(third.access_until, at(1_800));
        assert_eq!(desk.session(&first).rotated_at, at(1_200));
        assert_eq!(desk.told().len(), 1, "refreshing is not put on record");
    }

    a_lost_reply_is_answered_again_within_ten_seconds(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        desk.reporter("to-truong");
        let first = desk.come_in(0, &typed("to-truong", PASSWORD));
        let second = desk.refresh(600, &first.refresh).expect("it counts");
        let again = desk.refresh(610, &first.refresh).expect("within the grace");
        assert_eq!(again.refresh, second.refresh, "the same, so that both who hold it go on");
        assert!(desk.refresh(611, &second.refresh).is_ok());
    }

    the_predecessor_after_its_grace_ends_the_session(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        desk.reporter("to-truong");
        let first = desk.come_in(0, &typed("to-truong", PASSWORD));
        let second = desk.refresh(600, &first.refresh).expect("it counts");
        assert_eq!(codes(desk.refresh(611, &first.refresh)), OVER);
        assert_eq!(desk.ended_for(&first), Some(SessionEnd::Reused));
        assert_eq!(codes(desk.refresh(612, &second.refresh)), OVER, "also for who holds the right one");
        let last = desk.told().pop();
        let expected = ["to-truong", "refreshSession", "SESSION_OVER"].map(str::to_owned);
        assert_eq!(last.map(<[String; 3]>::from), Some(expected));
    }

    two_generations_back_always_ends_the_session(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        desk.reporter("to-truong");
        let first = desk.come_in(0, &typed("to-truong", PASSWORD));
        let second = desk.refresh(600, &first.refresh).expect("it counts");
        desk.refresh(601, &second.refresh).expect("it counts");
        assert_eq!(codes(desk.refresh(602, &first.refresh)), OVER);
        assert_eq!(desk.ended_for(&first), Some(SessionEnd::Reused));
    }

    a_token_that_was_made_up_ends_nothing(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        desk.reporter("to-truong");
        desk.reporter("nguoi-khac");
        let opened = desk.come_in(0, &typed("to-truong", PASSWORD));
        let other = desk.come_in(0, &typed("nguoi-khac", PASSWORD));
        for made_up in [
            RefreshToken { secret: [0; 32], tag: [0; 16], ..opened.refresh.clone() },
            RefreshToken { tag: other.refresh.tag, ..opened.refresh.clone() },
            RefreshToken { session: opened.session.id, ..other.refresh.clone() },
            RefreshToken { session: SessionId::new(99), ..opened.refresh.clone() },
        ] {
            assert_eq!(codes(desk.refresh(1, &made_up)), OVER);
        }
        assert_eq!(desk.ended_for(&opened), None);
        assert!(desk.refresh(2, &opened.refresh).is_ok());
    }

    two_refreshes_at_once_go_on_together(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        desk.reporter("to-truong");
        let opened = desk.come_in(0, &typed("to-truong", PASSWORD));
        let desk = &desk;
        let refreshed: Vec<Opened> = thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| desk.refresh(600, &opened.refresh).expect("each goes on"))).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        assert!(refreshed.windows(2).all(|pair| pair[0].refresh == pair[1].refresh));
        assert_eq!(desk.session(&opened).version, 2, "one of them changed it");
        assert!(desk.refresh(1_200, &refreshed[0].refresh).is_ok());
    }

    a_session_ends_when_it_is_idle_and_whatever_happens(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        desk.reporter("to-truong");
        desk.member("phan-tich", Role::Analyst, false);
        let reporter = desk.come_in(0, &typed("to-truong", PASSWORD));
        let analyst = desk.come_in(0, &typed("phan-tich", PASSWORD));
        assert_eq!(codes(desk.refresh(3_600, &analyst.refresh)), OVER, "an hour");
        let mut token = desk.refresh(8 * 3_600 - 1, &reporter.refresh).expect("less than eight hours").refresh;
        for hour in [15, 22] {
            token = desk.refresh(hour * 3_600, &token).expect("in use").refresh;
        }
        assert_eq!(codes(desk.refresh(24 * 3_600, &token)), OVER, "a day");
    }

    a_session_ends_with_its_account_and_its_assignment(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        let (account, _) = desk.reporter("to-truong");
        let (_, assignment) = desk.reporter("to-pho");
        let one = desk.come_in(0, &typed("to-truong", PASSWORD));
        let other = desk.come_in(0, &typed("to-pho", PASSWORD));
        desk.put_into(account, AccountState::Disabled);
        let mut ended = desk.assignment(assignment);
        (ended.valid_to, ended.version) = (Some(at(0).date_naive()), 2);
        desk.world.write(|tx| tx.update_assignments(std::slice::from_ref(&ended)));
        assert_eq!(codes(desk.refresh(1, &one.refresh)), OVER);
        assert_eq!(codes(desk.refresh(1, &other.refresh)), OVER);
    }

    one_sees_and_ends_the_own_sessions_and_no_others(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        desk.reporter("to-truong");
        desk.reporter("nguoi-khac");
        let [one, two, three] = [0, 1, 2].map(|second| desk.come_in(second, &typed("to-truong", PASSWORD)));
        let foreign = desk.come_in(3, &typed("nguoi-khac", PASSWORD));
        let store = &desk.world.store;
        let actor = desk.act(&two, 4, "").actor;
        let seen = store.read(|tx| read_own_sessions(&actor, tx, at(4))).expect("sessions");
        let ids = |of: &[&Opened]| of.iter().map(|opened| opened.session.id).collect::<Vec<_>>();
        assert_eq!(seen.iter().map(|(session, _)| session.id).collect::<Vec<_>>(), ids(&[&three, &two, &one]));
        let own = store.read(|tx| read_own_account(&actor, tx, at(4))).expect("an account");
        assert_eq!((own.account.login.as_str(), own.has_second_factor, own.needs_second_factor), ("to-truong", false, false));
        assert_eq!(store.read(|tx| read_own_assignments(&actor, tx, at(4))).expect("assignments").len(), 1);
        let end = |opened: &Opened, which: SessionId| {
            let act = desk.act(opened, 5, "endSession");
            desk.desk(5, |desk| desk.store.write(|tx| end_session(&act, tx, which))).err().unwrap_or_default()
        };
        assert_eq!(end(&two, foreign.session.id), [Code::NotFound]);
        assert_eq!(desk.ended_for(&foreign), None);
        assert_eq!(end(&two, one.session.id), []);
        assert_eq!(end(&two, one.session.id), [Code::NotFound], "it is over");
        assert_eq!(desk.ended_for(&one), Some(SessionEnd::Ended));
        let act = desk.act(&two, 6, "endOtherSessions");
        assert_eq!(store.write(|tx| end_other_sessions(&act, tx)), Ok(()));
        assert_eq!((desk.ended_for(&two), desk.ended_for(&three)), (None, Some(SessionEnd::Ended)));
        let act = desk.act(&two, 7, "signOut");
        assert_eq!(store.write(|tx| sign_out(&act, tx)), Ok(()));
        assert_eq!(desk.ended_for(&two), Some(SessionEnd::SignedOut));
        assert_eq!(codes(desk.refresh(8, &two.refresh)), OVER);
        assert_eq!(desk.ended_for(&foreign), None);
    }

    what_is_for_sessions_is_not_for_machines_and_the_host(backend) {
        let Some(desk) = Reception::new(backend) else { return };
        desk.reporter("to-truong");
        let opened = desk.come_in(0, &typed("to-truong", PASSWORD));
        let mut act = desk.act(&opened, 1, "signOut");
        act.actor.session = None;
        let refused = desk.desk(1, |desk| desk.store.write(|tx| sign_out(&act, tx)));
        assert_eq!(refused.err(), Some(vec![Code::Forbidden]));
    }
}
