//! Who, where, what, whose: allowed, or why not. Pure; every answer of the crate comes from `judge`.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::action::{Action, ActionSet, Place, Rule};
use crate::directory::{Directory, Kind};
use crate::names::Id;
use crate::permission::{Dialect, Permission, PermissionSet, Scope};
use crate::roster::some;
use crate::text::{listed, sentence};
use crate::vocabulary::Vocabulary;

words! {
    /// Why an action is not allowed: the first of these that applies.
    Reason:
    UnknownUser "unknown-user" "Nothing that was loaded names this identity."
    UnknownChannel "unknown-channel" "The channel was never loaded, or none was given to ask whether to see or join it."
    NoCounterpart "no-counterpart" "The action does not exist in the service's dialect."
    NotAMember "not-a-member" "Only members of the channel may, and the user is none."
    AlreadyAMember "already-a-member" "The user is a member already, so there is nothing to join."
    NotVisible "not-visible" "The channel is private, and the user is neither a member nor invited."
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
            (Reason::NotAMember | Reason::NotVisible, Dialect::Chat) => 50400,
            (Reason::NotAMember | Reason::NotVisible, Dialect::Conversations) => 50430,
            _ => 50107,
        }
    }
}

/// Whose the thing acted on is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The asking user's.
    Me,
    /// Someone else's.
    Other,
    /// Nobody is named: not given, or a system message.
    Unknown,
}

impl Owner {
    /// Whose something is, seen by `identity`. An empty identity owns nothing.
    #[must_use]
    pub fn seen_by(identity: &str, owner: Option<&str>) -> Self {
        match owner {
            None | Some("") => Owner::Unknown,
            Some(owner) if owner == identity => Owner::Me,
            Some(_) => Owner::Other,
        }
    }
}

/// A role of the user's: where it applies, its number, and what it grants there.
#[derive(Clone, Copy)]
struct Held {
    /// `None`: the row came without a role.
    role: Option<Id>,
    granted: PermissionSet,
    /// The SID points to a role that is not there.
    dangling: bool,
}

/// A channel as the user stands to it.
#[derive(Clone, Copy)]
struct Seat {
    public: bool,
    invited: bool,
    member: Option<Held>,
}

/// Where an answer is wanted.
#[derive(Clone, Copy)]
pub(crate) enum Asked {
    /// Outside of any channel.
    NoChannel,
    /// In a channel that is not known.
    UnknownChannel,
    In(Id),
}

#[derive(Clone, Copy)]
enum Where {
    NotGiven,
    Unknown,
    Channel(Seat),
}

/// All that a decision about one user in one channel depends on.
#[derive(Clone, Copy)]
pub(crate) struct Standing {
    known: bool,
    service: Option<Held>,
    place: Where,
}

impl Standing {
    /// How somebody (`None`: of whom nothing is known) stands to where an answer is wanted.
    pub fn of(directory: &Directory, person: Option<Id>, asked: Asked) -> Self {
        let mut standing = Self::of_outsider(directory, person, asked);
        if let (Asked::In(channel), Where::Channel(seat)) = (asked, &mut standing.place) {
            let role_in = |kind: Kind| directory.channels.get(channel).roster(kind).role_of(person?);
            seat.invited = role_in(Kind::Invite).is_some();
            seat.member = role_in(Kind::Member).map(|role| hold(directory, role, Scope::Channel));
        }
        standing
    }

    /// The same for somebody known to be neither a member nor invited.
    pub fn of_outsider(directory: &Directory, person: Option<Id>, asked: Asked) -> Self {
        let user = person.and_then(|person| directory.people.get(person).user);
        let seat = |channel: Id| {
            let public = directory.channels.get(channel).row.as_ref().is_some_and(|row| row.public);
            Where::Channel(Seat { public, invited: false, member: None })
        };
        Self {
            known: person.is_some(),
            service: user.map(|role| hold(directory, role, Scope::Service)),
            place: match asked {
                Asked::NoChannel => Where::NotGiven,
                Asked::UnknownChannel => Where::Unknown,
                Asked::In(channel) => seat(channel),
            },
        }
    }

    /// The permissions of the service role, united with those of the channel role. Nothing for whom or where is unknown.
    pub fn permissions(&self) -> PermissionSet {
        if !self.known || matches!(self.place, Where::Unknown) {
            return PermissionSet::EMPTY;
        }
        self.held().fold(PermissionSet::EMPTY, |all, (_, held)| all.union(held.granted))
    }

