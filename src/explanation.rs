//! Decisions with their reason: the sentence, what is missing, and which roles would help.

use std::fmt;

use serde::Serialize;

use crate::action::Action;
use crate::channel::State;
use crate::decision::{Location, Owner, Reason, Standing, Where, judge};
use crate::dialect::{Dialect, Scope};
use crate::directory::{Channel, Directory, Kind};
use crate::permission::{Permission, PermissionSet};
use crate::role::{Definition, RoleName};
use crate::vocabulary::Vocabulary;

/// An answer with its explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// The answer.
    pub allowed: bool,
    /// The action, in the service's dialect.
    pub action: String,
    /// A sentence for a support person: who, what, where, and which role grants it, or why not and which roles would grant it.
    pub message: String,
    /// Allowed: the permission that allows it. Absent where membership, an invite or having created the channel alone does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// Allowed: the role that grants the permission.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<RoleName>,
    /// Denied: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Denied: the permissions of which any one would do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<String>>,
    /// Denied: the roles that would grant one of these, at most five.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted_by: Option<Vec<RoleName>>,
    /// Denied: 403, as the endpoint answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Denied: the services' public error number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub twilio_code: Option<u32>,
}

/// What is asked: may `identity`, in `channel`, do `action` to a thing of `owner`?
#[derive(Clone, Copy)]
pub(crate) struct Question<'q> {
    pub identity: &'q str,
    /// The channel as the call named it; `None` outside of any.
    pub channel_name: Option<&'q str>,
    /// The channel, if it is known.
    pub channel: Option<&'q Channel>,
    pub action: Action,
    pub owner: Option<&'q str>,
}

/// How many roles an explanation names at most.
const NAMED_ROLES: usize = 5;

/// Decides and says why. Costs a look at every role.
pub(crate) fn explain(vocabulary: &Vocabulary, directory: &Directory, question: &Question) -> Decision {
    let at = if question.channel_name.is_some() { Where::of(question.channel) } else { Where::Outside };
    let standing = Standing::of(directory, question.identity, at);
    let owner = Owner::seen_by(question.identity, question.owner);
    let answer = judge(vocabulary, &standing, question.action, owner);
    let mut because =
        Because { vocabulary, directory, question, standing, reason: answer.err(), missing: Vec::new(), roles: Vec::new() };
    because.missing = because.missing(owner);
    because.roles = because.would_grant();
    let cause = match answer {
        Ok(None) => because.relation(),
        Ok(Some(permission)) => because.granted(permission),
        Err(reason) => because.denied(reason),
    };
    let action = vocabulary.action_name(question.action).into();
    let words = Words { question, vocabulary, allowed: answer.is_ok() };
    let message = format!("{words}: {}.", Sentence { cause: &cause, because: &because });
    let name = |permission: Permission| vocabulary.permission_name(permission).into();
    let granting = |permission| because.granting(permission).map(|(_, role)| role.name());
    match answer {
        Ok(permission) => Decision {
            allowed: true,
            action,
            message,
            permission: permission.map(name),
            role: permission.and_then(granting),
            reason: None,
            missing: None,
            granted_by: None,
            status: None,
            twilio_code: None,
        },
        Err(reason) => Decision {
            allowed: false,
            action,
            message,
            permission: None,
            role: None,
            reason: Some(reason),
            granted_by: Some(because.roles.into_iter().take(NAMED_ROLES).map(Definition::name).collect()),
            missing: Some(because.missing.into_iter().map(name).collect()),
            status: Some(403),
            twilio_code: Some(reason.twilio_code(vocabulary.dialect)),
        },
    }
}

