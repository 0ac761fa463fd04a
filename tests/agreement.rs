//! The crate and the naive world of `naive/` give the same answers: in every combination of a small universe, and after
//! random sequences of operations.
//!
//! The sequences are the same in every run. `AGREEMENT_SEED=7` draws others, `AGREEMENT_CASES=20000` more of them.
#![cfg(not(target_arch = "wasm32"))]

mod naive;

use std::cell::Cell;
use std::fs;

use naive::both::{ASKED_ABOUT, ASKING, begin, dialect, listed, number, runner};
use naive::compare::{
    Compared, add, flips, same_answers, same_answers_everywhere, same_explanations, same_lists, same_outcome, same_preview,
    same_rows, same_who_can,
};
use naive::random::{Start, start, step};
use naive::steps::Step;
use naive::{ACTIONS, Dialect, PERMISSIONS, World};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestError;
use serde_json::{Value, json};

#[test]
fn they_agree_after_random_operations() {
    let compared = Compared::default();
    let [succeeded, failed] = [Cell::new(0), Cell::new(0)];
    let strategy = (dialect(), start(), vec(step(), 1..30));
    let agreed = runner(number("AGREEMENT_CASES", 450)).run(&strategy, |(dialect, start, steps)| {
        let (mut service, mut world) = begin(dialect, &start);
        same_rows(&service, &world)?;
        for (at, step) in steps.iter().enumerate() {
            let is_error = step.on_world(&mut world.clone()).is_err();
            add(if is_error { &failed } else { &succeeded }, 1);
            same_outcome(step, &mut service, &mut world)?;
            if at % 12 == 11 {
                same_answers_everywhere(&service, &world, &compared)?;
            }
        }
        same_lists(&service, &world)?;
        same_answers_everywhere(&service, &world, &compared)?;
        for identity in ASKING {
            for channel in ASKED_ABOUT {
                same_explanations(&service, &world, identity, channel)?;
            }
        }
        same_who_can(&service, &world)
    });
    match agreed {
        Ok(()) => {}
        Err(TestError::Fail(reason, (dialect, start, steps))) => {
            panic!("{reason}\nin {dialect:?}, from {start:?}, after\n{}", listed(&steps))
        }
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
    let Compared { decisions, allowed } = compared;
    let [decisions, allowed, succeeded, failed] = [decisions, allowed, succeeded, failed].map(Cell::into_inner);
    println!(
        "{decisions} decisions, {allowed} of them allowed, after {succeeded} operations that succeeded and {failed} that failed"
    );
    assert!(decisions >= 1_000_000, "{decisions} decisions are too few");
    // A generator that hardly ever lets anybody do anything proves little.
    assert!(allowed > decisions / 20 && succeeded > failed && failed > 0);
}

#[test]
fn previews_list_what_would_flip() {
    let flipped = Cell::new(0);
    let strategy = (dialect(), start(), vec(step(), 0..12), vec(step(), 1..4));
    let agreed = runner(number("AGREEMENT_CASES", 450)).run(&strategy, |(dialect, start, steps, change)| {
        let (mut service, mut world) = begin(dialect, &start);
        for step in &steps {
            let _ = (step.on_service(&mut service), step.on_world(&mut world));
        }
        add(&flipped, same_preview(&service, &world, &change)?);
        Ok(())
    });
    match agreed {
        Ok(()) => {}
        Err(TestError::Fail(reason, (dialect, start, steps, change))) => {
            let (steps, change) = (listed(&steps), listed(&change));
            panic!("{reason}\nin {dialect:?}, from {start:?}, after\n{steps}with a preview of\n{change}")
        }
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
    println!("{} decisions would flip", flipped.get());
    assert!(flipped.get() > 3_000);
}

/// Which role somebody has, or why none that counts.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Has {
    /// No row at all.
    Nothing,
    RowWithoutRole,
    Dangling,
    /// A role of the other scope, with every permission.
    WrongScope,
    Every,
    One(&'static str),
    Both(&'static str, &'static str),
}

impl Has {
    const ODD: [Has; 5] = [Has::Nothing, Has::RowWithoutRole, Has::Dangling, Has::WrongScope, Has::Every];

    /// All there are.
    fn all() -> Vec<Has> {
        let singles = PERMISSIONS.iter().map(|row| Has::One(row.0));
        let pairs = ACTIONS.iter().filter(|row| !row.3.is_empty()).map(|row| Has::Both(row.2, row.3));
        Has::ODD.into_iter().chain(singles).chain(pairs).collect()
    }

    fn permissions(self) -> Vec<&'static str> {
        match self {
            Has::One(name) => vec![name],
            Has::Both(any, own) => vec![any, own],
            _ => PERMISSIONS.iter().map(|row| row.0).collect(),
        }
    }

    /// The role's SID in the row.
    fn role_sid(self, right: &'static str, wrong: &'static str) -> Option<&'static str> {
        match self {
            Has::Nothing | Has::RowWithoutRole => None,
            Has::Dangling => Some("RL-gone"),
            Has::WrongScope => Some(wrong),
            _ => Some(right),
        }
    }
}

