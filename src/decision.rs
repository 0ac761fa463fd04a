//! Who, where, what, whose: allowed, or why not. Pure; every answer of the crate comes from `judge`.

use crate::action::{Action, ActionSet, Place, Rule};
use crate::answer::{Answer, Cell, phrase};
use crate::directory::{Channel, Directory, Kind};
use crate::permission::{Dialect, Permission, PermissionSet, Scope};
use crate::text::Text;
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
    /// Its word, to be said.
    #[cfg(feature = "js")]
    pub(crate) const fn cell(self) -> Cell {
        #[expect(clippy::cast_possible_truncation, reason = "there are forty codes")]
        let codes = crate::error::Code::ALL.len() as Cell;
        crate::answer::CODES + codes + self as Cell
    }

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

/// A role of the user's: its SID, and what it grants where it is assigned.
#[derive(Clone, Copy)]
struct Held {
    /// Empty: the row came without a role.
    role: Text,
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
    /// How somebody stands to a channel (`None`: outside of any).
    #[inline(never)]
    pub fn of(directory: &Directory, identity: Text, channel: Option<Text>) -> Self {
        let seat = |channel: &Channel| {
            let role_in = |kind: Kind| channel.roster(kind).role_of(identity);
            Seat {
                public: channel.row.is_some_and(|row| row.public),
                invited: role_in(Kind::Invite).is_some(),
                member: role_in(Kind::Member).map(|role| hold(directory, role, Scope::Channel)),
            }
        };
        Self {
            known: directory.is_known(identity),
            service: directory.user(identity).map(|role| hold(directory, role, Scope::Service)),
            place: match channel {
                None => Where::NotGiven,
                Some(sid) => directory.channel(sid).map_or(Where::Unknown, |channel| Where::Channel(seat(channel))),
            },
        }
    }

    /// The same for somebody who is neither a member of the channel nor invited to it.
    pub fn outside(mut self) -> Self {
        if let Where::Channel(seat) = &mut self.place {
            (seat.invited, seat.member) = (false, None);
        }
        self
    }

    /// The permissions of the service role, united with those of the channel role. Nothing for whom or where is unknown.
    pub fn permissions(&self) -> PermissionSet {
        let granted = |held: Option<Held>| held.map_or(PermissionSet::EMPTY, |held| held.granted);
        if !self.known || matches!(self.place, Where::Unknown) {
            return PermissionSet::EMPTY;
        }
        granted(self.service).union(granted(self.member()))
    }

    fn held(&self) -> [(Scope, Option<Held>); 2] {
        [(Scope::Service, self.service), (Scope::Channel, self.member())]
    }

    /// The first of the roles that grants a permission.
    fn granting(&self, permission: Permission) -> Option<(Scope, Text)> {
        let grants = |(_, held): &(Scope, Option<Held>)| held.is_some_and(|held| held.granted.contains(permission));
        let (scope, held) = self.held().into_iter().find(grants)?;
        Some((scope, held?.role))
    }

    fn member(&self) -> Option<Held> {
        match self.place {
            Where::Channel(seat) => seat.member,
            Where::NotGiven | Where::Unknown => None,
        }
    }

    fn has_dangling(&self) -> bool {
        self.held().iter().any(|(_, held)| held.is_some_and(|held| held.dangling))
    }
}

/// A role as it counts where it is assigned: one of the other scope grants nothing.
fn hold(directory: &Directory, role: Text, scope: Scope) -> Held {
    let definition = directory.role(role);
    Held {
        role,
        granted: definition.filter(|role| role.scope == scope).map_or(PermissionSet::EMPTY, |role| role.granted),
        dangling: role != Text::EMPTY && definition.is_none(),
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
        (None, _) if standing.has_dangling() => Err(Reason::UnknownRole),
        (None, _) => Err(Reason::MissingPermission),
    }
}

pub(crate) fn allows(vocabulary: &Vocabulary, standing: &Standing, action: Action, owner: Owner) -> bool {
    judge(vocabulary.rule(action), vocabulary.has_action(action), standing, owner).is_ok()
}

/// Every action that is allowed on a thing of that owner's.
#[inline(never)]
pub(crate) fn allowed(vocabulary: &Vocabulary, standing: &Standing, owner: Owner) -> ActionSet {
    let mut set = ActionSet::default();
    for action in vocabulary.actions() {
        if allows(vocabulary, standing, action, owner) {
            set.insert(action);
        }
    }
    set
}

/// What an explanation is about, beside the standing.
pub(crate) struct Question {
    pub identity: Text,
    pub channel: Option<Text>,
    pub action: Action,
    /// Empty where nobody is named.
    pub owner: Text,
    /// Whose that is.
    pub whose: Owner,
}

