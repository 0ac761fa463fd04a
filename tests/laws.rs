//! What holds of loading and of snapshots, whatever is loaded.
#![cfg(not(target_arch = "wasm32"))]

mod naive;

use std::cell::Cell;
use std::collections::BTreeSet;

use naive::both::{ASKED_ABOUT, ASKING, begin, crate_dialect, dialect, runner, sorted_lists};
use naive::random::{Start, options, payload, places, start, step};
use naive::steps::{Step, crate_options, plain_report};
use naive::{Dialect, SECTIONS, World};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestError;
use rolecall::{LoadOptions, LoadReport, Service};
use serde_json::{Value, json};

const ADD: LoadOptions = LoadOptions { replace: false, channel: None, identity: None };

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
        let (opened, report) = Service::from_json(&text, None, None, 3).unwrap();
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
        let (text, before, version) = (service.to_json(), decisions(&service), service.version());
        let report = service.load_json(&text, &LoadOptions { replace, ..ADD }).unwrap();
        prop_assert_eq!(sums(&report).map(|(_, changed)| changed), [0; 5]);
        prop_assert_eq!(service.to_json(), text);
        prop_assert_eq!(decisions(&service), before);
        prop_assert_eq!(service.version(), version);
        Ok(())
    });
}

/// The lists of a payload without rows that bring what another row of the same list brought already.
fn distinct(mut payload: Value) -> Value {
    let key = |row: &Value| -> Option<Vec<String>> {
        let names = ["sid", "channelsid", "conversationsid", "conversation", "identity", "participantidentity", "action"];
        let is_key = |name: &str| names.contains(&plain(name).as_str());
        let fields = row.as_object()?.iter().filter(|(name, _)| is_key(name));
        // The client SDK has a channel as an object.
        let of = |value: &Value| value.as_object().and_then(|channel| channel.values().next().cloned()).unwrap_or(value.clone());
        let key: Vec<_> = fields.map(|(_, value)| of(value).to_string()).collect();
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

/// Two rows that bring one unique name take it from each other, each time.
fn has_moved_names(report: &LoadReport) -> bool {
    report.warnings.iter().any(|warning| warning.code == "moved-name")
}

#[test]
fn a_payload_loaded_again_changes_nothing() {
    hold(300, &(life(), payload(), options()), |(life, payload, options)| {
        let (mut service, _) = live(&life);
        let (text, options) = (distinct(payload).to_string(), crate_options(&options));
        if service.load_json(&text, &options).is_ok() {
            let (once, before, version) = (service.to_json(), decisions(&service), service.version());
            let report = service.load_json(&text, &options).unwrap();
            if has_moved_names(&report) || is_a_list(&text) {
                return Ok(());
            }
            for (section, counts) in &plain_report(&report).counts {
                let other = counts.keys().find(|fate| !matches!(**fate, "unchanged" | "skipped"));
                prop_assert_eq!(other, None, "{} {:?}", section, counts);
            }
            prop_assert_eq!(service.to_json(), once);
            prop_assert_eq!(decisions(&service), before);
            prop_assert_eq!(service.version(), version);
        }
        Ok(())
    });
}

/// Rows of somebody's own list may say the contrary of members' and invites' rows.
fn is_a_list(text: &str) -> bool {
    let text = text.to_lowercase().replace('_', "");
    ["usersid", "participantusersid", "participantidentity", "participantmessagingbinding", "status"]
        .iter()
        .any(|name| text.contains(&format!("\"{name}\"")))
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

/// Without what depends on which row comes first: unique names, rows of other services, and invites of members.
fn without_order(mut payload: Value) -> Value {
    fn strip(value: &mut Value) {
        let is_ordered = |name: &str| {
            let name = plain(name);
            name.ends_with("uniquename") || ["servicesid", "chatservicesid"].contains(&name.as_str())
        };
        match value {
            Value::Array(list) => list.iter_mut().for_each(strip),
            Value::Object(fields) => {
                fields.retain(|name, _| !is_ordered(name));
                fields.values_mut().for_each(strip);
            }
            _ => {}
        }
    }
    strip(&mut payload);
    let fields = payload.as_object_mut().unwrap();
    if fields.keys().any(|name| ["members", "participants"].contains(&name.to_lowercase().as_str())) {
        fields.retain(|name, _| name.to_lowercase() != "invites");
    }
    distinct(payload)
}

#[test]
fn pages_may_come_in_any_order() {
    let shuffled = payload().prop_flat_map(|payload| {
        let payload = without_order(payload);
        let pages = pages(&payload);
        (Just(payload), Just(pages).prop_shuffle())
    });
    hold(400, &(life(), shuffled), |(life, (payload, shuffled))| {
        if is_a_list(&payload.to_string()) {
            return Ok(());
        }
        let (mut at_once, _) = live(&life);
        let mut page_by_page = at_once.clone();
        let together = at_once.load_json(&payload.to_string(), &ADD);
        let apart: Result<Vec<_>, _> = shuffled.iter().map(|page| page_by_page.load_json(&page.to_string(), &ADD)).collect();
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

/// A name of a field or a section as it is compared here: `RoleSid` and `role_sid` are one.
fn plain(name: &str) -> String {
    name.replace('_', "").to_lowercase()
}

fn is_section(name: &str) -> bool {
    let sections = SECTIONS.iter().flat_map(|(_, names)| names.iter().copied()).chain(["actions", "service", "configuration"]);
    sections.into_iter().any(|section| section == plain(name))
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
#[derive(Clone, Copy)]
enum Place {
    Section,
    /// The list of a page.
    PageList,
    Row,
    String,
    /// A string, or an object that has one.
    State,
    List,
    Flag,
    /// Whether anything is there is what counts.
    Ignored,
    /// Not for this law.
    Other,
}

/// The fields that hold a string.
const STRINGS: &str = "rolecall dialect sid friendlyname type permissions identity rolesid channelsid conversationsid uniquename createdby \
                       status current action any own servicesid chatservicesid participantidentity \
                       defaultservicerolesid defaultchatservicerolesid defaultchannelrolesid defaultconversationrolesid \
                       defaultchannelcreatorrolesid defaultconversationcreatorrolesid";

fn place(pointer: &str) -> Place {
    let steps: Vec<String> = pointer[1..].split('/').map(plain).collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let is_index = |step: &str| step.parse::<usize>().is_ok();
    let is_string = |field: &str| STRINGS.split_whitespace().any(|name| name == field);
    match steps[..] {
        [section] if is_section(section) => Place::Section,
        ["rolecall" | "dialect"] => Place::String,
        [_, inner] if is_section(inner) || ["instances", "items"].contains(&inner) => Place::PageList,
        [.., "permissions"] => Place::List,
        [.., "permissions", at] if is_index(at) => Place::String,
        [_, at] | [_, _, at] if is_index(at) => Place::Row,
        [.., "memberonly" | "whenclosed"] => Place::Flag,
        [_, "meta", ..] => Place::Ignored,
        [.., "state"] => Place::State,
        [.., "conversation"] => Place::Other,
        [.., "messagingbinding" | "participantmessagingbinding", _] => Place::Ignored,
        [_, .., field] if is_string(field) => Place::String,
        _ => Place::Ignored,
    }
}

impl Place {
    fn wrong_values(self) -> Vec<Value> {
        let values = [json!(5), json!(-1.5), json!(true), json!("text"), json!(["text"]), json!({ "sid": 1 }), Value::Null];
        let fits = |value: &Value| match self {
            // A list of wrong rows and a resource of wrong fields are wrong further in. Nothing is an empty section.
            Place::Section => value.is_array() || value.is_object() || value.is_null(),
            Place::PageList => value.is_array() || value.is_null(),
            Place::List => value.is_array(),
            Place::Row => value.is_object(),
            // What null means is for other tests.
            Place::String => value.is_string() || value.is_null(),
            Place::State => value.is_string() || value.is_null() || value.is_object(),
            Place::Flag => value.is_boolean() || value.is_null(),
            Place::Ignored | Place::Other => true,
        };
        values.into_iter().filter(|value| !fits(value)).collect()
    }
}

fn has_skipped(report: &LoadReport) -> bool {
    [report.roles, report.users, report.channels, report.members, report.invites].iter().any(|counts| counts.skipped > 0)
}

/// A payload that is broken in any one place fails there and changes nothing; what nobody looks at breaks nothing.
#[test]
fn a_broken_payload_is_refused_at_the_broken_place() {
    let broken = Cell::new(0);
    hold(60, &(life(), payload(), any::<bool>(), any::<bool>()), |(life, payload, whole, replace)| {
        let (mut service, world) = live(&life);
        let options = LoadOptions { replace, ..ADD };
        // A snapshot is a payload, too, and a fuller one.
        let payload = if whole { world.snapshot() } else { payload };
        let report = service.clone().load_json(&payload.to_string(), &options);
        // What is in a row that is skipped is nobody's business.
        if report.is_err() || report.is_ok_and(|report| has_skipped(&report)) {
            return Ok(());
        }
        let before = service.to_json();
        for pointer in places(&payload) {
            let place = place(&pointer);
            for wrong in place.wrong_values() {
                let mut payload = payload.clone();
                *payload.pointer_mut(&pointer).unwrap() = wrong.clone();
                let Err(error) = service.load_json(&payload.to_string(), &options) else {
                    return Err(TestCaseError::fail(format!("{pointer} may be {wrong} in {payload}")));
                };
                let found = error.path().unwrap_or_default();
                prop_assert_eq!(found, path(&pointer), "{} in {}", wrong, payload);
                prop_assert_eq!(error.code().name(), "invalid-type", "{} in {}", wrong, payload);
                prop_assert_eq!(service.to_json(), before.as_str(), "{} {}", pointer, wrong);
                broken.set(broken.get() + 1);
            }
            if let Place::Ignored = place {
                let mut payload = payload.clone();
                *payload.pointer_mut(&pointer).unwrap() = json!([{ "anything": 5 }]);
                prop_assert!(service.clone().load_json(&payload.to_string(), &options).is_ok(), "{pointer} in {payload}");
            }
        }
        Ok(())
    });
    println!("{} broken payloads refused", broken.get());
    assert!(broken.get() > 10_000);
}

/// How many rows each section of a payload has: roles, users, channels, members, invites.
fn rows(payload: &Value) -> [u32; 5] {
    let sections = ["roles", "users", "channels conversations", "members participants", "invites"];
    sections.map(|names| {
        let is_named = |name: &str| names.split(' ').any(|section| section == plain(name));
        let list_of = |page: &Value| {
            let fields = page.as_object().into_iter().flatten();
            let mut lists = fields.filter(|(name, _)| is_named(name) || ["instances", "items"].contains(&name.as_str()));
            lists.find_map(|(_, list)| list.as_array().map(Vec::len))
        };
        let count = |section: &Value| match section {
            Value::Null => 0,
            Value::Array(list) => list.len(),
            Value::Object(fields) if fields.is_empty() => 0,
            page => list_of(page).unwrap_or(1),
        };
        let sections = payload.as_object().unwrap().iter().filter(|(name, _)| is_named(name));
        u32::try_from(sections.map(|(_, section)| count(section)).sum::<usize>()).unwrap()
    })
}

/// How many there are of each.
fn totals(service: &Service) -> [u32; 5] {
    let channels = service.channels();
    let seats = |rows: &dyn Fn(&str) -> usize| channels.iter().map(|channel| rows(&channel.sid)).sum::<usize>();
    let [members, invites] = [seats(&|sid| service.members(sid).len()), seats(&|sid| service.invites(sid).len())];
    [service.roles(None).len(), service.users().len(), channels.len(), members, invites]
        .map(|count| u32::try_from(count).unwrap())
}

#[test]
fn counts_add_up() {
    hold(400, &(life(), payload(), options()), |(life, payload, options)| {
        let (mut service, mut world) = live(&life);
        let before = totals(&service);
        let Ok(report) = service.load_json(&payload.to_string(), &crate_options(&options)) else { return Ok(()) };
        let (after, came) = (totals(&service), rows(&payload));
        let sections = ["roles", "users", "channels", "members", "invites"];
        let counts = [report.roles, report.users, report.channels, report.members, report.invites];
        for at in 0..sections.len() {
            let counts = counts[at];
            // A list's rows and the signed-in user come from somewhere else, and channels may be forgotten in part.
            let only_rows = match sections[at] {
                "users" => options.identity.is_none(),
                "channels" => !options.replace,
                _ => true,
            };
            if !is_a_list(&payload.to_string()) && only_rows {
                prop_assert_eq!(counts.added + counts.updated + counts.unchanged + counts.skipped, came[at], "{}", sections[at]);
            }
            // Rows of members and invites make channels known.
            if sections[at] != "channels" {
                prop_assert_eq!(before[at] + counts.added - counts.removed, after[at], "{}", sections[at]);
            }
        }
        prop_assert_eq!(plain_report(&report).to_value(), world.load(&payload, &options).unwrap().to_value());
        Ok(())
    });
}

#[test]
fn a_snapshot_opens_in_the_other_dialect() {
    let lacking = Cell::new(0);
    hold(300, &life(), |life| {
        let (service, world) = live(&life);
        let other = if life.0 == Dialect::Chat { Dialect::Conversations } else { Dialect::Chat };
        let (opened, report) = Service::from_json(&service.to_json(), Some(crate_dialect(other)), None, 3).unwrap();
        let (expected, expected_report) = World::from_payload(&world.snapshot(), Some(other), None).unwrap();
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
            let (back, _) = Service::from_json(&opened.to_json(), Some(service.dialect()), None, 3).unwrap();
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
        let Ok((service, _)) = Service::from_json(&payload.to_string(), None, None, 3) else { return Ok(()) };
        prop_assert_eq!(service.dialect(), crate_dialect(naive::dialect_of(&payload)));
        Ok(())
    });
}
