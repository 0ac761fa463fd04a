//! What if: which decisions another state of a service would turn over.

use alloc::{string::String, vec, vec::Vec};

use hashbrown::HashTable;
use serde::Serialize;

use crate::action::{Action, ActionSet};
use crate::decision::{Asked, Owner, Standing, allowed};
use crate::directory::Kind;
use crate::error::{Code, Error, Result};
use crate::names::{Id, Names, mix};
use crate::service::Service;

/// A decision that would be turned over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// The user.
    pub identity: String,
    /// The channel; `None` for what is decided outside of any.
    pub channel: Option<String>,
    /// The action, in the service's dialect.
    pub action: String,
    /// `"self"` or `"other"`: whose the thing acted on is; `None` for an action that asks for no owner.
    pub owner: Option<&'static str>,
    /// What it would be.
    pub allowed: bool,
}

impl Service {
    /// Which decisions a change would turn over, for every identity and channel that is known before or after it. The
    /// change is made to a copy: this service stays as it is.
    ///
    /// Costs a copy of the service, a decision for each membership, and one for each way in which users and channels differ
    /// otherwise; not one for each pair of a user and a channel.
    ///
    /// # Errors
    ///
    /// `too-many-changes`: more than a list of them could tell anybody.
    pub fn preview(&self, change: impl FnOnce(&mut Service)) -> Result<Vec<Change>> {
        let mut after = self.clone();
        change(&mut after);
        self.differences(&after)
    }

    pub(crate) fn differences(&self, after: &Service) -> Result<Vec<Change>> {
        Comparison::new(self, after).run()
    }
}

/// A list of changes grows with users times channels; this one still fits into memory.
const MOST_CHANGES: usize = 500_000;

/// One of the two numbers of the same name: before, and after.
type Pair = [Option<Id>; 2];

/// What makes two users, or two channels, the same where nobody is a member or invited: a number before, and one after.
type Class = [u32; 2];

