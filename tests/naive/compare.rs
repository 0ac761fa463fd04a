//! What the crate and the naive world must agree on.

use std::cell::Cell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use rolecall::{Decision, Service};
use serde_json::{Value, json};

use super::both::{ASKED_ABOUT, ASKING, crate_scope, sorted_lists};
use super::steps::Step;
use super::{Dialect, PERMISSIONS, Scope, Standing, World, is_spelt_twice};

pub type Checked = Result<(), TestCaseError>;

/// As a set: the order of a list means nothing.
fn sorted<T: serde::Serialize>(list: &[T]) -> Vec<String> {
    let mut rows: Vec<_> = list.iter().map(|row| serde_json::to_string(row).unwrap()).collect();
    rows.sort();
    rows
}

/// Everything that is there.
pub fn same_rows(service: &Service, world: &World) -> Checked {
    let snapshot: Value = serde_json::from_str(&service.to_json()).unwrap();
    prop_assert_eq!(sorted_lists(snapshot), sorted_lists(world.snapshot()));
    Ok(())
}

pub fn same_lists(service: &Service, world: &World) -> Checked {
    let values = |rows: Value| rows.as_array().unwrap().clone();
    prop_assert_eq!(sorted(&values(json!(service.roles(None)))), sorted(&world.roles_json()));
    prop_assert_eq!(sorted(&values(json!(service.users()))), sorted(&world.users_json()));
    prop_assert_eq!(sorted(&values(json!(service.channels()))), sorted(&world.channels_json()));
    for channel in ASKED_ABOUT.iter().flatten() {
        prop_assert_eq!(sorted(&values(json!(service.members(channel)))), sorted(&world.seats_json(&world.members, channel)));
        prop_assert_eq!(sorted(&values(json!(service.invites(channel)))), sorted(&world.seats_json(&world.invites, channel)));
    }
    for scope in [Scope::Service, Scope::Channel] {
        let sids: BTreeSet<_> = service.roles(Some(crate_scope(scope))).into_iter().map(|role| role.sid).collect();
        let expected = world.roles.iter().filter(|(_, role)| role.scope == scope).map(|(sid, _)| sid.clone()).collect();
        prop_assert_eq!(sids, expected);
    }
    same_role_references(service, world)
}

/// Every way to call a role finds the same one, or none, or too many.
fn same_role_references(service: &Service, world: &World) -> Checked {
    let others = ["nobody", "", "WRITER", "ÄRGER", "Admin", "rl2"];
    let names = world.roles.iter().flat_map(|(sid, role)| [sid.as_str(), &role.friendly_name]).chain(others);
    for name in names {
        for scope in [None, Some(Scope::Service), Some(Scope::Channel)] {
            let found = service.role(name, scope.map(crate_scope)).map(|role| role.map(|role| json!(role)));
            let found = found.map_err(|error| vec![error.code().name()]);
            let expected = world.role(name, scope).map_err(|fault| fault.codes);
            prop_assert_eq!(found, expected, "{} of {:?}", name, scope);
        }
    }
    Ok(())
}

/// How many decisions were compared, and how many of them allowed something.
#[derive(Default)]
pub struct Compared {
    pub decisions: Cell<u64>,
    pub allowed: Cell<u64>,
}

pub fn add(count: &Cell<u64>, more: usize) {
    count.set(count.get() + more as u64);
}

/// Every action by one who asks, on everybody's things, and the permissions behind it.
pub fn same_answers(service: &Service, world: &World, identity: &str, channel: Option<&str>, compared: &Compared) -> Checked {
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
pub fn same_explanations(service: &Service, world: &World, identity: &str, channel: Option<&str>) -> Checked {
    let standing = world.standing(identity, channel);
    let ability = service.ability(identity, channel);
    let seat = channel.and_then(|channel| world.channel_sid(channel)).map(|sid| (sid, identity.to_string()));
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
            let reason = decision.reason.map(rolecall::Reason::name);
            match reason {
                Some(reason) => prop_assert!(obstacles.contains(reason), "{at}: {reason}, not of {obstacles:?}"),
                None => prop_assert!(allowed),
            }
            match reason {
                Some("not-a-member") => prop_assert_eq!(decision.twilio_code, Some(not_a_member)),
                Some("missing-permission" | "not-owner") => prop_assert_eq!(decision.twilio_code, Some(50107)),
                Some("closed") => prop_assert_eq!(decision.twilio_code, Some(50377)),
                _ => {}
            }
            same_granting_roles(&decision, &standing, &at)?;
            prop_assert_eq!(decision.permission.is_some(), decision.role.is_some());
            if let (Some(permission), Some(role)) = (&decision.permission, &decision.role) {
                prop_assert!(allowed && standing.has(permission), "{at}: by {permission}");
                prop_assert!(own_roles.contains(&Some(&role.sid)), "{at}: by {}, not a role of the user's", role.sid);
                let held = &world.roles[&role.sid].permissions;
                prop_assert!(held.iter().any(|name| name == super::permission(permission)), "{at}: by {}", role.sid);
            }
        }
    }
    Ok(())
}