    fn held(&self) -> impl Iterator<Item = (Scope, Held)> {
        let service = self.service.map(|held| (Scope::Service, held));
        let member = self.member().map(|held| (Scope::Channel, held));
        service.into_iter().chain(member)
    }

    fn member(&self) -> Option<Held> {
        match self.place {
            Where::Channel(seat) => seat.member,
            Where::NotGiven | Where::Unknown => None,
        }
    }
}

/// A role as it counts where it is assigned: one of the other scope grants nothing.
fn hold(directory: &Directory, role: Id, scope: Scope) -> Held {
    let definition = directory.definition(role);
    Held {
        role: some(role),
        granted: definition.filter(|role| role.scope == scope).map_or(PermissionSet::EMPTY, |role| role.granted),
        dangling: some(role).is_some() && definition.is_none(),
    }
}

/// The one decision: the permission that allows it (`None` where membership or an invite alone does), or the reason why not.
fn judge(rule: Rule, in_dialect: bool, standing: &Standing, owner: Owner) -> Result<Option<Permission>, Reason> {
    if !standing.known {
        return Err(Reason::UnknownUser);
    }
    if matches!(standing.place, Where::Unknown) {
        return Err(Reason::UnknownChannel);
    }
    if !in_dialect {
        return Err(Reason::NoCounterpart);
    }
    match (rule.place, standing.place) {
        (Place::Member, _) if standing.member().is_none() => return Err(Reason::NotAMember),
        (Place::View, Where::Channel(seat)) if seat.member.is_some() || seat.invited => return Ok(None),
        (Place::View, Where::Channel(seat)) if !seat.public => return Err(Reason::NotVisible),
        (Place::Join, Where::Channel(seat)) if seat.member.is_some() => return Err(Reason::AlreadyAMember),
        (Place::Join, Where::Channel(seat)) if !seat.public && !seat.invited => return Err(Reason::NotVisible),
        (Place::View | Place::Join, Where::NotGiven | Where::Unknown) => return Err(Reason::UnknownChannel),
        _ => {}
    }
    let held = standing.permissions();
    if held.contains(rule.any) {
        return Ok(Some(rule.any));
    }
    match (rule.own.filter(|own| held.contains(*own)), owner) {
        (Some(own), Owner::Me) => Ok(Some(own)),
        (Some(_), Owner::Other) => Err(Reason::NotOwner),
        (Some(_), Owner::Unknown) => Err(Reason::UnknownOwner),
        (None, _) if standing.held().any(|(_, held)| held.dangling) => Err(Reason::UnknownRole),
        (None, _) => Err(Reason::MissingPermission),
    }
}

pub(crate) fn allows(vocabulary: &Vocabulary, standing: &Standing, action: Action, owner: Owner) -> bool {
    judge(vocabulary.rule(action), vocabulary.has_action(action), standing, owner).is_ok()
}

/// Every action that is allowed on a thing of that owner's.
pub(crate) fn allowed(vocabulary: &Vocabulary, standing: &Standing, owner: Owner) -> ActionSet {
    let mut set = ActionSet::default();
    for action in vocabulary.actions().filter(|action| allows(vocabulary, standing, *action, owner)) {
        set.insert(action);
    }
    set
}

/// An answer with its explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// The answer.
    pub allowed: bool,
    /// The action, in the service's dialect.
    pub action: String,
    /// A sentence to paste: who, what, where, and which role grants it or what is missing and which roles would grant it.
    pub message: String,
    /// Allowed: the permission that allows it. Absent where membership or an invite alone does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// Allowed: the role that grants the permission.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Granting>,
    /// Denied: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Denied: the permissions of which any one would do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<String>>,
    /// Denied: 403, as the endpoint answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Denied: the services' public error number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub twilio_code: Option<u32>,
}

/// The role that grants a permission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Granting {
    /// The role's SID.
    pub sid: String,
    /// The role's friendly name.
    pub friendly_name: String,
    /// `"service"` or `"channel"`.
    pub scope: &'static str,
}

/// How many roles an explanation names before it counts the rest.
const NAMED_ROLES: usize = 5;

/// What an explanation is about, beside the standing.
pub(crate) struct Question<'a> {
    pub identity: &'a str,
    pub channel: Option<&'a str>,
    pub action: Action,
    pub owner: Option<&'a str>,
}

