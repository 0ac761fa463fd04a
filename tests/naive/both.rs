//! What a comparison of the crate with the naive world takes: who is asked about, a common beginning, the random numbers.

use std::env;
use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rolecall::Service;
use serde_json::Value;

use super::random::{CHANNELS, IDENTITIES, Start, UNIQUE_NAMES};
use super::steps::Step;
use super::{Dialect, Scope, World};

/// Those who are there sometimes, one who never is, and nobody.
pub const ASKING: [&str; 7] = [IDENTITIES[0], IDENTITIES[1], IDENTITIES[2], IDENTITIES[3], IDENTITIES[4], "ghost", ""];
/// No channel, each by its SID, one by a unique name, and one that never is.
pub const ASKED_ABOUT: [Option<&str>; 6] =
    [None, Some(CHANNELS[0]), Some(CHANNELS[1]), Some(CHANNELS[2]), Some(UNIQUE_NAMES[0]), Some("CH9")];

pub fn crate_scope(scope: Scope) -> rolecall::Scope {
    match scope {
        Scope::Service => rolecall::Scope::Service,
        Scope::Channel => rolecall::Scope::Channel,
    }
}

pub fn crate_dialect(dialect: Dialect) -> rolecall::Dialect {
    match dialect {
        Dialect::Chat => rolecall::Dialect::Chat,
        Dialect::Conversations => rolecall::Dialect::Conversations,
    }
}

/// A service and a world that begin alike.
pub fn begin(dialect: Dialect, start: &Start) -> (Service, World) {
    match start {
        Start::Empty => (Service::empty(crate_dialect(dialect), 11), World::empty(dialect)),
        Start::New => {
            let service = Service::new(crate_dialect(dialect), 11);
            let sid = |name: &str| service.role(name, None).unwrap().unwrap().sid;
            let world = World::new(dialect, sid);
            (service, world)
        }
        Start::Peopled(payload) => {
            let (service, _) = Service::from_json(&payload.to_string(), Some(crate_dialect(dialect)), None, 11).unwrap();
            (service, World::from_payload(payload, Some(dialect), None).unwrap().0)
        }
    }
}

pub fn number(variable: &str, default: u32) -> u32 {
    env::var(variable).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{variable} is not a number: {text}")))
}

pub fn runner(cases: u32) -> TestRunner {
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&number("AGREEMENT_SEED", 0).to_le_bytes());
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 3_000, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

pub fn dialect() -> impl Strategy<Value = Dialect> {
    any::<bool>().prop_map(|chat| if chat { Dialect::Chat } else { Dialect::Conversations })
}

pub fn sorted_lists(mut snapshot: Value) -> Value {
    for value in snapshot.as_object_mut().unwrap().values_mut() {
        if let Value::Array(rows) = value {
            // An object of `serde_json` sorts its fields, so that equal rows are equal strings.
            rows.sort_by_key(ToString::to_string);
        }
    }
    snapshot
}

/// The steps as JavaScript would call them, to paste.
pub fn listed(steps: &[Step]) -> String {
    steps.iter().fold(String::new(), |mut text, step| {
        let (method, arguments) = step.as_call();
        let _ = writeln!(text, "  {method} {arguments}");
        text
    })
}
