//! What if: which decisions another state of a service would change.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde::Serialize;

use crate::action::Action;
use crate::decision::{Owner, Standing, Where, allowed, is_creator};
use crate::directory::{Channel, Directory, Kind};
use crate::error::{Problem, Result};
use crate::service::Service;
use crate::spelling::sorted;
use crate::vocabulary::Vocabulary;

/// A decision that would change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The user.
    pub identity: String,
    /// The SID of the channel; `None` outside of any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The action, in the service's dialect.
    pub action: String,
    /// `"self"` or `"other"`: to whom the thing acted on belongs; `None` for an action without an owner.
    pub owner: Option<&'static str>,
    /// What it would be.
    pub allowed: bool,
}

/// A list of changes grows with users times channels; this one still fits into memory.
const MOST_CHANGES: usize = 500_000;

impl Service {
    /// Which decisions a change would change, for every identity and channel that is known before or after it. The change is
    /// made to a copy: this service stays as it is.
    ///
    /// Costs a copy of the service, a decision for each membership, and one for each way in which users and channels differ
    /// otherwise; not one for each pair of a user and a channel.
    ///
    /// # Errors
    ///
    /// `too-many-changes`: more than 500,000.
    pub fn preview(&self, change: impl FnOnce(&mut Service)) -> Result<Vec<Change>> {
        let mut after = self.clone();
        change(&mut after);
        self.differences(&after)
    }

    /// The decisions in which another service differs from this one.
    pub(crate) fn differences(&self, after: &Service) -> Result<Vec<Change>> {
        let sides = [self, after].map(|service| Side { vocabulary: &service.vocabulary, directory: &service.directory });
        let mut actions: Vec<Paired> = Vec::new();
        for (at, side) in sides.iter().enumerate() {
            for action in side.vocabulary.actions() {
                let name = side.vocabulary.action_name(action);
                let known = actions.iter().position(|paired| paired.name == name);
                let index = known.unwrap_or_else(|| {
                    let owned = side.vocabulary.rule(action).own.is_some();
                    actions.push(Paired { name, both: [None; 2], owned });
                    actions.len() - 1
                });
                actions[index].both[at] = Some(action);
            }
        }
        Diff { sides, actions, known: Groups::default(), changes: Vec::new() }.run()
    }
}

/// A service before or after.
struct Side<'s> {
    vocabulary: &'s Vocabulary,
    directory: &'s Directory,
}

/// An action before and after.
struct Paired<'s> {
    name: &'s str,
    both: [Option<Action>; 2],
    /// Whether it needs to know an owner.
    owned: bool,
}

/// One decision that changes, for whoever stands so: the action's name, the owner, the new answer.
type Flip<'s> = (&'s str, Option<&'static str>, bool);

/// Something before and after.
type Pair<T> = [T; 2];

/// Those who stand alike, and the decisions that change for whoever stands so.
#[derive(Default)]
struct Group<'s> {
    names: Vec<&'s str>,
    flips: Option<Rc<[Flip<'s>]>>,
}

/// By how somebody stands: answers depend on nothing else.
#[derive(Default)]
struct Groups<'s>(Vec<(Pair<Standing>, Group<'s>)>);

impl<'s> Groups<'s> {
    fn of(&mut self, standing: Pair<Standing>) -> &mut Group<'s> {
        let Self(groups) = self;
        let known = groups.iter().position(|(known, _)| *known == standing);
        let index = known.unwrap_or(groups.len());
        if known.is_none() {
            groups.push((standing, Group::default()));
        }
        &mut groups[index].1
    }
}

struct Diff<'s> {
    sides: [Side<'s>; 2],
    actions: Vec<Paired<'s>>,
    /// The flips that were found so far.
    known: Groups<'s>,
    changes: Vec<Change>,
}

