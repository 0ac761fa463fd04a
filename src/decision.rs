//! Who, where, what, whose: allowed, or why not. Pure; every answer of the crate comes from `judge`.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::action::{Action, ActionSet, Place, Rule};
use crate::directory::{Directory, Kind};
use crate::names::Id;
use crate::permission::{Dialect, Permission, PermissionSet, Scope};
use crate::roster::some;
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

    /// The first of the roles that grants a permission.
    fn granting(&self, permission: Permission) -> Option<(Scope, Id)> {
        let (scope, held) = self.held().find(|(_, held)| held.granted.contains(permission))?;
        Some((scope, held.role?))
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
    let rule = vocabulary.rule(question.action);
    let owner = Owner::seen_by(question.identity, question.owner);
    let verdict = judge(rule, vocabulary.has_action(question.action), standing, owner);
    let (granted, reason) = (verdict.ok().flatten(), verdict.err());
    let mut told = Message { text: String::new(), vocabulary, directory, standing, question, rule };
    told.say(if verdict.is_ok() { "$w may $k$i: " } else { "$w may not $k$i: " });
    told.say(match reason {
        Some(reason) => told.denied(reason),
        None => told.granted(granted),
    });
    told.say(".");
    let name = |permission: Permission| vocabulary.permission_name(permission).into();
    let granting = |permission: Permission| {
        let (scope, id) = standing.granting(permission)?;
        let sid = directory.roles.names.text(id).into();
        Some(Granting { sid, friendly_name: directory.definition(id)?.friendly_name.as_ref().into(), scope: scope.name() })
    };
    Decision {
        allowed: verdict.is_ok(),
        action: vocabulary.action_name(question.action).into(),
        message: told.text,
        permission: granted.map(name),
        role: granted.and_then(granting),
        reason: reason.map(Reason::name),
        missing: reason.map(|reason| missing(reason, rule, standing, owner).map(name).collect()),
        status: reason.map(|_| 403),
        twilio_code: reason.map(|reason| reason.twilio_code(vocabulary.dialect)),
    }
}

/// The permissions of which any one would do, as far as a permission would help.
fn missing(reason: Reason, rule: Rule, standing: &Standing, owner: Owner) -> impl Iterator<Item = Permission> {
    use Reason::{AlreadyAMember, NoCounterpart, UnknownChannel, UnknownUser};
    let helps = !matches!(reason, UnknownUser | UnknownChannel | NoCounterpart | AlreadyAMember);
    let held = standing.permissions();
    let own = rule.own.filter(|_| owner == Owner::Me);
    let holds_one = held.contains(rule.any) || own.is_some_and(|own| held.contains(own));
    [Some(rule.any), own].into_iter().flatten().filter(move |_| helps && !holds_one)
}

/// The sentence of an explanation. It is written from templates: a `$` and a letter stand for what [`Message::fill`] puts
/// there, since putting texts together piece by piece weighs several times as much.
struct Message<'a> {
    text: String,
    vocabulary: &'a Vocabulary,
    directory: &'a Directory,
    standing: &'a Standing,
    question: &'a Question<'a>,
    rule: Rule,
}

