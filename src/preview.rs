//! What if: which decisions another state of a service would turn over.

use alloc::vec::Vec;

use crate::action::Action;
use crate::answer::phrase;
use crate::decision::{Owner, Standing, allowed};
use crate::directory::{Channel, Directory, Kind};
use crate::error::{Checked, Code, Refusal};
use crate::model::Model;
use crate::order::order;
use crate::roster::{Assignment, Roster};
use crate::text::Text;
use crate::vocabulary::Vocabulary;

/// A decision that would be turned over.
#[derive(Clone, Copy)]
pub(crate) struct Turned {
    pub identity: Text,
    /// `None` for what is decided outside of any.
    pub channel: Option<Text>,
    /// The action's name in the service's dialect.
    pub action: Text,
    pub whose: Whose,
    /// What it would be.
    pub allowed: bool,
}

/// Whose the thing acted on is, for an action that asks for an owner.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    NotAsked,
    Own,
    Others,
}

impl<T> Model<T> {
    /// The decisions that lead from this service's to another's, both with the same texts.
    pub fn differences(&self, after: &Self) -> Checked<Vec<Turned>> {
        let both = [(&self.vocabulary, &self.directory), (&after.vocabulary, &after.directory)];
        let mut actions: Vec<Paired> = Vec::new();
        for (at, (vocabulary, _)) in both.into_iter().enumerate() {
            for action in vocabulary.actions() {
                let name = vocabulary.action_name(action);
                let place = actions.iter().position(|paired| paired.name == name).unwrap_or_else(|| {
                    actions.push(Paired { name, both: [None; 2], owned: vocabulary.rule(action).own.is_some() });
                    actions.len() - 1
                });
                actions[place].both[at] = Some(action);
            }
        }
        Comparison { both, actions, turned: Vec::new() }.run()
    }
}

/// A list of changes grows with users times channels; this one still fits into memory.
const MOST_CHANGES: usize = 500_000;

/// An action before and after.
struct Paired {
    name: Text,
    both: [Option<Action>; 2],
    /// Whether it asks for an owner.
    owned: bool,
}

struct Comparison<'a> {
    both: [(&'a Vocabulary, &'a Directory); 2],
    actions: Vec<Paired>,
    turned: Vec<Turned>,
}

/// One decision that is turned over, in whatever place: the action's name, whose it is, the new answer.
type Flip = (Text, Whose, bool);

impl<'a> Comparison<'a> {
    fn run(mut self) -> Checked<Vec<Turned>> {
        let [before, after] = self.both.map(|(_, directory)| directory);
        let mut people: Vec<Text> = before.people().collect();
        people.extend(after.people().filter(|identity| !before.is_known(*identity)));
        let mut channels = before.channel_sids();
        channels.extend(after.channels().map(|channel| channel.sid).filter(|sid| before.channel(*sid).is_none()));
        // A user without a role and an identity that is no user are of classes of their own, and so is what is not known.
        let person_groups = grouped(&people, &|identity| {
            [before, after].map(|directory| match directory.user(identity) {
                Some(role) => role.0 + 2,
                None => u32::from(directory.is_known(identity)),
            })
        });
        let channel_groups = grouped(&channels, &|sid| {
            let class = |channel: &Channel| if channel.row.is_some_and(|row| row.public) { 2 } else { 1 };
            [before, after].map(|directory| directory.channel(sid).map_or(0, class))
        });
        for group in &person_groups {
            let flips = self.flips(group[0], None, true);
            for identity in group {
                self.tell(*identity, None, &flips)?;
            }
            // Those who are neither a member of a channel nor invited to it: all of a group are decided alike.
            for places in &channel_groups {
                let flips = self.flips(group[0], Some(places[0]), false);
                if flips.is_empty() {
                    continue;
                }
                for sid in places {
                    for identity in group {
                        if self.place(*identity, *sid).is_none() {
                            self.tell(*identity, Some(*sid), &flips)?;
                        }
                    }
                }
            }
        }
        for sid in channels {
            for (at, place) in PLACES.into_iter().enumerate() {
                let Some(roster) = self.roster(sid, place) else { continue };
                for seat in roster.iter() {
                    // Once, even if somebody has several places.
                    if self.place(seat.person, sid) == Some(at) {
                        let flips = self.flips(seat.person, Some(sid), true);
                        self.tell(seat.person, Some(sid), &flips)?;
                    }
                }
            }
        }
        Ok(self.turned)
    }

    /// The first of the places that somebody has in a channel.
    fn place(&self, identity: Text, sid: Text) -> Option<usize> {
        PLACES.into_iter().position(|place| self.roster(sid, place).is_some_and(|roster| roster.role_of(identity).is_some()))
    }

    fn roster(&self, sid: Text, (at, kind): (usize, Kind)) -> Option<&'a Roster> {
        Some(self.both[at].1.channel(sid)?.roster(kind))
    }

    /// For an outsider whatever is known of members and invites is left out, so that one may stand for others.
    #[inline(never)]
    fn flips(&self, identity: Text, channel: Option<Text>, is_insider: bool) -> Vec<Flip> {
        let sets = self.both.map(|(vocabulary, directory)| {
            let standing = Standing::of(directory, identity, channel);
            let standing = if is_insider { standing } else { standing.outside() };
            [Owner::Me, Owner::Other].map(|owner| allowed(vocabulary, &standing, owner))
        });
        let mut flips = Vec::new();
        for paired in &self.actions {
            let holds = |at: usize, owner: usize| paired.both[at].is_some_and(|action| sets[at][owner].contains(action));
            for (owner, whose) in [Whose::Own, Whose::Others].into_iter().enumerate() {
                let whose = if paired.owned { whose } else { Whose::NotAsked };
                // Without an owner to ask for both sets say the same.
                if (paired.owned || owner == 0) && holds(0, owner) != holds(1, owner) {
                    flips.push((paired.name, whose, holds(1, owner)));
                }
            }
        }
        flips
    }

    fn tell(&mut self, identity: Text, channel: Option<Text>, flips: &[Flip]) -> Checked<()> {
        if self.turned.len() + flips.len() > MOST_CHANGES {
            return Err(Refusal::of(Code::TooManyChanges, phrase::TOO_MANY_CHANGES));
        }
        for (action, whose, allowed) in flips {
            self.turned.push(Turned { identity, channel, action: *action, whose: *whose, allowed: *allowed });
        }
        Ok(())
    }
}

/// Where somebody may have a place in a channel: before and after, as a member and invited.
const PLACES: [(usize, Kind); 4] = [(0, Kind::Member), (0, Kind::Invite), (1, Kind::Member), (1, Kind::Invite)];

/// Those of one class together. A class is what makes two people, or two channels, the same where nobody is a member or
/// invited: a number before, and one after; 0 is for what is not known.
fn grouped(all: &[Text], class: &dyn Fn(Text) -> [u32; 2]) -> Vec<Vec<Text>> {
    // Sorted as the rows of a roster are, with a number of the class in the place of the person: by the second first, whose
    // order stays among those whose first are equal.
    let mut sorted: Vec<Assignment> = all.iter().map(|text| Assignment { person: Text::EMPTY, role: *text }).collect();
    for number in [1, 0] {
        for row in &mut sorted {
            row.person = Text(class(row.role)[number]);
        }
        order(&mut sorted);
    }
    let mut groups: Vec<Vec<Text>> = Vec::new();
    for Assignment { role: named, .. } in sorted {
        match groups.last_mut() {
            Some(group) if class(group[0]) == class(named) => group.push(named),
            _ => groups.push(Vec::from([named])),
        }
    }
    groups
}