impl<'s> Diff<'s> {
    fn run(mut self) -> Result<Vec<Change>> {
        let both = self.directories();
        let people = sorted(&mut both.into_iter().flat_map(Directory::people));
        let channels = sorted(&mut both.into_iter().flat_map(Directory::channels).map(|channel| &*channel.sid));
        let mut alike = Groups::default();
        for identity in people {
            alike.of(self.standing(identity, |_| Where::Outside)).names.push(identity);
        }
        let mut strange = Groups::default();
        for sid in channels {
            let key = strangers([Standing::NOBODY; 2], self.channel(sid));
            strange.of(key).names.push(sid);
        }
        for (outside, people) in &alike.0 {
            let flips = self.flips(*outside);
            for identity in &people.names {
                self.add(identity, None, &flips)?;
            }
            for (_, channels) in &strange.0 {
                self.compare_strangers(*outside, &people.names, &channels.names)?;
            }
        }
        for sid in strange.0.iter().flat_map(|(_, channels)| &channels.names) {
            for identity in self.insiders(sid) {
                let flips = self.flips(self.standing(identity, |directory| Where::of(directory.channel(sid))));
                self.add(identity, Some(sid), &flips)?;
            }
        }
        Ok(self.changes)
    }

    /// People who stand alike, in channels that are alike to strangers: one decision for all of them.
    fn compare_strangers(&mut self, outside: Pair<Standing>, people: &[&'s str], channels: &[&'s str]) -> Result<()> {
        let flips = self.flips(strangers(outside, self.channel(channels[0])));
        if flips.is_empty() {
            return Ok(());
        }
        for sid in channels {
            let insiders = self.insiders(sid);
            for identity in people.iter().filter(|identity| !insiders.contains(*identity)) {
                self.add(identity, Some(sid), &flips)?;
            }
        }
        Ok(())
    }

    fn directories(&self) -> Pair<&'s Directory> {
        [self.sides[0].directory, self.sides[1].directory]
    }

    fn channel(&self, sid: &str) -> Pair<Option<&'s Channel>> {
        self.directories().map(|directory| directory.channel(sid))
    }

    fn standing(&self, identity: &str, at: impl Fn(&'s Directory) -> Where<'s>) -> Pair<Standing> {
        self.directories().map(|directory| Standing::of(directory, identity, at(directory)))
    }

    /// Everybody who is or was a member, invited, or the creator of a channel.
    fn insiders(&self, sid: &str) -> BTreeSet<&'s str> {
        let mut insiders = Vec::new();
        for (directory, channel) in self.directories().into_iter().zip(self.channel(sid)) {
            let Some(channel) = channel else { continue };
            for kind in Kind::ALL {
                insiders.extend(directory.seats(kind, channel).into_iter().map(|seat| seat.identity));
            }
            let knows = |identity: &&str| self.directories().iter().any(|directory| directory.is_known(identity));
            insiders.extend(channel.created_by().filter(|identity| is_creator(channel, identity)).filter(knows));
        }
        sorted(&mut insiders.into_iter())
    }

    fn flips(&mut self, standing: Pair<Standing>) -> Rc<[Flip<'s>]> {
        let known = self.known.of(standing);
        if let Some(flips) = &known.flips {
            return Rc::clone(flips);
        }
        let mut flips = Vec::new();
        for (owner, word) in [(Owner::Me, "self"), (Owner::Other, "other")] {
            let [before, after] = [0, 1].map(|at| allowed(self.sides[at].vocabulary, &standing[at], owner));
            for Paired { name, both, owned } in &self.actions {
                let [was, is] =
                    [(both[0], before), (both[1], after)].map(|(action, set)| action.is_some_and(|action| set.contains(action)));
                // Without an owner both sets are the same: once is enough.
                if was != is && (*owned || owner == Owner::Me) {
                    flips.push((*name, owned.then_some(word), is));
                }
            }
        }
        Rc::clone(known.flips.insert(flips.into()))
    }

    fn add(&mut self, identity: &str, channel: Option<&str>, flips: &[Flip]) -> Result<()> {
        if self.changes.len() + flips.len() > MOST_CHANGES {
            return Err(Problem::TooManyChanges.into());
        }
        self.changes.extend(flips.iter().map(|(action, owner, allowed)| Change {
            identity: identity.into(),
            channel: channel.map(Into::into),
            action: (*action).into(),
            owner: *owner,
            allowed: *allowed,
        }));
        Ok(())
    }
}

/// How those who stand so outside of any channel stand to one to which they have no relation.
fn strangers(outside: Pair<Standing>, channel: Pair<Option<&Channel>>) -> Pair<Standing> {
    [outside[0].as_a_stranger_in(channel[0]), outside[1].as_a_stranger_in(channel[1])]
}