/// Decides and says why.
pub(crate) fn explain(vocabulary: &Vocabulary, directory: &Directory, standing: &Standing, question: &Question) -> Decision {
    let Question { identity, channel, action, owner } = *question;
    let (rule, owner_seen) = (vocabulary.rule(action), Owner::seen_by(identity, owner));
    let verdict = judge(rule, vocabulary.has_action(action), standing, owner_seen);
    let explanation = Explanation { vocabulary, directory, standing, who: &quoted(identity) };
    let action = vocabulary.action_name(action);
    let place = channel.map_or(String::new(), |channel| sentence(&[" in ", &quoted(channel)]));
    let may = if verdict.is_ok() { " may " } else { " may not " };
    let because = match verdict {
        Ok(permission) => explanation.granted(permission, rule.own),
        Err(reason) => explanation.denied(reason, rule, channel, owner),
    };
    let message = sentence(&[explanation.who, may, action, &place, ": ", &because, "."]);
    let mut decision = Decision {
        allowed: verdict.is_ok(),
        action: action.into(),
        message,
        permission: None,
        role: None,
        reason: None,
        missing: None,
        status: None,
        twilio_code: None,
    };
    match verdict {
        Ok(permission) => {
            decision.permission = permission.map(|permission| vocabulary.permission_name(permission).into());
            decision.role = permission.and_then(|permission| explanation.granting(permission));
        }
        Err(reason) => {
            let missing =
                missing(reason, rule, standing, owner_seen).map(|permission| vocabulary.permission_name(permission).into());
            decision.reason = Some(reason.name());
            decision.missing = Some(missing.collect());
            decision.status = Some(403);
            decision.twilio_code = Some(reason.twilio_code(vocabulary.dialect));
        }
    }
    decision
}

/// The permissions of which any one would do, as far as a permission would help.
fn missing(reason: Reason, rule: Rule, standing: &Standing, owner: Owner) -> impl Iterator<Item = Permission> {
    use Reason::{AlreadyAMember, NoCounterpart, UnknownChannel, UnknownUser};
    let helps = !matches!(reason, UnknownUser | UnknownChannel | NoCounterpart | AlreadyAMember);
    let held = standing.permissions();
    let own = rule.own.filter(|_| owner == Owner::Me);
    let sufficient = [Some(rule.any), own].into_iter().flatten();
    let holds_one = sufficient.clone().any(|permission| held.contains(permission));
    sufficient.filter(move |_| helps && !holds_one)
}

struct Explanation<'a> {
    vocabulary: &'a Vocabulary,
    directory: &'a Directory,
    standing: &'a Standing,
    who: &'a str,
}

