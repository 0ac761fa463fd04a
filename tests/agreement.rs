//! The crate and the naive world of `naive/` give the same answers: in every combination of a small universe, and after
//! random sequences of operations.
//!
//! The sequences are the same in every run. `AGREEMENT_SEED=7` draws others, `AGREEMENT_CASES=20000` more of them.
#![cfg(not(target_arch = "wasm32"))]

mod naive;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;

use naive::both::{ASKED_ABOUT, ASKING, begin, dialect, listed, number, runner, sorted_lists};
use naive::steps::{Start, Step, start, step};
use naive::{ACTIONS, Dialect, PERMISSIONS, Scope, World};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestError;
use rolecall::Service;
use serde_json::{Value, json};

type Checked = Result<(), TestCaseError>;

/// As a set: the order of a list means nothing.
fn sorted<T: serde::Serialize>(list: &[T]) -> Vec<String> {
    let mut rows: Vec<_> = list.iter().map(|row| serde_json::to_string(row).unwrap()).collect();
    rows.sort();
    rows
}

/// Everything that is there.
fn same_rows(service: &Service, world: &World) -> Checked {
    let snapshot: Value = serde_json::from_str(&service.to_json()).unwrap();
    prop_assert_eq!(sorted_lists(snapshot), sorted_lists(world.snapshot()));
    Ok(())
}

fn same_lists(service: &Service, world: &World) -> Checked {
    let to_value = |rows: Vec<_>| -> Vec<Value> { rows };
    let values = |rows: Value| to_value(rows.as_array().unwrap().clone());
    prop_assert_eq!(sorted(&values(json!(service.roles(None)))), sorted(&world.roles_json()));
    prop_assert_eq!(sorted(&values(json!(service.users()))), sorted(&world.users_json()));
    prop_assert_eq!(sorted(&values(json!(service.channels()))), sorted(&world.channels_json()));
    for channel in ASKED_ABOUT.iter().flatten() {
        prop_assert_eq!(sorted(&values(json!(service.members(channel)))), sorted(&World::seats_json(&world.members, channel)));
        prop_assert_eq!(sorted(&values(json!(service.invites(channel)))), sorted(&World::seats_json(&world.invites, channel)));
    }
    for (scope, naive) in [(rolecall::Scope::Service, Scope::Service), (rolecall::Scope::Channel, Scope::Channel)] {
        let sids: BTreeSet<_> = service.roles(Some(scope)).into_iter().map(|role| role.sid).collect();
        let expected = world.roles.iter().filter(|(_, role)| role.scope == naive).map(|(sid, _)| sid.clone()).collect();
        prop_assert_eq!(sids, expected);
    }
    Ok(())
}

/// How many decisions were compared, and how many of them allowed something.
#[derive(Default)]
struct Compared {
    decisions: Cell<u64>,
    allowed: Cell<u64>,
}

fn add(count: &Cell<u64>, more: usize) {
    count.set(count.get() + more as u64);
}

/// Every action by one who asks, on everybody's things, and the permissions behind it.
fn same_answers(service: &Service, world: &World, identity: &str, channel: Option<&str>, compared: &Compared) -> Checked {
    let actions = world.action_names();
    let standing = world.standing(identity, channel);
    let ability = service.ability(identity, channel);
    let other = if identity == "alice" { "bob" } else { "alice" };
    for owner in [Some(identity), Some(other), None] {
        for action in &actions {
            let decision = ability.can(action, owner).ok();
            prop_assert_eq!(decision, standing.can(action, owner), "{} {:?} {} {:?}", identity, channel, action, owner);
        }
        let allowed: BTreeSet<String> = ability.actions(owner).into_iter().collect();
        add(&compared.decisions, actions.len());
        add(&compared.allowed, allowed.len());
        prop_assert_eq!(allowed, standing.actions(owner), "{} {:?} {:?}", identity, channel, owner);
    }
    let held: Vec<String> = ability.permissions();
    let distinct: BTreeSet<String> = held.iter().cloned().collect();
    prop_assert_eq!(held.len(), distinct.len());
    prop_assert_eq!(distinct, standing.permissions(), "{} {:?}", identity, channel);
    let own = ["pin", "pinOwn", "__proto__", "valueOf", "sendmessage"];
    for name in PERMISSIONS.iter().flat_map(|row| [row.0, row.1]).chain(own) {
        prop_assert_eq!(ability.has(name), standing.has(name), "{} {:?} {}", identity, channel, name);
    }
    Ok(())
}

