//! What if: which decisions another state of a service would turn over.

use alloc::{string::String, vec, vec::Vec};

use serde::Serialize;

use crate::action::{Action, ActionSet};
use crate::decision::{Asked, Owner, Standing, allowed};
use crate::directory::Kind;
use crate::error::{Code, Error, Result};
use crate::names::{Id, Names};
use crate::order::order;
use crate::roster::Roster;
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

/// The numbers of one name: before, and after.
type Pair = [Option<Id>; 2];

/// Somebody or some channel.
type Named<'a> = (&'a str, Pair);

struct Comparison<'a> {
    services: [&'a Service; 2],
    /// The actions of both, under the name of each: its place before, its place after, whether it asks for an owner.
    actions: Vec<(&'a str, [Option<Action>; 2], bool)>,
    changes: Vec<Change>,
}

/// One decision that is turned over, in whatever place: the action's place in `actions`, the owner, the new answer.
type Flip = (usize, Option<&'static str>, bool);

impl<'a> Comparison<'a> {
    fn new(before: &'a Service, after: &'a Service) -> Self {
        let services = [before, after];
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
        Self { services, actions, changes: Vec::new() }
    }

    fn run(mut self) -> Result<Vec<Change>> {
        let [before, after] = self.services.map(|service| &service.directory);
        let people = paired(&before.people.names, &after.people.names);
        let channels = paired(&before.channels.names, &after.channels.names);
        // A user without a role and an identity that is no user are of classes of their own, and so is what is not known.
        let person_groups = grouped(&people, &|at, person| {
            let user = self.services[at].directory.people.get(person).user;
            user.map_or(1, |role| role.wrapping_add(3))
        });
        let channel_groups = grouped(&channels, &|at, channel| {
            let row = self.services[at].directory.channels.get(channel).row.as_ref();
            if row.is_some_and(|row| row.public) { 2 } else { 1 }
        });
        for group in &person_groups {
            let flips = self.flips(group[0].1, None, false);
            for (identity, _) in group {
                self.tell(identity, None, &flips)?;
            }
            // Those who are neither a member of a channel nor invited to it: all of a group are decided alike.
            for places in &channel_groups {
                let flips = self.flips(group[0].1, Some(places[0].1), false);
                if flips.is_empty() {
                    continue;
                }
                for (sid, channel) in places {
                    for (identity, person) in group {
                        if self.place(*person, *channel).is_none() {
                            self.tell(identity, Some(sid), &flips)?;
                        }
                    }
                }
            }
        }
        for channel in channels {
            self.insiders(channel)?;
        }
        Ok(self.changes)
    }

    fn insiders(&mut self, (sid, channel): Named<'a>) -> Result<()> {
        for place in PLACES {
            let [before, after] = self.services.map(|service| &service.directory);
            let Some(roster) = self.roster(channel, place) else { continue };
            for seat in roster.iter() {
                let identity = [before, after][place.0].people.names.text(seat.person);
                let person = [before, after].map(|directory| directory.people.names.find(identity));
                // Once, even if somebody has several places.
                if self.place(person, channel) == Some(place) {
                    let flips = self.flips(person, Some(channel), true);
                    self.tell(identity, Some(sid), &flips)?;
                }
            }
        }
        Ok(())
    }

    /// The first of the places that somebody has in a channel.
    fn place(&self, person: Pair, channel: Pair) -> Option<(usize, Kind)> {
        let is_in = |place: &(usize, Kind)| self.roster(channel, *place)?.role_of(person[place.0]?);
        PLACES.into_iter().find(|place| is_in(place).is_some())
    }

    fn roster(&self, channel: Pair, (at, kind): (usize, Kind)) -> Option<&'a Roster> {
        Some(self.services[at].directory.channels.get(channel[at]?).roster(kind))
    }

    /// For an outsider whatever is known of members and invites is left out, so that one may stand for others.
    fn flips(&self, person: Pair, channel: Option<Pair>, is_insider: bool) -> Vec<Flip> {
        let standing = if is_insider { Standing::of } else { Standing::of_outsider };
        let sets = [0, 1].map(|at| {
            let Service { directory, vocabulary, .. } = self.services[at];
            let asked = channel.map_or(Asked::NoChannel, |channel| channel[at].map_or(Asked::UnknownChannel, Asked::In));
            let standing = standing(directory, person[at], asked);
            [Owner::Me, Owner::Other].map(|owner| allowed(vocabulary, &standing, owner))
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

    fn tell(&mut self, identity: &str, channel: Option<&str>, flips: &[Flip]) -> Result<()> {
        if self.changes.len() + flips.len() > MOST_CHANGES {
            return Err(Error::new(Code::TooManyChanges, &["the change would turn over more than 500,000 decisions"]));
        }
        for (action, owner, allowed) in flips {
            self.changes.push(Change {
                identity: identity.into(),
                channel: channel.map(Into::into),
                action: self.actions[*action].0.into(),
                owner: *owner,
                allowed: *allowed,
            });
        }
        Ok(())
    }
}

/// Where somebody may have a place in a channel: before and after, as a member and invited.
const PLACES: [(usize, Kind); 4] = [(0, Kind::Member), (0, Kind::Invite), (1, Kind::Member), (1, Kind::Invite)];

/// The names of before, then those that are only after.
fn paired<'a>(before: &'a Names, after: &'a Names) -> Vec<Named<'a>> {
    let mut all = Vec::new();
    for (at, names) in [before, after].into_iter().enumerate() {
        for id in names.ids() {
            let name = names.text(id);
            let pair = [before.find(name), after.find(name)];
            if at == 0 || pair[0].is_none() {
                all.push((name, pair));
            }
        }
    }
    all
}

/// Those of one class together. A class is what makes two people, or two channels, the same where nobody is a member or
/// invited: a number before, and one after; 0 is for what is not known.
fn grouped<'a>(all: &[Named<'a>], class: &dyn Fn(usize, Id) -> u32) -> Vec<Vec<Named<'a>>> {
    let class = |(_, pair): Named| [0, 1].map(|at| pair[at].map_or(0, |id| class(at, id)));
    let class_at = |place: u32| (class(all[place as usize]), place);
    let mut groups: Vec<Vec<Named>> = Vec::new();
    for place in order(all.len(), &|a, b| class_at(a) < class_at(b)) {
        let named = all[place as usize];
        match groups.last_mut() {
            Some(group) if class(group[0]) == class(named) => group.push(named),
            _ => groups.push(vec![named]),
        }
    }
    groups
}