impl Message<'_> {
    fn say(&mut self, template: &str) {
        let mut letters = template.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '$' => self.fill(letters.next()),
                _ => self.text.push(letter),
            }
        }
    }

    fn fill(&mut self, gap: Option<char>) {
        let (vocabulary, question) = (self.vocabulary, self.question);
        let chat = vocabulary.dialect == Dialect::Chat;
        match gap {
            // Who.
            Some('w') => self.quote(question.identity),
            // The action.
            Some('k') => self.text.push_str(vocabulary.action_name(question.action)),
            // In which channel, if in any.
            Some('i') => self.quote_if(" in ", question.channel),
            // Whose the thing is, if that is known.
            Some('x') => self.quote_if(", and this belongs to ", question.owner),
            // What the dialect calls a channel and a member.
            Some('p') => self.text.push_str(if chat { "channel" } else { "conversation" }),
            Some('m') => self.text.push_str(if chat { "member" } else { "participant" }),
            // The permission that suffices for anybody's things, and the one for one's own.
            Some('a') => self.text.push_str(vocabulary.permission_name(self.rule.any)),
            Some('o') => self.text.push_str(self.rule.own.map_or("", |own| vocabulary.permission_name(own))),
            // The roles that grant the one or the other.
            Some('A') => self.role_that_grants(Some(self.rule.any)),
            Some('O') => self.role_that_grants(self.rule.own),
            // The roles that were asked in vain, and those that would have granted it.
            Some('l') => self.lacking(),
            Some('g') => self.would_grant(),
            _ => {}
        }
    }

    fn quote(&mut self, text: &str) {
        for part in ["\u{201c}", text, "\u{201d}"] {
            self.text.push_str(part);
        }
    }

    fn quote_if(&mut self, before: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text.push_str(before);
            self.quote(text);
        }
    }

    fn granted(&self, permission: Option<Permission>) -> &'static str {
        match permission {
            None if self.standing.member().is_some() => "$w is a $m",
            None => "$w is invited",
            Some(_) if permission == self.rule.own => "$O grants $o, and it belongs to $w",
            Some(_) => "$A grants $a",
        }
    }

    fn denied(&self, reason: Reason) -> &'static str {
        let in_channel = self.question.channel.is_some();
        match reason {
            Reason::UnknownUser => "nothing that was loaded names this identity",
            Reason::UnknownChannel if in_channel => "this $p was never loaded",
            Reason::UnknownChannel => "no $p was given",
            Reason::NoCounterpart => "Conversations has no such action",
            Reason::NotAMember if in_channel => "$w is not a $m of it",
            Reason::NotAMember => "only a $m may, and no $p was given",
            Reason::AlreadyAMember => "$w is a $m already",
            Reason::NotVisible => "it is private, and $w is neither a $m nor invited",
            Reason::NotOwner => "$o is only for one\u{2019}s own$x; $a is missing$g",
            Reason::UnknownOwner => "$o is only for one\u{2019}s own, and this has no known owner; $a is missing$g",
            Reason::UnknownRole | Reason::MissingPermission if self.rule.own.is_some() => {
                "$a (or, for one\u{2019}s own, $o) is missing: $l$g"
            }
            Reason::UnknownRole | Reason::MissingPermission => "$a is missing: $l$g",
        }
    }

    fn role_that_grants(&mut self, permission: Option<Permission>) {
        let granting = permission.and_then(|permission| self.standing.granting(permission));
        if let Some((scope, role)) = granting {
            self.role(scope, Some(role));
        }
    }

    fn lacking(&mut self) {
        let standing = self.standing;
        if let (Some(service), Some(member)) = (standing.service, standing.member())
            && self.is_of(Scope::Service, service) == Some(true)
            && self.is_of(Scope::Channel, member) == Some(true)
        {
            self.say("neither ");
            self.role(Scope::Service, service.role);
            self.say(" nor ");
            self.role(Scope::Channel, member.role);
            return self.say(" grants it");
        }
        let mut separator = "";
        for (scope, held) in standing.held() {
            self.say(separator);
            self.role(scope, held.role);
            self.say(match (held.dangling, self.is_of(scope, held)) {
                (true, _) => " is deleted or not loaded",
                (_, Some(false)) => " is of the other scope and grants nothing here",
                _ if held.role.is_none() => " is not set",
                _ => " does not grant it",
            });
            separator = ", ";
        }
        if standing.service.is_none() {
            self.say(separator);
            self.say("$w has no service role here");
            separator = ", ";
        }
        let membership_would_help = self.rule.any.is_valid_in(Scope::Channel);
        if membership_would_help && matches!(standing.place, Where::Channel(Seat { member: None, .. })) {
            self.say(separator);
            self.say("$w is not a $m of the $p");
        }
    }

    fn is_of(&self, scope: Scope, held: Held) -> Option<bool> {
        Some(self.directory.definition(held.role?)?.scope == scope)
    }

    /// “the channel role “Channel Admin””; the SID where there is no name.
    fn role(&mut self, scope: Scope, role: Option<Id>) {
        self.say(match scope {
            Scope::Service => "the service role",
            Scope::Channel => "the $p role",
        });
        let directory = self.directory;
        let Some(role) = role else { return };
        self.text.push(' ');
        match directory.definition(role) {
            Some(definition) => self.quote(&definition.friendly_name),
            None => self.text.push_str(directory.roles.names.text(role)),
        }
    }

    /// “; granted by “A”, “B””
    fn would_grant(&mut self) {
        let mut named = 0;
        for (_, role) in self.directory.definitions() {
            if !role.granted.contains(self.rule.any) {
                continue;
            }
            if named == NAMED_ROLES {
                return self.say(" and more");
            }
            self.quote_if(if named == 0 { "; granted by " } else { ", " }, Some(&role.friendly_name));
            named += 1;
        }
        if named == 0 {
            self.say("; no role grants it");
        }
    }
}