/// Every explanation of what one who asks may and may not.
fn same_explanations(service: &Service, world: &World, identity: &str, channel: Option<&str>) -> Checked {
    let standing = world.standing(identity, channel);
    let ability = service.ability(identity, channel);
    let seat = channel.map(|channel| (channel.to_string(), identity.to_string()));
    let own_roles = [world.users.get(identity), seat.and_then(|seat| world.members.get(&seat))];
    let not_a_member = if world.dialect == Dialect::Chat { 50400 } else { 50430 };
    for owner in [Some(identity), Some("someone"), None, Some("")] {
        for action in world.action_names() {
            let at = format!("{identity} {channel:?} {action} {owner:?}");
            let decision = ability.explain(&action, owner).unwrap();
            let allowed = standing.can(&action, owner).unwrap();
            let obstacles = standing.obstacles(&action, owner);
            prop_assert_eq!(decision.allowed, allowed, "{}", at);
            // The naive world agrees with itself.
            prop_assert_eq!(obstacles.is_empty(), allowed, "{} {:?}", at, obstacles);
            prop_assert_eq!(decision.status, (!allowed).then_some(403));
            prop_assert!(!decision.message.is_empty());
            match decision.reason {
                Some(reason) => prop_assert!(obstacles.contains(reason), "{at}: {reason}, not of {obstacles:?}"),
                None => prop_assert!(allowed),
            }
            match decision.reason {
                Some("not-a-member") => prop_assert_eq!(decision.twilio_code, Some(not_a_member)),
                Some("missing-permission" | "not-owner") => prop_assert_eq!(decision.twilio_code, Some(50107)),
                _ => {}
            }
            prop_assert_eq!(decision.permission.is_some(), decision.role.is_some());
            if let (Some(permission), Some(role)) = (&decision.permission, &decision.role) {
                prop_assert!(allowed && standing.has(permission), "{at}: by {permission}");
                prop_assert!(own_roles.contains(&Some(&role.sid)), "{at}: by {}, not a role of the user's", role.sid);
                let held = &world.roles[&role.sid].permissions;
                prop_assert!(held.iter().any(|name| name == naive::permission(permission)), "{at}: by {}", role.sid);
            }
        }
    }
    Ok(())
}

fn same_answers_everywhere(service: &Service, world: &World, compared: &Compared) -> Checked {
    for identity in ASKING {
        for channel in ASKED_ABOUT {
            same_answers(service, world, identity, channel, compared)?;
        }
    }
    Ok(())
}

fn same_who_can(service: &Service, world: &World) -> Checked {
    for channel in ASKED_ABOUT {
        for owner in [None, Some("alice")] {
            for action in world.action_names() {
                let who = service.who_can(&action, channel, owner).unwrap();
                let distinct: BTreeSet<_> = who.iter().cloned().collect();
                prop_assert_eq!(who.len(), distinct.len());
                prop_assert_eq!(distinct, world.who_can(&action, channel, owner), "{} {:?} {:?}", action, channel, owner);
            }
        }
    }
    Ok(())
}

/// Both fail or both give the same answer, and one that fails changes nothing.
fn same_outcome(step: &Step, service: &mut Service, world: &mut World) -> Checked {
    let before = service.to_json();
    match (step.on_service(service), step.on_world(world)) {
        (Ok(answer), Ok(expected)) => prop_assert_eq!(answer, expected, "{:?}", step),
        (Err(code), Err(fault)) => {
            prop_assert!(fault.codes.contains(&code), "{step:?}: {code}, not of {:?}", fault.codes);
            prop_assert_eq!(service.to_json(), before, "{:?}", step);
        }
        (answer, expected) => prop_assert!(false, "{step:?}: {answer:?}, not {expected:?}"),
    }
    same_rows(service, world)
}

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