struct Comparison<'a> {
    services: [&'a Service; 2],
    people: Vec<(&'a str, Pair)>,
    /// Where a number of before, or of after, is in `people`.
    place_of: [Vec<usize>; 2],
    channels: Vec<(&'a str, Pair)>,
    /// The channel in which each of `people` was last met as an insider.
    seen_in: Vec<usize>,
    /// The actions of both, under the name of each: its place before, its place after.
    actions: Vec<(&'a str, [Option<Action>; 2], bool)>,
    changes: Vec<Change>,
}

/// One decision that is turned over, in whatever place: the action's place in `actions`, the owner, the new answer.
type Flip = (usize, Option<&'static str>, bool);

impl<'a> Comparison<'a> {
    fn new(before: &'a Service, after: &'a Service) -> Self {
        let services = [before, after];
        let names = services.map(|service| &service.directory);
        let mut actions: Vec<(&str, [Option<Action>; 2], bool)> = Vec::new();
        for (at, service) in services.into_iter().enumerate() {
            for action in service.vocabulary.actions() {
                let name = service.vocabulary.action_name(action);
                let place = actions.iter().position(|(known, ..)| *known == name).unwrap_or_else(|| {
                    actions.push((name, [None; 2], service.vocabulary.rule(action).own.is_some()));
                    actions.len() - 1
                });
                actions[place].1[at] = Some(action);
            }
        }
        let people = paired(names.map(|directory| &directory.people.names));
        let mut place_of = [Vec::new(), Vec::new()];
        for (place, (_, pair)) in people.iter().enumerate() {
            for (at, id) in pair.iter().enumerate() {
                if let Some(id) = *id {
                    let places: &mut Vec<usize> = &mut place_of[at];
                    places.resize(places.len().max(id as usize + 1), 0);
                    places[id as usize] = place;
                }
            }
        }
        Self {
            services,
            seen_in: vec![usize::MAX; people.len()],
            people,
            place_of,
            channels: paired(names.map(|directory| &directory.channels.names)),
            actions,
            changes: Vec::new(),
        }
    }

    fn run(mut self) -> Result<Vec<Change>> {
        // 0 is for what is not known; a user without a role and an identity that is no user have numbers of their own.
        let people = grouped(&self.people, |at, person| {
            let user = self.services[at].directory.people.get(person).user;
            user.map_or(1, |role| role.wrapping_add(3))
        });
        let channels = grouped(&self.channels, |at, channel| {
            let row = self.services[at].directory.channels.get(channel).row.as_ref();
            if row.is_some_and(|row| row.public) { 2 } else { 1 }
        });
        for group in &people {
            self.outside_of_channels(group)?;
            for places in &channels {
                self.outsiders(group, places)?;
            }
        }
        for place in 0..self.channels.len() {
            self.insiders(place)?;
        }
        Ok(self.changes)
    }

    fn outside_of_channels(&mut self, group: &[usize]) -> Result<()> {
        let flips = self.flips(|at, service| Standing::of(&service.directory, self.people[group[0]].1[at], Asked::NoChannel));
        for person in group {
            self.tell(*person, None, &flips)?;
        }
        Ok(())
    }

    /// Those who are neither a member of a channel nor invited to it: all of a group are decided alike.
    fn outsiders(&mut self, group: &[usize], places: &[usize]) -> Result<()> {
        let flips = self.flips(|at, service| {
            Standing::of_outsider(&service.directory, self.people[group[0]].1[at], self.asked(places[0], at))
        });
        if flips.is_empty() {
            return Ok(());
        }
        for place in places {
            for person in group {
                if !self.is_insider(*person, *place) {
                    self.tell(*person, Some(*place), &flips)?;
                }
            }
        }
        Ok(())
    }

    /// A channel, before or after.
    fn asked(&self, place: usize, at: usize) -> Asked {
        self.channels[place].1[at].map_or(Asked::UnknownChannel, Asked::In)
    }

    fn is_insider(&self, person: usize, place: usize) -> bool {
        let (person, place) = (self.people[person].1, self.channels[place].1);
        self.services.iter().enumerate().any(|(at, service)| {
            let (Some(person), Some(channel)) = (person[at], place[at]) else { return false };
            let entry = service.directory.channels.get(channel);
            [Kind::Member, Kind::Invite].iter().any(|kind| entry.roster(*kind).role_of(person).is_some())
        })
    }

    fn insiders(&mut self, place: usize) -> Result<()> {
        let mut insiders: Vec<usize> = Vec::new();
        for (at, service) in self.services.iter().enumerate() {
            let Some(channel) = self.channels[place].1[at] else { continue };
            let entry = service.directory.channels.get(channel);
            for seat in entry.members.iter().chain(entry.invites.iter()) {
                let person = self.place_of[at][seat.person as usize];
                if core::mem::replace(&mut self.seen_in[person], place) != place {
                    insiders.push(person);
                }
            }
        }
        for person in insiders {
            let flips =
                self.flips(|at, service| Standing::of(&service.directory, self.people[person].1[at], self.asked(place, at)));
            self.tell(person, Some(place), &flips)?;
        }
        Ok(())
    }

    fn flips(&self, standing: impl Fn(usize, &Service) -> Standing) -> Vec<Flip> {
        let sets = [0, 1].map(|at| {
            let service = self.services[at];
            let standing = standing(at, service);
            [Owner::Me, Owner::Other].map(|owner| allowed(&service.vocabulary, &standing, owner))
        });
        if self.services[0].vocabulary.actions().eq(self.services[1].vocabulary.actions()) && sets[0] == sets[1] {
            return Vec::new();
        }
        let holds = |set: ActionSet, action: Option<Action>| action.is_some_and(|action| set.contains(action));
        let mut flips = Vec::new();
        for (place, (_, actions, owned)) in self.actions.iter().enumerate() {
            let owners: &[(usize, Option<&str>)] = if *owned { &[(0, Some("self")), (1, Some("other"))] } else { &[(1, None)] };
            for (owner, name) in owners {
                let [before, after] = [0, 1].map(|at| holds(sets[at][*owner], actions[at]));
                if before != after {
                    flips.push((place, *name, after));
                }
            }
        }
        flips
    }

    fn tell(&mut self, person: usize, place: Option<usize>, flips: &[Flip]) -> Result<()> {
        if self.changes.len() + flips.len() > MOST_CHANGES {
            return Err(Error::new(Code::TooManyChanges, &["the change would turn over more than 500,000 decisions"]));
        }
        for (action, owner, allowed) in flips {
            self.changes.push(Change {
                identity: self.people[person].0.into(),
                channel: place.map(|place| self.channels[place].0.into()),
                action: self.actions[*action].0.into(),
                owner: *owner,
                allowed: *allowed,
            });
        }
        Ok(())
    }
}

/// The names of before, then those that are only after.
fn paired([before, after]: [&Names; 2]) -> Vec<(&str, Pair)> {
    let kept = before.ids().map(|id| (before.text(id), [Some(id), after.find(before.text(id))]));
    let new = after.ids().filter(|id| before.find(after.text(*id)).is_none()).map(|id| (after.text(id), [None, Some(id)]));
    kept.chain(new).collect()
}

/// The places of what is of one class.
fn grouped(all: &[(&str, Pair)], class: impl Fn(usize, Id) -> u32) -> Vec<Vec<usize>> {
    let mut groups: Vec<(Class, Vec<usize>)> = Vec::new();
    let mut known: HashTable<usize> = HashTable::new();
    let hash = |class: Class| mix(u64::from(class[0]) << 32, u64::from(class[1]));
    for (place, (_, pair)) in all.iter().enumerate() {
        let class = [0, 1].map(|at| pair[at].map_or(0, |id| class(at, id)));
        if let Some(group) = known.find(hash(class), |group| groups[*group].0 == class) {
            groups[*group].1.push(place);
        } else {
            groups.push((class, vec![place]));
            known.insert_unique(hash(class), groups.len() - 1, |group| hash(groups[*group].0));
        }
    }
    groups.into_iter().map(|(_, places)| places).collect()
}