/// An answer with its explanation, before it is put into words.
pub(crate) struct Explained {
    /// Allowed, by which permission (`None`: by membership or an invite alone); or why not.
    pub verdict: Result<Option<Permission>, Reason>,
    /// Allowed: the role that grants the permission, by its SID.
    pub role: Option<(Scope, Text)>,
    /// Denied: the permissions of which any one would do.
    pub missing: [Option<Permission>; 2],
    pub message: Answer,
}

/// Decides and says why.
pub(crate) fn explain(vocabulary: &Vocabulary, directory: &Directory, standing: &Standing, question: &Question) -> Explained {
    let rule = vocabulary.rule(question.action);
    let verdict = judge(rule, vocabulary.has_action(question.action), standing, question.whose);
    let granted = verdict.ok().flatten();
    let mut told = Message { said: Answer::default(), vocabulary, directory, standing, question, rule };
    told.said.say(if verdict.is_ok() { phrase::MAY } else { phrase::MAY_NOT });
    told.say_all(&[told.who(), vocabulary.action_name(question.action).cell()]);
    told.text_if(phrase::IN, question.channel);
    match verdict {
        Ok(granted) => told.granted(granted),
        Err(reason) => told.denied(reason),
    }
    Explained {
        verdict,
        role: granted.and_then(|permission| standing.granting(permission)),
        missing: verdict.err().map_or([None; 2], |reason| missing(reason, rule, standing, question.whose)),
        message: told.said,
    }
}

/// The permissions of which any one would do, as far as a permission would help.
fn missing(reason: Reason, rule: Rule, standing: &Standing, owner: Owner) -> [Option<Permission>; 2] {
    use Reason::{AlreadyAMember, NoCounterpart, UnknownChannel, UnknownUser};
    let helps = !matches!(reason, UnknownUser | UnknownChannel | NoCounterpart | AlreadyAMember);
    let held = standing.permissions();
    let own = rule.own.filter(|_| owner == Owner::Me);
    let holds_one = held.contains(rule.any) || own.is_some_and(|own| held.contains(own));
    if helps && !holds_one { [Some(rule.any), own] } else { [None; 2] }
}

/// How many roles an explanation names before it says that there are more.
const NAMED_ROLES: u32 = 5;

/// The sentence of an explanation: phrases, each followed by what fills its gaps.
struct Message<'a> {
    said: Answer,
    vocabulary: &'a Vocabulary,
    directory: &'a Directory,
    standing: &'a Standing,
    question: &'a Question,
    rule: Rule,
}