/// Identity, channel, action, owner, and what is decided.
type Turned = (String, Option<String>, String, Option<&'static str>, bool);

/// Every decision that two worlds do not share, of every user in every channel that either knows. What is not there denies.
fn turned_over(before: &World, after: &World) -> BTreeSet<Turned> {
    let mut turned = BTreeSet::new();
    let identities: BTreeSet<_> = before.known_users().into_iter().chain(after.known_users()).collect();
    let channels: BTreeSet<_> = before.known_channels().into_iter().chain(after.known_channels()).collect();
    let actions: BTreeSet<_> = before.action_names().into_iter().chain(after.action_names()).collect();
    for identity in identities {
        for channel in [None].into_iter().chain(channels.iter().map(|channel| Some(*channel))) {
            let (was, is) = (before.standing(identity, channel), after.standing(identity, channel));
            for action in &actions {
                let owners: &[_] = if after.is_owned(action) { &[Some("self"), Some("other")] } else { &[None] };
                for owner in owners {
                    let asked = owner.map(|owner| if owner == "self" { identity } else { "someone else" });
                    let allowed = is.can(action, asked) == Some(true);
                    if allowed != (was.can(action, asked) == Some(true)) {
                        turned.insert((identity.into(), channel.map(String::from), action.clone(), *owner, allowed));
                    }
                }
            }
        }
    }
    turned
}

#[test]
fn previews_say_what_would_be_turned_over() {
    let turned = Cell::new(0);
    let strategy = (dialect(), start(), vec(step(), 0..12), vec(step(), 1..4));
    let agreed = runner(number("AGREEMENT_CASES", 450)).run(&strategy, |(dialect, start, steps, change)| {
        let (mut service, mut world) = begin(dialect, &start);
        for step in &steps {
            let _ = (step.on_service(&mut service), step.on_world(&mut world));
        }
        let mut after = world.clone();
        for step in &change {
            let _ = step.on_world(&mut after);
        }
        let before = service.to_json();
        let changes = service.preview(|draft| {
            for step in &change {
                let _ = step.on_service(draft);
            }
        });
        let changes = changes.unwrap();
        prop_assert_eq!(service.to_json(), before);
        let distinct: BTreeSet<Turned> = changes
            .iter()
            .map(|change| {
                let change = change.clone();
                (change.identity, change.channel, change.action, change.owner, change.allowed)
            })
            .collect();
        prop_assert_eq!(changes.len(), distinct.len());
        add(&turned, changes.len());
        let expected = turned_over(&world, &after);
        let missing: Vec<_> = expected.difference(&distinct).collect();
        let false_ones: Vec<_> = distinct.difference(&expected).collect();
        prop_assert!(missing.is_empty() && false_ones.is_empty(), "missing {missing:?}, wrong {false_ones:?}");
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
    println!("{} decisions would be turned over", turned.get());
    assert!(turned.get() > 3_000);
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

/// Alice, with a service role, a channel role and an invite or without, in a channel that Bob is in.
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
    json!({
        "roles": [
            { "sid": "service role", "type": "deployment", "permissions": service.permissions() },
            { "sid": "channel role", "type": "channel", "permissions": channel.permissions() },
        ],
        "users": if service == Has::Nothing { vec![] } else { vec![user] },
        "channels": channel_row.map_or(vec![], |kind| vec![json!({ "sid": "CH1", "type": kind })]),
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
            for invited in [false, true] {
                for channel_row in [None, Some("public"), Some("private")] {
                    worlds.push(small_world(service, channel, invited, channel_row));
                }
            }
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
    println!("{} decisions, {} of them allowed", compared.decisions.get(), compared.allowed.get());
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

/// One sequence for JavaScript: what to call, and what everybody may do after each call.
fn sequence(dialect: Dialect, start: &Start, steps: &[Step]) -> Value {
    let (mut world, payload) = match start {
        Start::Empty => (World::empty(dialect), json!({})),
        // References are by friendly name there, so that it does not matter which SIDs a new service makes up.
        Start::New => (World::new(dialect, |name| format!("RL of {name}")), Value::Null),
        Start::Peopled(payload) => (World::from_payload(payload, Some(dialect)).unwrap().0, payload.clone()),
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
            // Where a role is the answer, its SID may be one that was made up.
            // What an assignment changed is told to the package alone, to know whether to tell its listeners.
            Ok(Value::Bool(_)) if ["setUser", "setMember", "invite"].contains(&method) => {}
            Ok(Value::Bool(answer)) => call["answer"] = json!(answer),
            Ok(Value::Array(report)) => call["report"] = report[0].clone(),
            Ok(_) => {}
        }
        recorded.push(record(call, &world, &mut before));
    }
    let name = if dialect == Dialect::Chat { "chat" } else { "conversations" };
    json!({ "dialect": name, "start": payload, "steps": recorded })
}

/// Writes down what `tests/package/agreement.test.mjs` replays.
#[test]
fn sequences_are_written_down_for_javascript() {
    let mut runner = runner(300);
    let strategy = (dialect(), start(), vec(step(), 4..24));
    let sequences: Vec<Value> = (0..300)
        .map(|_| {
            let (dialect, start, steps) = strategy.new_tree(&mut runner).unwrap().current();
            sequence(dialect, &start, &steps)
        })
        .collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target");
    fs::create_dir_all(folder).unwrap();
    let text = json!({ "identities": ASKING, "channels": ASKED_ABOUT, "sequences": sequences }).to_string();
    // Renamed into place, so that whoever reads it never finds half of it.
    fs::write(format!("{folder}/agreement.json.part"), text).unwrap();
    fs::rename(format!("{folder}/agreement.json.part"), format!("{folder}/agreement.json")).unwrap();
}
