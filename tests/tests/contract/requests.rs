//! Request ids: one effect each.

use caodiem_domain::error::Error;
use caodiem_domain::problem::Code;
use caodiem_domain::request::{RecordedRequest, RequestKey};
use caodiem_domain::text::{RequestId, Subject};
use caodiem_tests::on_both;

use crate::world::{World, moment};

fn key(subject: &str, id: &str, content: u8) -> RequestKey {
    RequestKey {
        subject: Subject::new(subject).expect("a subject"),
        id: RequestId::new(id).expect("an id"),
        fingerprint: [content; 32],
    }
}

on_both! {
    a_request_is_found_whatever_its_fingerprint(backend) {
        let Some(world) = World::new(backend) else { return };
        let at = moment("2023-06-05T08:30:00Z");
        let (one, other) = (key("an", "r-1", 1), key("binh", "r-1", 0xab));
        world.write(|tx| {
            tx.record_requests(&[(one.clone(), "42".to_owned(), at), (other.clone(), "\"[{'\n".to_owned(), at)])
        });
        let retry = key("an", "r-1", 9);
        let asked = [retry.clone(), other.clone(), key("an", "r-2", 1), key("chi", "r-1", 1)];
        let found = world.read(|tx| tx.recorded_requests(&asked));
        let recorded = |fingerprint, outcome: &str| RecordedRequest { fingerprint, outcome: outcome.to_owned() };
        let expected = [(retry, recorded([1; 32], "42")), (other, recorded([0xab; 32], "\"[{'\n"))];
        assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
        assert_eq!(world.read(|tx| tx.recorded_requests(&[])).len(), 0);
    }

    a_request_takes_effect_once(backend) {
        let Some(world) = World::new(backend) else { return };
        let record = |key: &RequestKey, outcome: &str| {
            let row = (key.clone(), outcome.to_owned(), moment("2023-06-05T08:30:00Z"));
            match world.store.write(|tx| Ok(tx.record_requests(std::slice::from_ref(&row))?)) {
                Ok(()) => None,
                Err(Error::Refused(problems)) => Some(problems[0].code()),
                Err(other) => panic!("{other:?}"),
            }
        };
        assert_eq!(record(&key("an", "r-1", 1), "first"), None);
        assert_eq!(record(&key("an", "r-1", 1), "second"), Some(Code::RequestIdReused));
        assert_eq!(record(&key("an", "r-1", 2), "third"), Some(Code::RequestIdReused));
        let found = world.read(|tx| tx.recorded_requests(&[key("an", "r-1", 1)]));
        assert_eq!(found.into_values().map(|request| request.outcome).collect::<Vec<_>>(), ["first"]);
    }
}