/// The channel that Bob is in: the fields of its row, if it has one, and whether Alice is invited.
const CHANNELS: [(Option<&str>, bool); 10] = [
    (None, false),
    (None, true),
    (Some(r#"{"type":"public"}"#), false),
    (Some(r#"{"type":"public"}"#), true),
    (Some(r#"{"type":"private"}"#), false),
    (Some(r#"{"type":"private"}"#), true),
    (Some(r#"{"created_by":"alice"}"#), false),
    (Some(r#"{"created_by":"alice","state":"closed"}"#), false),
    (Some(r#"{"type":"public","state":"initializing"}"#), true),
    (Some(r#"{"type":"public","state":"inactive"}"#), true),
];

/// Alice, with a service role, a channel role and an invite or without.
fn small_world(service: Has, channel: Has, invited: bool, channel_row: Option<&str>) -> Value {
    let row = |sid: Option<&str>, mut row: Value| {
        row["role_sid"] = json!(sid);
        row
    };
    let mut members = vec![json!({ "channel_sid": "CH1", "identity": "bob" })];
    if channel != Has::Nothing {
        let seat = json!({ "channel_sid": "CH1", "identity": "alice" });
        members.push(row(channel.role_sid("channel role", "service role"), seat));
    }
    let user = row(service.role_sid("service role", "channel role"), json!({ "identity": "alice" }));
    let invite = json!({ "channel_sid": "CH1", "identity": "alice" });
    let channel_row = channel_row.map(|fields| {
        let mut row: Value = serde_json::from_str(fields).unwrap();
        row["sid"] = json!("CH1");
        row
    });
    json!({
        "roles": [
            { "sid": "service role", "type": "deployment", "permissions": service.permissions() },
            { "sid": "channel role", "type": "channel", "permissions": channel.permissions() },
        ],
        "users": if service == Has::Nothing { vec![] } else { vec![user] },
        "channels": channel_row.into_iter().collect::<Vec<_>>(),
        "members": members,
        "invites": if invited { vec![invite] } else { vec![] },
    })
}

/// Every role that is one permission or a pair of Any and Own, in either scope, beside each odd role in the other.
fn small_universe() -> Vec<Value> {
    let mut worlds = Vec::new();
    for service in Has::all() {
        for channel in Has::all() {
            if !Has::ODD.contains(&service) && !Has::ODD.contains(&channel) {
                continue;
            }
            let here = CHANNELS.map(|(channel_row, invited)| small_world(service, channel, invited, channel_row));
            worlds.extend(here);
        }
    }
    worlds
}

#[test]
fn they_agree_in_every_small_world() {
    let compared = Compared::default();
    for payload in small_universe() {
        for dialect in [Dialect::Chat, Dialect::Conversations] {
            let (service, world) = begin(dialect, &Start::Peopled(payload.clone()));
            let agreed = ["alice", "nobody"].into_iter().try_for_each(|identity| {
                [None, Some("CH1"), Some("CH2")].into_iter().try_for_each(|channel| {
                    same_answers(&service, &world, identity, channel, &compared)?;
                    same_explanations(&service, &world, identity, channel)
                })
            });
            agreed.unwrap_or_else(|reason| panic!("{reason}\nin {dialect:?} with {payload}"));
        }
    }
    let Compared { decisions, allowed } = compared;
    let [decisions, allowed] = [decisions, allowed].map(Cell::into_inner);
    println!("{decisions} decisions, {allowed} of them allowed");
    assert!(decisions > 1_000_000 && allowed > decisions / 25 && allowed < decisions / 2);
}

/// What everybody may do everywhere, a digit for each action: 1 on one's own things, 2 on others', 3 on both.
fn answers(world: &World) -> Vec<String> {
    let asked = ASKING.into_iter().flat_map(|identity| ASKED_ABOUT.map(|channel| (identity, channel)));
    let digits = |(identity, channel)| {
        let standing = world.standing(identity, channel);
        let may = |action: &str, owner| u8::from(standing.can(action, owner).unwrap());
        let digit = |action: &String| {
            let others = may(action, Some("someone else"));
            assert_eq!(others, may(action, None), "nobody's things are like someone else's");
            (may(action, Some(identity)) + 2 * others).to_string()
        };
        world.action_names().iter().map(digit).collect()
    };
    asked.map(digits).collect()
}

/// What else there is to ask at the end of a sequence; of explanations and of who can, a part that another number changes.
fn asked_at_the_end(number: usize, start: &Start, world: &World, change: &[Step]) -> Value {
    let asked: Vec<_> = ASKING.into_iter().flat_map(|identity| ASKED_ABOUT.map(|channel| (identity, channel))).collect();
    let permissions: Vec<_> = asked.iter().map(|(identity, channel)| world.standing(identity, *channel).permissions()).collect();
    let explained: Vec<Value> = (0..4)
        .map(|part| {
            let (identity, channel) = asked[(7 * number + 11 * part) % asked.len()];
            let owner = [Some(identity), Some("someone else"), None, Some("")][part];
            let standing = world.standing(identity, channel);
            let obstacles: Vec<_> = world.action_names().iter().map(|action| standing.obstacles(action, owner)).collect();
            json!({ "identity": identity, "channel": channel, "owner": owner, "obstacles": obstacles })
        })
        .collect();
    let channel = ASKED_ABOUT[number % ASKED_ABOUT.len()];
    let owner = [None, Some("alice")][number % 2];
    let who: Vec<_> = world.action_names().iter().map(|action| world.who_can(action, channel, owner)).collect();
    let mut after = world.clone();
    for step in change {
        let _ = step.on_world(&mut after);
    }
    json!({
        // A new service makes up the SIDs of its roles.
        "snapshot": if matches!(start, Start::New) { Value::Null } else { world.snapshot() },
        "permissions": permissions,
        "explained": explained,
        "whoCan": { "channel": channel, "owner": owner, "who": who },
        "preview": {
            "change": change.iter().map(Step::as_call).collect::<Vec<_>>(),
            "flips": flips(world, &after),
        },
    })
}

/// One sequence for JavaScript: what to call, what everybody may do after each call, and what else there is to ask then.
fn sequence(number: usize, dialect: Dialect, start: &Start, steps: &[Step], change: &[Step]) -> Value {
    let (mut world, payload) = match start {
        Start::Empty => (World::empty(dialect), json!({})),
        // References are by friendly name there, so that it does not matter which SIDs a new service makes up.
        Start::New => (World::new(dialect, |name| format!("RL of {name}")), Value::Null),
        Start::Peopled(payload) => (World::from_payload(payload, Some(dialect), None).unwrap().0, payload.clone()),
    };
    let record = |call: Value, world: &World, before: &mut Vec<String>| {
        let after = answers(world);
        let changed = after != *before;
        // A step after which nobody may do anything else does not say it all again.
        let mut step = json!({ "actions": world.action_names(), "answers": if changed { json!(after) } else { Value::Null } });
        step.as_object_mut().unwrap().extend(call.as_object().unwrap().clone());
        *before = after;
        step
    };
    let mut before = Vec::new();
    let mut recorded = vec![record(json!({}), &world, &mut before)];
    for step in steps {
        let (method, arguments) = step.as_call();
        let mut call = json!({ "method": method, "arguments": arguments });
        match step.on_world(&mut world) {
            Err(fault) => call["codes"] = json!(fault.codes),
            Ok(Value::Bool(answer)) => call["answer"] = json!(answer),
            Ok(Value::Array(report)) => call["report"] = report[0].clone(),
            // Where a role is the answer, its SID may be one that was made up.
            Ok(_) => {}
        }
        recorded.push(record(call, &world, &mut before));
    }
    let name = if dialect == Dialect::Chat { "chat" } else { "conversations" };
    let end = asked_at_the_end(number, start, &world, change);
    json!({ "dialect": name, "start": payload, "steps": recorded, "end": end })
}

/// Writes down what `tests/package/agreement.test.mjs` replays.
#[test]
fn sequences_are_written_down_for_javascript() {
    let mut runner = runner(300);
    let strategy = (dialect(), start(), vec(step(), 4..24), vec(step(), 1..4));
    let sequences: Vec<Value> = (0..300)
        .map(|number| {
            let (dialect, start, steps, change) = strategy.new_tree(&mut runner).unwrap().current();
            sequence(number, dialect, &start, &steps, &change)
        })
        .collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target");
    fs::create_dir_all(folder).unwrap();
    let text = json!({ "identities": ASKING, "channels": ASKED_ABOUT, "sequences": sequences }).to_string();
    // Renamed into place, so that whoever reads it never finds half of it.
    fs::write(format!("{folder}/agreement.json.part"), text).unwrap();
    fs::rename(format!("{folder}/agreement.json.part"), format!("{folder}/agreement.json")).unwrap();
}