/// Why an answer is what it is, with all that a sentence about it needs.
enum Cause<'c> {
    // Allowed.
    IsMember,
    IsInvited,
    IsCreator,
    Grants { scope: Scope, role: &'c Definition, permission: Permission },
    GrantsOwn { scope: Scope, role: &'c Definition, permission: Permission },
    // Denied.
    Unknown(&'static str),
    NoChannelNamed,
    NoCounterpart,
    Closed(&'c State),
    NotAMember,
    OnlyMembers,
    AlreadyAMember,
    NotVisible,
    NotOwner(&'c str),
    UnknownOwner,
    OnlyInChannels,
    Missing(Vec<Lacking<'c>>),
}

/// A role that was looked at in vain, or that is not there to be looked at.
enum Lacking<'c> {
    Role { scope: Scope, role: &'c Definition },
    OfOtherScope { scope: Scope, role: &'c Definition },
    Dangling { scope: Scope, sid: &'c str },
    WithoutRole(Scope),
    NoUser,
    NotIn(&'c str),
}

/// What an explanation is made from.
struct Because<'b> {
    vocabulary: &'b Vocabulary,
    directory: &'b Directory,
    question: &'b Question<'b>,
    standing: Standing,
    reason: Option<Reason>,
    /// Denied: the permissions of which any one would do, as far as a permission would help.
    missing: Vec<Permission>,
    /// Denied: the roles that grant one of these where somebody may have them.
    roles: Vec<&'b Definition>,
}

impl<'b> Because<'b> {
    fn relation(&self) -> Cause<'b> {
        match self.standing.at {
            Location::Channel(relation) if relation.member => Cause::IsMember,
            Location::Channel(relation) if relation.invited => Cause::IsInvited,
            _ => Cause::IsCreator,
        }
    }

    fn granted(&self, permission: Permission) -> Cause<'b> {
        let is_own = self.vocabulary.rule(self.question.action).own == Some(permission);
        match self.granting(permission) {
            Some((scope, role)) if is_own => Cause::GrantsOwn { scope, role, permission },
            Some((scope, role)) => Cause::Grants { scope, role, permission },
            // A permission is held only where a role grants it.
            None => Cause::IsMember,
        }
    }

    fn denied(&self, reason: Reason) -> Cause<'b> {
        match (reason, self.question.channel) {
            (Reason::UnknownUser, _) => Cause::Unknown("identity"),
            (Reason::UnknownChannel, _) if self.question.channel_name.is_some() => {
                Cause::Unknown(self.vocabulary.dialect.channel())
            }
            (Reason::UnknownChannel, _) => Cause::NoChannelNamed,
            (Reason::NoCounterpart, _) => Cause::NoCounterpart,
            (Reason::Closed, channel) => Cause::Closed(channel.map_or(&State::Closed, Channel::state)),
            (Reason::NotAMember, Some(_)) => Cause::NotAMember,
            (Reason::NotAMember, None) => Cause::OnlyMembers,
            (Reason::AlreadyAMember, _) => Cause::AlreadyAMember,
            (Reason::NotVisible, _) => Cause::NotVisible,
            (Reason::NotOwner, _) => Cause::NotOwner(self.question.owner.unwrap_or_default()),
            (Reason::UnknownOwner, _) => Cause::UnknownOwner,
            (Reason::UnknownRole | Reason::MissingPermission, None) if !self.counts_in(Scope::Service) => Cause::OnlyInChannels,
            (Reason::UnknownRole | Reason::MissingPermission, _) => Cause::Missing(self.lacking()),
        }
    }

    /// The SIDs of their roles, by scope; `None` where they are no user, or no member.
    fn assigned(&self) -> [(Scope, Option<&'b str>); 2] {
        let identity = self.question.identity;
        let member = self.question.channel.and_then(|channel| self.directory.seat(Kind::Member, channel, identity));
        [(Scope::Service, self.directory.user(identity)), (Scope::Channel, member)]
    }

    /// The first of their roles that grants a permission.
    fn granting(&self, permission: Permission) -> Option<(Scope, &'b Definition)> {
        self.assigned().into_iter().find_map(|(scope, sid)| {
            let role = self.directory.role(sid?)?;
            (role.scope == scope && role.granted.contains(permission)).then_some((scope, role))
        })
    }

    /// The permissions of which any one would do, as far as a permission would help.
    fn missing(&self, owner: Owner) -> Vec<Permission> {
        use Reason::{AlreadyAMember, Closed, NoCounterpart, NotVisible, UnknownChannel, UnknownUser};
        let Some(reason) = self.reason else { return Vec::new() };
        let rule = self.vocabulary.rule(self.question.action);
        let wanted = [Some(rule.any), rule.own.filter(|_| owner == Owner::Me)];
        let wanted: Vec<Permission> = wanted.into_iter().flatten().collect();
        let helps = !matches!(reason, UnknownUser | UnknownChannel | NoCounterpart | Closed | AlreadyAMember | NotVisible);
        let holds_one = wanted.iter().any(|permission| self.standing.held.contains(*permission));
        if helps && !holds_one { wanted } else { Vec::new() }
    }

    /// The roles that grant one of these.
    fn would_grant(&self) -> Vec<&'b Definition> {
        let missing: PermissionSet = self.missing.iter().copied().collect();
        let mut roles = self.directory.roles();
        roles.retain(|role| self.helps(role.scope) && role.granted.intersects(missing));
        roles
    }

    /// Whether a role of that scope can help. Outside of a channel nobody has one of a channel, and a member has one.
    fn helps(&self, scope: Scope) -> bool {
        match scope {
            Scope::Service => self.reason != Some(Reason::NotAMember),
            Scope::Channel => self.question.channel.is_some(),
        }
    }

    /// Whether what is missing counts in a role of that scope.
    fn counts_in(&self, scope: Scope) -> bool {
        self.missing.iter().any(|permission| permission.is_valid_in(scope))
    }

    /// Why none of their roles grants it. A role of a scope in which the permission does not count is left out, unless it is
    /// missing.
    fn lacking(&self) -> Vec<Lacking<'b>> {
        let mut lacking = Vec::new();
        for (scope, sid) in self.assigned() {
            let counts = self.counts_in(scope);
            match (sid.map(|sid| self.role_lacks(scope, sid)), scope) {
                (Some(lacks), _) if counts || matches!(lacks, Lacking::Dangling { .. }) => lacking.push(lacks),
                (None, Scope::Service) if counts => lacking.push(Lacking::NoUser),
                (None, Scope::Channel) if counts => lacking.extend(self.question.channel.map(|of| Lacking::NotIn(of.name()))),
                _ => {}
            }
        }
        lacking
    }

    fn role_lacks(&self, scope: Scope, sid: &'b str) -> Lacking<'b> {
        match self.directory.role(sid) {
            Some(role) if role.scope == scope => Lacking::Role { scope, role },
            Some(role) => Lacking::OfOtherScope { scope, role },
            None if sid.is_empty() => Lacking::WithoutRole(scope),
            None => Lacking::Dangling { scope, sid },
        }
    }
}

/// The beginning of a sentence: “bob” may not delete this message in “desk”
struct Words<'w> {
    question: &'w Question<'w>,
    vocabulary: &'w Vocabulary,
    allowed: bool,
}

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Question { identity, channel_name, channel, action, .. } = *self.question;
        match identity {
            "" => f.write_str("An empty identity")?,
            _ => write!(f, "“{identity}”")?,
        }
        f.write_str(if self.allowed { " may " } else { " may not " })?;
        let dialect = self.vocabulary.dialect;
        let words = action.words(dialect);
        if words.is_none() {
            write!(f, "take the action {}", self.vocabulary.action_name(action))?;
        }
        // The name of the channel comes last.
        let words = words.unwrap_or(" in @");
        let Some(before) = words.strip_suffix(" @") else { return f.write_str(words) };
        if let Some(name) = channel.map(Channel::name).or(channel_name) {
            return write!(f, "{before} “{name}”");
        }
        let channel = dialect.channel();
        match before.strip_suffix(channel).and_then(|before| before.strip_suffix("the ")) {
            Some(before) => write!(f, "{before}a {channel}"),
            None => f.write_str(before.strip_suffix(" in").unwrap_or(before)),
        }
    }
}

/// The rest of a sentence.
struct Sentence<'s, 'b> {
    cause: &'s Cause<'b>,
    because: &'s Because<'b>,
}

impl fmt::Display for Sentence<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Because { vocabulary, question, missing, .. } = self.because;
        let who = question.identity;
        let (channel, member) = (vocabulary.dialect.channel(), vocabulary.dialect.member());
        let of = if vocabulary.dialect == Dialect::Chat { "of" } else { "in" };
        let rule = vocabulary.rule(question.action);
        let any = vocabulary.permission_name(rule.any);
        let things = question.action.things();
        let missing = match missing[..] {
            [any, own] => format!("{} or {}", vocabulary.permission_name(any), vocabulary.permission_name(own)),
            _ => any.into(),
        };
        match self.cause {
            Cause::IsMember => write!(f, "“{who}” is a {member} {of} it"),
            Cause::IsInvited => write!(f, "“{who}” is invited to it"),
            Cause::IsCreator => write!(f, "“{who}” created it"),
            Cause::Grants { scope, role, permission } => {
                write!(f, "{} grants it ({})", self.named(*scope, role), vocabulary.permission_name(*permission))
            }
            Cause::GrantsOwn { scope, role, permission } => {
                let (named, permission) = (self.named(*scope, role), vocabulary.permission_name(*permission));
                write!(f, "{} “{who}”, and for one’s own {named} is enough ({permission})", things.belongs_to)
            }
            Cause::Unknown(_) if who.is_empty() => f.write_str("it is nobody’s"),
            Cause::Unknown(what) => write!(f, "this {what} is not known here; it was removed, or never loaded"),
            Cause::NoChannelNamed => write!(f, "no {channel} was named"),
            Cause::NoCounterpart if rule.any == Permission::INVITE_MEMBER => f.write_str("Conversations has no invites"),
            Cause::NoCounterpart => f.write_str("Conversations has no such action"),
            Cause::Closed(State::Initializing) => {
                write!(f, "the {channel} is still initializing, so nothing in it can be changed yet")
            }
            Cause::Closed(State::Unknown(state)) => {
                write!(f, "the {channel} has the unknown state “{state}”, which counts as closed")
            }
            Cause::Closed(_) => write!(f, "the {channel} is closed, so nothing in it can be changed any more"),
            Cause::NotAMember if self.because.missing.is_empty() => {
                write!(f, "“{who}” is not a {member}, and only a {member} may")
            }
            Cause::NotAMember => {
                write!(f, "“{who}” is not a {member}, and a {member} needs a role with {missing}; ")?;
                self.has_it(f)
            }
            Cause::OnlyMembers => write!(f, "only a {member} {of} a {channel} may, and no {channel} was named"),
            Cause::AlreadyAMember => write!(f, "“{who}” is a {member} already"),
            Cause::NotVisible => {
                let invited = if vocabulary.dialect == Dialect::Chat { ", nor invited to it" } else { "" };
                write!(f, "it is private, and “{who}” is neither a {member} {of} it{invited}, nor its creator")
            }
            Cause::NotOwner(owner) => {
                write!(f, "{} “{owner}”, and for {} a role needs {any}; ", things.belongs_to, things.others)?;
                self.has_it(f)
            }
            Cause::UnknownOwner => {
                write!(f, "{}, so a role needs {any}; ", things.unknown)?;
                self.has_it(f)
            }
            Cause::OnlyInChannels => {
                write!(f, "only a role in a {channel} can grant it ({missing}), and no {channel} was named")
            }
            Cause::Missing(lacking) => {
                match &lacking[..] {
                    [Lacking::Role { scope, role }] => write!(f, "{} does not grant it", self.named(*scope, role))?,
                    [Lacking::Role { scope: one, role }, Lacking::Role { scope: other, role: too }] => {
                        write!(f, "neither {} nor {} grants it", self.named(*one, role), self.named(*other, too))?;
                    }
                    _ => {
                        for (at, lacking) in lacking.iter().enumerate() {
                            f.write_str(if at == 0 { "" } else { ", and " })?;
                            self.lacks(f, lacking)?;
                        }
                        f.write_str(", so nothing grants it")?;
                    }
                }
                write!(f, " ({missing}); ")?;
                self.has_it(f)
            }
        }
    }
}

