//! Who, where, what, owned by whom: allowed, or why not. Pure; every answer of the crate comes from `judge`.

use serde::{Serialize, Serializer};

use crate::action::{Action, ActionSet, Requires, Rule};
use crate::channel::SYSTEM;
use crate::dialect::{Dialect, Scope};
use crate::directory::{Channel, Directory, Kind};
use crate::permission::{Permission, PermissionSet};
use crate::vocabulary::Vocabulary;

words! {
    /// Why an action is not allowed: the first of these that applies.
    Reason:
    UnknownUser "unknown-user" "No row of a user, member or invite names this identity."
    UnknownChannel "unknown-channel" "The channel was never loaded, or none was named to ask whether to see or join it."
    NoCounterpart "no-counterpart" "The action does not exist in the service's dialect."
    Closed "closed" "The channel is closed, or not initialised yet: nothing in it can be changed."
    NotAMember "not-a-member" "Only members of the channel may, and the user is none."
    AlreadyAMember "already-a-member" "The user is a member already, so there is nothing to join."
    NotVisible "not-visible" "To see or join it: the channel is private, and the user is neither a member, nor invited, nor its creator."
    NotOwner "not-owner" "The Own permission is held, but the thing is someone else's."
    UnknownOwner "unknown-owner" "The Own permission is held, but nobody is named as the owner."
    UnknownRole "unknown-role" "A role of the user's was deleted or never loaded, and the others lack the permission."
    MissingPermission "missing-permission" "The roles lack the permission."
}

impl Reason {
    /// The services' public error number for it.
    #[must_use]
    pub const fn twilio_code(self, dialect: Dialect) -> u32 {
        match (self, dialect) {
            (Reason::Closed, _) => 50377,
            (Reason::NotAMember | Reason::NotVisible, Dialect::Chat) => 50400,
            (Reason::NotAMember | Reason::NotVisible, Dialect::Conversations) => 50430,
            _ => 50107,
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// To whom the thing acted on belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The asking user.
    Me,
    /// Somebody else.
    Other,
    /// Nobody is named: no owner was passed, or it is a system message.
    Unknown,
}

impl Owner {
    /// The owner, seen by `identity`. The empty identity owns nothing.
    #[must_use]
    pub fn seen_by(identity: &str, owner: Option<&str>) -> Self {
        match owner {
            None | Some("") => Owner::Unknown,
            Some(owner) if owner == identity => Owner::Me,
            Some(_) => Owner::Other,
        }
    }
}

/// All that an answer about one user in one channel depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// A row of a user, member or invite names them.
    pub known: bool,
    /// The effective permissions: of the service role, united with those of the channel role.
    pub held: PermissionSet,
    /// One of their roles was deleted or never loaded.
    pub dangling: bool,
    pub at: Location,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// No channel was named.
    Outside,
    /// The channel is not known.
    Unknown,
    Channel(Relation),
}

/// Where something is asked about: outside of any channel, in one that is not known, or in a channel.
#[derive(Clone, Copy)]
pub(crate) enum Where<'c> {
    Outside,
    Unknown,
    In(&'c Channel),
}

impl<'c> Where<'c> {
    /// The channel that a call names, by its SID or its unique name.
    pub fn named(directory: &'c Directory, channel: Option<&str>) -> Self {
        channel.map_or(Where::Outside, |name| Self::of(directory.find_channel(name)))
    }

    /// A channel, which may not be known.
    pub fn of(channel: Option<&'c Channel>) -> Self {
        channel.map_or(Where::Unknown, Where::In)
    }

    pub fn channel(self) -> Option<&'c Channel> {
        match self {
            Where::In(channel) => Some(channel),
            Where::Outside | Where::Unknown => None,
        }
    }
}

/// How somebody stands to a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "five facts that do not depend on each other")]
pub(crate) struct Relation {
    pub public: bool,
    pub open: bool,
    pub member: bool,
    pub invited: bool,
    pub creator: bool,
}

impl Standing {
    /// Of somebody whom no row names.
    pub const NOBODY: Self = Self { known: false, held: PermissionSet::EMPTY, dangling: false, at: Location::Outside };