impl Explanation<'_> {
    fn granted(&self, permission: Option<Permission>, own: Option<Permission>) -> String {
        let Some(permission) = permission else {
            let (_, member) = self.nouns();
            let how = if self.standing.member().is_some() { sentence(&[" is a ", member]) } else { " is invited".into() };
            return sentence(&[self.who, &how]);
        };
        let role = self.standing.held().find(|(_, held)| held.granted.contains(permission));
        let owner = if own == Some(permission) { sentence(&[", and it belongs to ", self.who]) } else { String::new() };
        let role = role.map_or(String::new(), |(scope, held)| self.role(scope, held));
        sentence(&[&role, " grants ", self.vocabulary.permission_name(permission), &owner])
    }

    fn denied(&self, reason: Reason, rule: Rule, channel: Option<&str>, owner: Option<&str>) -> String {
        let (place, member) = self.nouns();
        let any = self.vocabulary.permission_name(rule.any);
        let own = rule.own.map(|own| self.vocabulary.permission_name(own)).unwrap_or_default();
        match reason {
            Reason::UnknownUser => "nothing that was loaded names this identity".into(),
            Reason::UnknownChannel if channel.is_some() => sentence(&["this ", place, " was never loaded"]),
            Reason::UnknownChannel => sentence(&["no ", place, " was given"]),
            Reason::NoCounterpart => "Conversations has no such action".into(),
            Reason::NotAMember if channel.is_none() => sentence(&["only a ", member, " may, and no ", place, " was given"]),
            Reason::NotAMember => sentence(&[self.who, " is not a ", member, " of it"]),
            Reason::AlreadyAMember => sentence(&[self.who, " is a ", member, " already"]),
            Reason::NotVisible => sentence(&["it is private, and ", self.who, " is neither a ", member, " nor invited"]),
            Reason::NotOwner => {
                let whose = owner.map_or(String::new(), |owner| sentence(&[", and this belongs to ", &quoted(owner)]));
                sentence(&[own, " is only for one\u{2019}s own", &whose, "; ", any, " is missing", &self.would_grant(rule.any)])
            }
            Reason::UnknownOwner => [
                own,
                " is only for one\u{2019}s own, and this has no known owner; ",
                any,
                " is missing",
                &self.would_grant(rule.any),
            ]
            .concat(),
            Reason::UnknownRole | Reason::MissingPermission => {
                let or_own = if own.is_empty() { String::new() } else { sentence(&[" (or, for one\u{2019}s own, ", own, ")"]) };
                sentence(&[any, &or_own, " is missing: ", &self.lacking(rule.any), &self.would_grant(rule.any)])
            }
        }
    }

    /// The roles that were asked for the permission in vain.
    fn lacking(&self, permission: Permission) -> String {
        let (place, member) = self.nouns();
        let held: Vec<(Scope, Held)> = self.standing.held().collect();
        if let [service, channel] = &held[..]
            && [service, channel].iter().all(|(scope, held)| self.is_of(*scope, *held) == Some(true))
        {
            return sentence(&[
                "neither ",
                &self.role(service.0, service.1),
                " nor ",
                &self.role(channel.0, channel.1),
                " grants it",
            ]);
        }
        let mut roles: Vec<String> = held.into_iter().map(|(scope, held)| self.lacks(scope, held)).collect();
        if self.standing.service.is_none() {
            roles.push(sentence(&[self.who, " has no service role here"]));
        }
        let membership_would_help = permission.is_valid_in(Scope::Channel);
        if membership_would_help && matches!(self.standing.place, Where::Channel(Seat { member: None, .. })) {
            roles.push(sentence(&[self.who, " is not a ", member, " of the ", place]));
        }
        listed(&roles)
    }

    fn lacks(&self, scope: Scope, held: Held) -> String {
        let how = match (held.dangling, self.is_of(scope, held)) {
            (true, _) => " is deleted or not loaded",
            (_, Some(false)) => " is of the other scope and grants nothing here",
            _ if held.role.is_none() => " is not set",
            _ => " does not grant it",
        };
        sentence(&[&self.role(scope, held), how])
    }

    fn is_of(&self, scope: Scope, held: Held) -> Option<bool> {
        Some(self.directory.definition(held.role?)?.scope == scope)
    }

    /// “the channel role “Channel Admin””; the SID where there is no name.
    fn role(&self, scope: Scope, held: Held) -> String {
        let kind = match scope {
            Scope::Service => "service",
            Scope::Channel => self.nouns().0,
        };
        let named = held.role.map_or(String::new(), |role| match self.directory.definition(role) {
            Some(definition) => sentence(&[" ", &quoted(&definition.friendly_name)]),
            None => sentence(&[" ", self.directory.roles.names.text(role)]),
        });
        sentence(&["the ", kind, " role", &named])
    }

    fn granting(&self, permission: Permission) -> Option<Granting> {
        let (scope, held) = self.standing.held().find(|(_, held)| held.granted.contains(permission))?;
        let role = held.role?;
        Some(Granting {
            sid: self.directory.roles.names.text(role).into(),
            friendly_name: self.directory.definition(role)?.friendly_name.as_ref().into(),
            scope: scope.name(),
        })
    }

    /// “; the roles “A”, “B” would grant it”
    fn would_grant(&self, permission: Permission) -> String {
        let roles = self.directory.roles.iter().filter_map(|(_, _, entry)| entry.definition.as_ref());
        let mut granting = roles.filter(|role| role.granted.contains(permission)).map(|role| quoted(&role.friendly_name));
        let named: Vec<String> = granting.by_ref().take(NAMED_ROLES).collect();
        match (named.is_empty(), granting.next()) {
            (true, _) => "; no role grants it".into(),
            (_, None) => sentence(&["; granted by ", &listed(&named)]),
            (_, Some(_)) => sentence(&["; granted by ", &listed(&named), " and more"]),
        }
    }

    /// What the dialect calls a channel and a member.
    fn nouns(&self) -> (&'static str, &'static str) {
        match self.vocabulary.dialect {
            Dialect::Chat => ("channel", "member"),
            Dialect::Conversations => ("conversation", "participant"),
        }
    }
}

fn quoted(text: &str) -> String {
    sentence(&["\u{201c}", text, "\u{201d}"])
}
