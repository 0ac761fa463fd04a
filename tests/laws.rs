//! What holds of loading, whatever is loaded.
#![cfg(not(target_arch = "wasm32"))]

mod naive;

use std::cell::Cell;
use std::collections::BTreeSet;

use naive::both::{ASKED_ABOUT, ASKING, begin, crate_dialect, dialect, runner, sorted_lists};
use naive::steps::{Start, Step, payload, places, plain_report, start, step};
use naive::{Dialect, SECTIONS, World};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestError;
use rolecall::{LoadReport, Service};
use serde_json::{Value, json};

type Checked = Result<(), TestCaseError>;

/// Some random life of a service.
type Life = (Dialect, Start, Vec<Step>);

fn life() -> impl Strategy<Value = Life> {
    (dialect(), start(), vec(step(), 0..16))
}

fn live((dialect, start, steps): &Life) -> (Service, World) {
    let (mut service, mut world) = begin(*dialect, start);
    for step in steps {
        let _ = (step.on_service(&mut service), step.on_world(&mut world));
    }
    (service, world)
}

fn hold<T: std::fmt::Debug>(cases: u32, strategy: &impl Strategy<Value = T>, law: impl Fn(T) -> Checked) {
    match runner(cases).run(strategy, law) {
        Ok(()) => {}
        Err(TestError::Fail(reason, life)) => panic!("{reason}\nof {life:#?}"),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

/// What everybody may do everywhere.
fn decisions(service: &Service) -> Vec<BTreeSet<String>> {
    let asked = ASKING.into_iter().flat_map(|identity| ASKED_ABOUT.map(|channel| (identity, channel)));
    let answers = asked.flat_map(|(identity, channel)| {
        let ability = service.ability(identity, channel);
        let actions = [Some(identity), Some("someone else"), None].map(|owner| ability.actions(owner));
        actions.into_iter().chain([ability.permissions()]).collect::<Vec<_>>()
    });
    answers.map(|names| names.into_iter().collect()).collect()
}

fn snapshot(service: &Service) -> Value {
    serde_json::from_str(&service.to_json()).unwrap()
}

/// How many rows came, by what became of them.
fn sums(report: &LoadReport) -> [(u32, u32); 5] {
    [report.roles, report.users, report.channels, report.members, report.invites]
        .map(|counts| (counts.unchanged, counts.added + counts.updated + counts.removed + counts.skipped))
}

#[test]
fn a_snapshot_opens_as_the_same_service() {
    hold(300, &life(), |life| {
        let (service, _) = live(&life);
        let text = service.to_json();
        let (opened, report) = Service::from_json(&text, None, 3).unwrap();
        prop_assert_eq!(opened.dialect(), service.dialect());
        prop_assert_eq!(opened.to_json(), text);
        prop_assert_eq!(decisions(&opened), decisions(&service));
        prop_assert_eq!(sums(&report).map(|(unchanged, _)| unchanged), [0; 5]);
        Ok(())
    });
}

#[test]
fn a_service_that_loads_its_own_snapshot_changes_nothing() {
    hold(200, &(life(), any::<bool>()), |(life, replace)| {
        let (mut service, _) = live(&life);
        let (text, before) = (service.to_json(), decisions(&service));
        let report = service.load_json(&text, replace).unwrap();
        prop_assert_eq!(sums(&report).map(|(_, changed)| changed), [0; 5]);
        prop_assert_eq!(service.to_json(), text);
        prop_assert_eq!(decisions(&service), before);
        Ok(())
    });
}

/// The lists of a payload without rows that bring what another row of the same list brought already.
fn distinct(mut payload: Value) -> Value {
    let key = |row: &Value| -> Option<Vec<String>> {
        let names = ["sid", "channel_sid", "channelSid", "conversation_sid", "conversationSid", "identity", "action"];
        let key: Vec<_> = names.iter().filter_map(|name| row.get(name)).map(ToString::to_string).collect();
        (!key.is_empty()).then_some(key)
    };
    let thin = |list: &mut Vec<Value>| {
        let mut seen = BTreeSet::new();
        list.retain(|row| key(row).is_none_or(|key| seen.insert(key)));
    };
    for section in payload.as_object_mut().unwrap().values_mut() {
        match section {
            Value::Array(list) => thin(list),
            Value::Object(page) => {
                let lists = page.values_mut().filter_map(Value::as_array_mut);
                lists.filter(|list| list.iter().all(Value::is_object)).for_each(thin);
            }
            _ => {}
        }
    }
    payload
}

#[test]
fn a_payload_loaded_again_changes_nothing() {
    hold(300, &(life(), payload(), any::<bool>()), |(life, payload, replace)| {
        let (mut service, _) = live(&life);
        let text = distinct(payload).to_string();
        if service.load_json(&text, replace).is_ok() {
            let (once, before) = (service.to_json(), decisions(&service));
            let report = plain_report(&service.load_json(&text, replace).unwrap());
            for (section, counts) in &report.counts {
                let other = counts.keys().find(|fate| !matches!(**fate, "unchanged" | "skipped"));
                prop_assert_eq!(other, None, "{} {:?}", section, counts);
            }
            prop_assert_eq!(service.to_json(), once);
            prop_assert_eq!(decisions(&service), before);
        }
        Ok(())
    });
}

/// One payload as pages that each hold at most two rows of a section.
fn pages(payload: &Value) -> Vec<Value> {
    let mut pages = Vec::new();
    for (name, section) in payload.as_object().unwrap() {
        let list = section.as_array().or_else(|| section.get(name)?.as_array());
        match list {
            Some(rows) => pages.extend(rows.chunks(2).map(|rows| json!({ name: rows, "meta": { "page_size": 2 } }))),
            None => pages.push(json!({ name: section })),
        }
    }
    pages
}

#[test]
fn pages_may_come_in_any_order() {
    let shuffled = payload().prop_flat_map(|payload| {
        let pages = pages(&distinct(payload.clone()));
        (Just(payload), Just(pages).prop_shuffle())
    });
    hold(400, &(life(), shuffled), |(life, (payload, shuffled))| {
        let (mut at_once, _) = live(&life);
        let mut page_by_page = at_once.clone();
        let together = at_once.load_json(&distinct(payload).to_string(), false);
        let apart: Result<Vec<_>, _> = shuffled.iter().map(|page| page_by_page.load_json(&page.to_string(), false)).collect();
        prop_assert_eq!(together.is_ok(), apart.is_ok());
        if let (Ok(together), Ok(apart)) = (together, apart) {
            prop_assert_eq!(page_by_page.to_json(), at_once.to_json());
            prop_assert_eq!(decisions(&page_by_page), decisions(&at_once));
            let added: u32 = apart.iter().map(|report| report.members.added + report.roles.updated).sum();
            prop_assert_eq!(added, together.members.added + together.roles.updated);
        }
        Ok(())
    });
}

/// The fields that are read: snake case, camel case; everything else in a row is ignored.
fn is_read(field: &str) -> bool {
    let fields = "rolecall dialect sid friendly_name type permissions identity role_sid channel_sid conversation_sid created_by action \
                  any own member_only default_service_role_sid default_chat_service_role_sid default_channel_role_sid \
                  default_conversation_role_sid default_channel_creator_role_sid default_conversation_creator_role_sid";
    fields.split_whitespace().any(|name| name == field || naive::camel_case(name) == field)
}

fn is_section(name: &str) -> bool {
    SECTIONS.iter().any(|(_, names)| names.contains(&name)) || ["actions", "service", "configuration"].contains(&name)
}

/// A JSON pointer as an error's path: `/roles/3/permissions/1` is `roles[3].permissions[1]`.
fn path(pointer: &str) -> String {
    pointer[1..].split('/').fold(String::new(), |path, step| match step.parse::<usize>() {
        Ok(at) => format!("{path}[{at}]"),
        Err(_) if path.is_empty() => step.into(),
        Err(_) => format!("{path}.{step}"),
    })
}

/// What is in one place, and what must not be.
enum Place {
    Section,
    /// The list of a list page.
    PageList,
    Row,
    Text,
    List,
    Flag,
    /// Nobody looks there.
    Ignored,
}

fn place(pointer: &str) -> Place {
    let steps: Vec<&str> = pointer[1..].split('/').collect();
    let is_index = |step: &str| step.parse::<usize>().is_ok();
    match steps[..] {
        [section] if is_section(section) => Place::Section,
        [field] if is_read(field) => Place::Text,
        [_, inner] if is_section(inner) => Place::PageList,
        [.., "permissions"] => Place::List,
        [.., "permissions", at] if is_index(at) => Place::Text,
        [_, at] | [_, _, at] if is_index(at) => Place::Row,
        [.., "member_only" | "memberOnly"] => Place::Flag,
        [_, "meta", ..] => Place::Ignored,
        [_, .., field] if is_read(field) => Place::Text,
        _ => Place::Ignored,
    }
}

impl Place {
    fn wrong_values(&self) -> Vec<Value> {
        let values = [json!(5), json!(-1.5), json!(true), json!("text"), json!(["text"]), json!({ "sid": 1 }), Value::Null];
        let fits = |value: &Value| match self {
            // A list of wrong rows and a resource of wrong fields are wrong further in.
            Place::Section => value.is_array() || value.is_object(),
            Place::PageList | Place::List => value.is_array(),
            Place::Row => value.is_object(),
            // Null is a text that is not there, which is for other tests.
            Place::Text => value.is_string() || value.is_null(),
            Place::Flag => value.is_boolean(),
            Place::Ignored => true,
        };
        values.into_iter().filter(|value| !fits(value)).collect()
    }
}

/// A payload that is broken in any one place fails there and changes nothing; what nobody looks at breaks nothing.
#[test]
fn a_broken_payload_is_refused_at_the_broken_place() {
    let broken = Cell::new(0);
    hold(60, &(life(), payload(), any::<bool>(), any::<bool>()), |(life, payload, whole, replace)| {
        let (mut service, world) = live(&life);
        // A snapshot is a payload, too, and a fuller one.
        let payload = if whole { world.snapshot() } else { payload };
        if service.clone().load_json(&payload.to_string(), replace).is_err() {
            return Ok(());
        }
        let before = service.to_json();
        for pointer in places(&payload) {
            let place = place(&pointer);
            for wrong in place.wrong_values() {
                let mut payload = payload.clone();
                *payload.pointer_mut(&pointer).unwrap() = wrong.clone();
                let Err(error) = service.load_json(&payload.to_string(), replace) else {
                    return Err(TestCaseError::fail(format!("{pointer} may be {wrong} in {payload}")));
                };
                let told = error.path().unwrap_or_default();
                prop_assert_eq!(told, path(&pointer), "{} in {}", wrong, payload);
                prop_assert_eq!(error.code().name(), "invalid-type", "{} in {}", wrong, payload);
                prop_assert_eq!(service.to_json(), before.as_str(), "{} {}", pointer, wrong);
                broken.set(broken.get() + 1);
            }
            if let Place::Ignored = place {
                let mut payload = payload.clone();
                *payload.pointer_mut(&pointer).unwrap() = json!([{ "anything": 5 }]);
                prop_assert!(service.clone().load_json(&payload.to_string(), replace).is_ok(), "{pointer} in {payload}");
            }
        }
        Ok(())
    });
    println!("{} broken payloads refused", broken.get());
    assert!(broken.get() > 10_000);
}

/// How many rows each section has: roles, users, channels, members, invites.
fn rows(payload: &Value) -> [u32; 5] {
    SECTIONS.map(|(_, names)| {
        let count = |name: &&str| match payload.get(*name) {
            None => 0,
            Some(Value::Array(list)) => list.len(),
            Some(page) => names.iter().find_map(|inner| page.get(*inner)?.as_array()).map_or(1, Vec::len),
        };
        u32::try_from(names.iter().map(count).sum::<usize>()).unwrap()
    })
}

#[test]
fn counts_add_up() {
    hold(400, &(life(), payload(), any::<bool>()), |(life, payload, replace)| {
        let (mut service, mut world) = live(&life);
        let before = rows(&snapshot(&service));
        let Ok(report) = service.load_json(&payload.to_string(), replace) else { return Ok(()) };
        let after = rows(&snapshot(&service));
        let counts = [report.roles, report.users, report.channels, report.members, report.invites];
        for ((counts, came), (before, after)) in counts.into_iter().zip(rows(&payload)).zip(before.into_iter().zip(after)) {
            prop_assert_eq!(counts.added + counts.updated + counts.unchanged + counts.skipped, came);
            prop_assert_eq!(before + counts.added - counts.removed, after);
            prop_assert!(replace || counts.removed == 0);
        }
        prop_assert_eq!(plain_report(&report).to_value(), world.load(&payload, replace).unwrap().to_value());
        Ok(())
    });
}

#[test]
fn a_snapshot_opens_in_the_other_dialect() {
    let lacking = Cell::new(0);
    hold(300, &life(), |life| {
        let (service, world) = live(&life);
        let other = if life.0 == Dialect::Chat { Dialect::Conversations } else { Dialect::Chat };
        let (opened, report) = Service::from_json(&service.to_json(), Some(crate_dialect(other)), 3).unwrap();
        let (expected, expected_report) = World::from_payload(&world.snapshot(), Some(other)).unwrap();
        prop_assert_eq!(plain_report(&report).to_value(), expected_report.to_value());
        // Row by row the order is another: what there is to say of each is the same.
        let found = report.warnings.iter().filter(|warning| warning.code == "no-counterpart").count();
        let counted = expected_report.warnings.iter().filter(|(code, _)| *code == "no-counterpart").count();
        prop_assert_eq!(found, counted);
        lacking.set(lacking.get() + counted);
        prop_assert_eq!(sorted_lists(snapshot(&opened)), sorted_lists(expected.snapshot()));
        for identity in ASKING {
            for channel in ASKED_ABOUT {
                for owner in [Some(identity), None] {
                    let allowed: BTreeSet<_> = opened.ability(identity, channel).actions(owner).into_iter().collect();
                    prop_assert_eq!(allowed, expected.standing(identity, channel).actions(owner));
                }
            }
        }
        // Conversations has no more than Chat: nothing is lost on the way there and back.
        if other == Dialect::Chat {
            let (back, _) = Service::from_json(&opened.to_json(), Some(service.dialect()), 3).unwrap();
            prop_assert_eq!(back.to_json(), service.to_json());
        }
        Ok(())
    });
    assert!(lacking.get() > 0, "no snapshot had what Conversations lacks");
}

/// The dialect of a payload: said by a snapshot, else by the first role's type, else by the sections' names.
#[test]
fn the_dialect_is_read_from_the_payload() {
    hold(400, &(payload(), dialect(), any::<bool>()), |(mut payload, said, is_said)| {
        if is_said {
            payload["dialect"] = json!(if said == Dialect::Chat { "chat" } else { "conversations" });
        }
        let Ok((service, _)) = Service::from_json(&payload.to_string(), None, 3) else { return Ok(()) };
        prop_assert_eq!(service.dialect(), crate_dialect(naive::dialect_of(&payload)));
        Ok(())
    });
}

#[test]
fn a_snapshot_of_each_version_that_there_was_opens() {
    let stored: Value = serde_json::from_str(include_str!("package/contract/snapshot-v1.json")).unwrap();
    for dialect in ["chat", "conversations"] {
        let (opened, report) = Service::from_json(&stored[dialect].to_string(), None, 0).unwrap();
        assert_eq!(opened.dialect().name(), dialect);
        assert!(report.roles.added > 0 && report.members.added > 0, "{report:?}");
        assert_eq!(sorted_lists(snapshot(&opened)), sorted_lists(stored[dialect].clone()));
    }
}