impl Message<'_> {
    fn say_all(&mut self, cells: &[Cell]) {
        self.said.say_all(cells);
    }

    fn who(&self) -> Cell {
        self.question.identity.cell()
    }

    /// What the dialect calls a channel.
    fn channel(&self) -> Cell {
        if self.vocabulary.dialect == Dialect::Chat { phrase::CHANNEL } else { phrase::CONVERSATION }
    }

    /// What it calls a member.
    fn member(&self) -> Cell {
        if self.vocabulary.dialect == Dialect::Chat { phrase::MEMBER } else { phrase::PARTICIPANT }
    }

    /// The permission that suffices for anybody's things.
    fn any(&self) -> Cell {
        self.vocabulary.permission_name(self.rule.any).cell()
    }

    /// The one that suffices for one's own.
    fn own(&self) -> Cell {
        self.rule.own.map_or(phrase::NOTHING, |own| self.vocabulary.permission_name(own).cell())
    }

    fn text_if(&mut self, phrase: Cell, text: Option<Text>) {
        match text {
            Some(text) => self.say_all(&[phrase, text.cell()]),
            None => self.said.say(phrase::NOTHING),
        }
    }

    fn granted(&mut self, permission: Option<Permission>) {
        let (who, member) = (self.who(), self.member());
        let Some(permission) = permission else {
            return if self.standing.member().is_some() {
                self.say_all(&[phrase::IS_MEMBER, who, member]);
            } else {
                self.say_all(&[phrase::IS_INVITED, who]);
            };
        };
        let is_own = Some(permission) == self.rule.own;
        self.said.say(if is_own { phrase::GRANTS_OWN } else { phrase::GRANTS });
        if let Some((scope, role)) = self.standing.granting(permission) {
            self.role(scope, role);
        }
        self.said.text(self.vocabulary.permission_name(permission));
        if is_own {
            self.said.say(who);
        }
    }

    fn denied(&mut self, reason: Reason) {
        let in_channel = self.question.channel.is_some();
        let (who, channel, member, any, own) = (self.who(), self.channel(), self.member(), self.any(), self.own());
        match reason {
            Reason::UnknownUser => self.said.say(phrase::BECAUSE_UNKNOWN_USER),
            Reason::UnknownChannel if in_channel => self.say_all(&[phrase::BECAUSE_UNKNOWN_CHANNEL, channel]),
            Reason::UnknownChannel => self.say_all(&[phrase::BECAUSE_NO_CHANNEL, channel]),
            Reason::NoCounterpart => self.said.say(phrase::BECAUSE_NO_COUNTERPART),
            Reason::NotAMember if in_channel => self.say_all(&[phrase::BECAUSE_NOT_A_MEMBER, who, member]),
            Reason::NotAMember => self.say_all(&[phrase::BECAUSE_NOWHERE_A_MEMBER, member, channel]),
            Reason::AlreadyAMember => self.say_all(&[phrase::BECAUSE_A_MEMBER, who, member]),
            Reason::NotVisible => self.say_all(&[phrase::BECAUSE_PRIVATE, who, member]),
            Reason::NotOwner => {
                self.say_all(&[phrase::BECAUSE_NOT_OWN, own, phrase::BELONGS, self.question.owner.cell(), any]);
                self.would_grant();
            }
            Reason::UnknownOwner => {
                self.say_all(&[phrase::BECAUSE_NOBODYS, own, any]);
                self.would_grant();
            }
            Reason::UnknownRole | Reason::MissingPermission => {
                if self.rule.own.is_some() {
                    self.say_all(&[phrase::BECAUSE_BOTH_MISSING, any, own]);
                } else {
                    self.say_all(&[phrase::BECAUSE_MISSING, any]);
                }
                self.lacking();
                self.would_grant();
            }
        }
    }

    /// The roles that were asked in vain.
    fn lacking(&mut self) {
        let standing = self.standing;
        if let (Some(service), Some(member)) = (standing.service, standing.member())
            && self.is_of(Scope::Service, service) == Some(true)
            && self.is_of(Scope::Channel, member) == Some(true)
        {
            self.said.say(phrase::NEITHER);
            self.role(Scope::Service, service.role);
            return self.role(Scope::Channel, member.role);
        }
        let mut list = self.said.list();
        for (scope, held) in standing.held() {
            let Some(held) = held else { continue };
            list.length += 1;
            self.said.say(match (held.dangling, self.is_of(scope, held)) {
                (true, _) => phrase::IS_DANGLING,
                (_, Some(false)) => phrase::IS_OF_OTHER_SCOPE,
                _ if held.role == Text::EMPTY => phrase::IS_NOT_SET,
                _ => phrase::DOES_NOT_GRANT,
            });
            self.role(scope, held.role);
        }
        if standing.service.is_none() {
            list.length += 1;
            self.say_all(&[phrase::HAS_NO_SERVICE_ROLE, self.who()]);
        }
        let membership_would_help = self.rule.any.is_valid_in(Scope::Channel);
        if membership_would_help && matches!(standing.place, Where::Channel(Seat { member: None, .. })) {
            list.length += 1;
            self.say_all(&[phrase::IS_NO_MEMBER, self.who(), self.member(), self.channel()]);
        }
        self.said.end(&list);
    }

    fn is_of(&self, scope: Scope, held: Held) -> Option<bool> {
        Some(self.directory.role(held.role)?.scope == scope)
    }

    /// “the channel role “Channel Admin””; the SID where there is no name.
    fn role(&mut self, scope: Scope, role: Text) {
        let definition = self.directory.role(role);
        match definition {
            Some(_) => self.said.say(phrase::NAMED),
            None if role != Text::EMPTY => self.said.say(phrase::WITH_SID),
            None => {}
        }
        match scope {
            Scope::Service => self.said.say(phrase::SERVICE_ROLE),
            Scope::Channel => self.say_all(&[phrase::CHANNEL_ROLE, self.channel()]),
        }
        match definition {
            Some(definition) => self.said.text(definition.friendly_name),
            None if role != Text::EMPTY => self.said.text(role),
            None => {}
        }
    }

    /// “; granted by “A”, “B””
    fn would_grant(&mut self) {
        let mut more = phrase::NOTHING;
        let own = self.rule.own.filter(|_| self.question.whose == Owner::Me);
        let start = self.said.0.len();
        self.said.say(phrase::GRANTED_BY);
        let mut list = self.said.list();
        for (_, role) in self.directory.roles() {
            // Outside of a channel no channel role helps.
            let counts = self.question.channel.is_some() || role.scope == Scope::Service;
            if !counts || !(role.granted.contains(self.rule.any) || own.is_some_and(|own| role.granted.contains(own))) {
                continue;
            }
            if list.length == NAMED_ROLES {
                more = phrase::MORE;
                break;
            }
            list.length += 1;
            self.say_all(&[phrase::IN_QUOTES, role.friendly_name.cell()]);
        }
        if list.length == 0 {
            self.said.0.truncate(start);
            return self.said.say(phrase::GRANTED_BY_NONE);
        }
        self.said.end(&list);
        self.said.say(more);
    }
}