    /// How somebody stands there.
    pub fn of(directory: &Directory, identity: &str, at: Where) -> Self {
        let mut standing = Self::outside(directory, identity);
        match at {
            Where::Outside => {}
            Where::Unknown => {
                standing.at = Location::Unknown;
                standing.held = PermissionSet::EMPTY;
            }
            Where::In(channel) => {
                let member = directory.seat(Kind::Member, channel, identity);
                if let Some(role) = member {
                    standing.add_role(directory, role, Scope::Channel);
                }
                standing.at = Location::Channel(Relation {
                    member: member.is_some(),
                    invited: directory.seat(Kind::Invite, channel, identity).is_some(),
                    creator: is_creator(channel, identity),
                    ..Relation::of_a_stranger(channel)
                });
            }
        }
        standing
    }

    /// Outside of any channel.
    fn outside(directory: &Directory, identity: &str) -> Self {
        let known = directory.is_known(identity);
        let mut standing = Self { known, ..Self::NOBODY };
        if let Some(role) = directory.user(identity) {
            standing.add_role(directory, role, Scope::Service);
        }
        standing
    }

    /// Of somebody who stands so outside of any channel, in a channel to which they have no relation.
    pub fn as_a_stranger_in(self, channel: Option<&Channel>) -> Self {
        match channel {
            None => Self { at: Location::Unknown, held: PermissionSet::EMPTY, ..self },
            Some(channel) => Self { at: Location::Channel(Relation::of_a_stranger(channel)), ..self },
        }
    }

    /// Adds what a role grants where it is assigned: one of the other scope grants nothing.
    fn add_role(&mut self, directory: &Directory, sid: &str, scope: Scope) {
        match directory.role(sid) {
            Some(role) if role.scope == scope => self.held = self.held.union(role.granted),
            Some(_) => {}
            None => self.dangling |= !sid.is_empty(),
        }
    }
}

impl Relation {
    fn of_a_stranger(channel: &Channel) -> Self {
        let (public, open) = (channel.is_public(), channel.state().is_open());
        Self { public, open, member: false, invited: false, creator: false }
    }
}

/// Whether somebody created a channel. `"system"` is what the services write where no user did.
pub(crate) fn is_creator(channel: &Channel, identity: &str) -> bool {
    identity != SYSTEM && channel.created_by() == Some(identity)
}

/// The one decision: the permission that allows it (`None` where the relation to the channel alone does), or the reason why not.
pub(crate) fn judge(
    vocabulary: &Vocabulary,
    standing: &Standing,
    action: Action,
    owner: Owner,
) -> Result<Option<Permission>, Reason> {
    use Location::{Channel, Outside, Unknown};
    let Rule { any, own, requires, when_closed } = vocabulary.rule(action);
    if !standing.known {
        return Err(Reason::UnknownUser);
    }
    if standing.at == Unknown {
        return Err(Reason::UnknownChannel);
    }
    if !vocabulary.has_action(action) {
        return Err(Reason::NoCounterpart);
    }
    match (requires, standing.at) {
        (_, Channel(relation)) if !relation.open && !when_closed => return Err(Reason::Closed),
        (Requires::Nothing, _) => {}
        (Requires::Membership, Channel(relation)) if relation.member => {}
        (Requires::Membership, _) => return Err(Reason::NotAMember),
        (_, Outside | Unknown) => return Err(Reason::UnknownChannel),
        (Requires::Visible, Channel(relation)) if relation.member || relation.invited || relation.creator => return Ok(None),
        (Requires::Visible, Channel(relation)) if relation.public => {}
        (Requires::Joinable, Channel(relation)) if relation.member => return Err(Reason::AlreadyAMember),
        (Requires::Joinable, Channel(relation)) if relation.public || relation.invited || relation.creator => {}
        (Requires::Visible | Requires::Joinable, Channel(_)) => return Err(Reason::NotVisible),
    }
    let held = standing.held;
    if held.contains(any) {
        return Ok(Some(any));
    }
    match (own.filter(|own| held.contains(*own)), owner) {
        (Some(own), Owner::Me) => Ok(Some(own)),
        (Some(_), Owner::Other) => Err(Reason::NotOwner),
        (Some(_), Owner::Unknown) => Err(Reason::UnknownOwner),
        (None, _) if standing.dangling => Err(Reason::UnknownRole),
        (None, _) => Err(Reason::MissingPermission),
    }
}

/// Every action that is allowed on a thing of that owner's.
pub(crate) fn allowed(vocabulary: &Vocabulary, standing: &Standing, owner: Owner) -> ActionSet {
    let mut set = ActionSet::default();
    for action in vocabulary.actions() {
        if judge(vocabulary, standing, action, owner).is_ok() {
            set.insert(action);
        }
    }
    set
}