/// A denial names what is missing and at most five roles that have it; an approval names neither.
fn same_granting_roles(decision: &Decision, standing: &Standing, at: &str) -> Checked {
    prop_assert_eq!(decision.missing.is_some(), !decision.allowed, "{}", at);
    prop_assert_eq!(decision.granted_by.is_some(), !decision.allowed, "{}", at);
    let (Some(missing), Some(granted_by)) = (&decision.missing, &decision.granted_by) else { return Ok(()) };
    let reason = decision.reason.map(rolecall::Reason::name);
    let expected = standing.roles_that_grant(missing, reason == Some("not-a-member"));
    let named: BTreeSet<_> = granted_by.iter().map(|role| role.sid.clone()).collect();
    prop_assert_eq!(named.len(), granted_by.len(), "{}", at);
    prop_assert_eq!(named.len(), expected.len().min(5), "{}: {:?} of {:?}", at, named, expected);
    prop_assert!(named.is_subset(&expected), "{at}: {named:?} of {expected:?}");
    if matches!(reason, Some("closed" | "not-visible")) {
        prop_assert!(missing.is_empty(), "{at}: {missing:?}");
    }
    Ok(())
}

pub fn same_answers_everywhere(service: &Service, world: &World, compared: &Compared) -> Checked {
    for identity in ASKING {
        for channel in ASKED_ABOUT {
            same_answers(service, world, identity, channel, compared)?;
        }
    }
    Ok(())
}

pub fn same_who_can(service: &Service, world: &World) -> Checked {
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

/// Both fail or both give the same answer. One that fails changes nothing, and the version says whether anything changed.
pub fn same_outcome(step: &Step, service: &mut Service, world: &mut World) -> Checked {
    if let Step::Load(payload, _) = step
        && is_spelt_twice(payload)
    {
        return Ok(());
    }
    let (before, version) = (service.to_json(), service.version());
    match (step.on_service(service), step.on_world(world)) {
        (Ok(answer), Ok(expected)) => prop_assert_eq!(answer, expected, "{:?}", step),
        (Err(code), Err(fault)) => {
            prop_assert!(fault.codes.contains(&code), "{step:?}: {code}, not of {:?}", fault.codes);
            prop_assert_eq!(&service.to_json(), &before, "{:?}", step);
        }
        (answer, expected) => prop_assert!(false, "{step:?}: {answer:?}, not {expected:?}"),
    }
    if service.to_json() != before {
        prop_assert_ne!(service.version(), version, "{:?} changed something", step);
    } else if !matches!(step, Step::Load(..)) {
        // A load may change something and change it back.
        prop_assert_eq!(service.version(), version, "{:?} changed nothing", step);
    }
    same_rows(service, world)
}

/// Identity, channel, action, owner, and what is decided.
pub type Flip = (String, Option<String>, String, Option<&'static str>, bool);

/// Every decision that two worlds do not share, of every user in every channel that either knows. What is not there denies.
pub fn flips(before: &World, after: &World) -> BTreeSet<Flip> {
    let mut flips = BTreeSet::new();
    let identities: BTreeSet<_> = before.known_users().into_iter().chain(after.known_users()).collect();
    let channels: BTreeSet<_> = before.known_channels().into_iter().chain(after.known_channels()).collect();
    let actions: BTreeSet<_> = before.action_names().into_iter().chain(after.action_names()).collect();
    for identity in identities {
        for channel in [None].into_iter().chain(channels.iter().map(|channel| Some(*channel))) {
            // A change names a channel by its SID, which may be what another channel is called.
            let (was, is) = (before.standing_by_sid(identity, channel), after.standing_by_sid(identity, channel));
            for action in &actions {
                let owners: &[_] = if after.is_owned(action) { &[Some("self"), Some("other")] } else { &[None] };
                for owner in owners {
                    let asked = owner.map(|owner| if owner == "self" { identity } else { "someone else" });
                    let allowed = is.can(action, asked) == Some(true);
                    if allowed != (was.can(action, asked) == Some(true)) {
                        flips.insert((identity.into(), channel.map(String::from), action.clone(), *owner, allowed));
                    }
                }
            }
        }
    }
    flips
}

/// A preview lists exactly the decisions that a change would flip, and changes nothing. Returns how many those are.
pub fn same_preview(service: &Service, world: &World, change: &[Step]) -> Result<usize, TestCaseError> {
    let mut after = world.clone();
    for step in change {
        let _ = step.on_world(&mut after);
    }
    let before = service.to_json();
    let changes = service.preview(|draft| {
        for step in change {
            let _ = step.on_service(draft);
        }
    });
    let changes = changes.unwrap();
    prop_assert_eq!(service.to_json(), before);
    let distinct: BTreeSet<Flip> = changes
        .iter()
        .map(|change| {
            let change = change.clone();
            (change.identity, change.channel, change.action, change.owner, change.allowed)
        })
        .collect();
    prop_assert_eq!(changes.len(), distinct.len());
    let expected = flips(world, &after);
    let missing: Vec<_> = expected.difference(&distinct).collect();
    let false_ones: Vec<_> = distinct.difference(&expected).collect();
    prop_assert!(missing.is_empty() && false_ones.is_empty(), "missing {missing:?}, wrong {false_ones:?}");
    Ok(changes.len())
}