impl Sentence<'_, '_> {
    /// the conversation role “agent”
    fn named(&self, scope: Scope, role: &Definition) -> String {
        format!("the {} role “{}”", self.of(scope), role.friendly_name)
    }

    /// What a role of that scope is of, in the words of the dialect.
    fn of(&self, scope: Scope) -> &'static str {
        match scope {
            Scope::Service => "service",
            Scope::Channel => self.because.vocabulary.dialect.channel(),
        }
    }

    fn lacks(&self, f: &mut fmt::Formatter<'_>, lacking: &Lacking) -> fmt::Result {
        let who = self.because.question.identity;
        match lacking {
            Lacking::Role { scope, role } => write!(f, "{} does not grant it", self.named(*scope, role)),
            Lacking::OfOtherScope { scope, role } => {
                let (has, needs) = (self.of(role.scope), self.of(*scope));
                write!(f, "“{}” is a {has} role, not a {needs} role", role.friendly_name)
            }
            Lacking::Dangling { scope, sid } => write!(f, "the {} role {sid} was deleted or not loaded", self.of(*scope)),
            Lacking::WithoutRole(Scope::Service) => write!(f, "“{who}” has no service role"),
            Lacking::WithoutRole(scope) => write!(f, "“{who}” has no role in the {}", self.of(*scope)),
            Lacking::NoUser => write!(f, "no service role was loaded for “{who}”"),
            Lacking::NotIn(channel) => write!(f, "“{who}” is not in “{channel}”"),
        }
    }

    /// “A” and “B” have it
    fn has_it(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Because { roles, missing, .. } = self.because;
        for (at, role) in roles.iter().take(NAMED_ROLES).enumerate() {
            let is_last = at + 1 == roles.len();
            f.write_str(match at {
                0 => "",
                _ if is_last => " and ",
                _ => ", ",
            })?;
            let is_repeated = roles.iter().filter(|other| other.friendly_name == role.friendly_name).count() > 1;
            if is_repeated { f.write_str(&self.named(role.scope, role))? } else { write!(f, "“{}”", role.friendly_name)? }
        }
        if roles.is_empty() {
            // Where roles of one scope alone can help, others may well have it.
            f.write_str("no ")?;
            if !self.because.helps(Scope::Channel) {
                f.write_str("service ")?;
            } else if !self.because.helps(Scope::Service) {
                write!(f, "{} ", self.of(Scope::Channel))?;
            }
            f.write_str("role")?;
        }
        f.write_str(match roles.len() {
            0 | 1 => " has ",
            2..=NAMED_ROLES => " have ",
            _ => " and more have ",
        })?;
        f.write_str(if missing.len() > 1 { "one of these" } else { "it" })
    }
}
