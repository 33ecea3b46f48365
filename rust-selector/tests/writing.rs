//! Replies are written without serde, and nobody can tell.

use atp_selector::contract::{BatchError, Freshness, Ranked, Reply, RequestError, RequestResult, write};
use proptest::prelude::*;

fn double() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(1.0), Just(f64::NAN), 0.0..1.0_f64, any::<f64>()]
}

fn ranked() -> impl Strategy<Value = Ranked<'static>> {
    (
        "\\PC{0,20}",
        double(),
        double(),
        double(),
        double(),
        proptest::option::of(double()),
    )
        .prop_map(|(id, quality, uncertainty, score, propensity, by_task)| Ranked {
            id: id.into(),
            quality,
            uncertainty,
            score,
            propensity,
            by_task,
        })
}

fn state() -> impl Strategy<Value = Freshness> {
    prop_oneof![
        Just(Freshness::Fresh),
        Just(Freshness::Cached),
        Just(Freshness::Stale),
        Just(Freshness::None),
    ]
}

fn error() -> impl Strategy<Value = RequestError> {
    prop_oneof![
        Just(RequestError::EmptyCandidates),
        ".{0,9}".prop_map(|field| RequestError::NonFinite { field }),
        any::<usize>().prop_map(|index| RequestError::DuplicateCandidate { index }),
    ]
}

fn result() -> impl Strategy<Value = RequestResult<'static>> {
    let chosen = (
        ".{0,9}",
        any::<u64>(),
        state(),
        proptest::collection::vec(ranked(), 0..5),
    )
        .prop_map(|(id, state_version, state, ranking)| RequestResult::Chosen {
            id: id.into(),
            state_version,
            state,
            ranking,
        });
    let refused = (".{0,9}", error()).prop_map(|(id, error)| RequestResult::Refused { id: id.into(), error });
    prop_oneof![4 => chosen, 1 => refused]
}

fn reply() -> impl Strategy<Value = Reply<'static>> {
    let results = (
        any::<u64>(),
        any::<u64>(),
        proptest::collection::vec(result(), 0..4),
    )
        .prop_map(|(contract, compute_us, results)| Reply::Results {
            contract,
            compute_us,
            results,
        });
    let refused = Just(Reply::Refused {
        contract: 1,
        error: BatchError::UnknownContract,
    });
    prop_oneof![9 => results, 1 => refused]
}

proptest! {
    #[test]
    fn what_is_written_is_what_serde_writes(reply in reply()) {
        let expected = serde_json::to_string(&reply).unwrap();
        let written = write(&reply);
        prop_assert_eq!(written.text(), &expected);
        prop_assert_eq!(serde_json::to_string(&written).unwrap(), expected);
    }
}
