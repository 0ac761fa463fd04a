//! The binding for JavaScript: hands an operation's texts over as numbers and says the answer in cells, and decides nothing.
//!
//! The texts stay in JavaScript, with `texts.js`. Nothing here calls what an application wrote, so no listener and no
//! getter finds the service in use.

use alloc::vec;
use alloc::vec::Vec;

use wasm_bindgen::prelude::*;

use crate::answer::{Answer, Cell, cell, phrase};
use crate::decision::{self, Owner, Question, Reason, Standing};
use crate::directory::{Channel, Definition, Kind};
use crate::error::{Checked, Code, Refusal};
use crate::load::Report;
use crate::model::{Model, RoleMade, channel_type, default_named};
use crate::permission::{Dialect, Permission, Scope};
use crate::preview::{Turned, Whose};
use crate::text::{Text, Texts};
use crate::vocabulary::{DIALECTS, Defined, of_role_type, role_type};
use crate::wire::{SNAPSHOT_VERSION, Section, Tape, dialect_named, dialect_of};

mod operation;

use operation::Operation;

#[wasm_bindgen(module = "/src/js/texts.js")]
extern "C" {
    fn alike(one: u32, other: u32) -> bool;
    fn letters(text: u32) -> u32;
    #[wasm_bindgen(js_name = newSid)]
    fn new_sid() -> u32;
    fn width(window: u32) -> usize;
    fn fill(cells: &mut [u32], window: u32);
    fn places() -> u32;
    fn fresh() -> u32;
}

/// The texts of the service that is entered, with what was read last: those of `texts.js`.
#[derive(Clone)]
struct Entered;

impl Texts for Entered {
    fn are_alike(&self, one: Text, other: Text) -> bool {
        alike(one.0, other.0)
    }

    fn letters(&self, text: Text) -> u32 {
        letters(text.0)
    }

    fn new_sid(&mut self) -> Text {
        Text(new_sid())
    }
}

impl Tape for Entered {
    fn cells(&self, window: u32) -> Vec<u32> {
        let mut cells = vec![0; width(window)];
        fill(&mut cells, window);
        cells
    }

    fn places(&self) -> u32 {
        places()
    }

    fn texts(&self) -> u32 {
        fresh()
    }
}

/// A service with its drafts, as the TypeScript in `pkg-template` wraps it: with texts that it has checked to be texts.
#[wasm_bindgen]
#[derive(Default)]
pub struct Core {
    /// The service, and behind it a draft for each preview that is under way, the last one begun last.
    models: Vec<Model<Entered>>,
    /// The dialect was neither asked for nor loaded yet.
    undecided: bool,
}

/// Stands in place of a text that was not given.
const ABSENT: u32 = u32::MAX;

/// Stand before an answer: whether the operation has changed anything.
const UNCHANGED: Cell = 0;
const CHANGED: Cell = 1;
const REFUSED: Cell = 2;

/// The texts of an operation.
struct Given<'a>(&'a [u32]);

impl Given<'_> {
    fn optional(&self, at: usize) -> Option<Text> {
        self.0.get(at).filter(|text| **text != ABSENT).map(|text| Text(*text))
    }

    fn text(&self, at: usize) -> Text {
        self.optional(at).unwrap_or_default()
    }

    fn list(&self, from: usize) -> Vec<Text> {
        self.0.iter().skip(from).map(|text| Text(*text)).collect()
    }
}

#[wasm_bindgen]
impl Core {
    /// A service without roles; `Operation::Begin` must follow.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self { models: Vec::from([Model::new(Dialect::Chat, Entered)]), undecided: false }
    }

    /// Does the operation of that number, on the service (0) or on a draft, with texts by their numbers. Answers in cells,
    /// behind one that says whether anything has changed or the operation was refused.
    pub fn call(&mut self, level: usize, operation: u32, texts: &[u32]) -> Vec<u32> {
        let mut answer = Answer::default();
        answer.say(UNCHANGED);
        match self.operate(level, operation, &Given(texts), &mut answer) {
            Ok(false) => {}
            Ok(true) => answer.0[0] = CHANGED,
            Err(refusal) => {
                answer.0.truncate(0);
                answer.say(REFUSED);
                answer.say_all(&refusal.0.0);
            }
        }
        answer.0
    }
}

impl Core {
    fn loaded(&mut self, level: usize, replace: bool, answer: &mut Answer) -> Checked<bool> {
        if self.undecided {
            self.models[level].vocabulary.dialect = dialect_of(&Entered)?;
            self.undecided = false;
        }
        let model = &mut self.models[level];
        // What no report counts: the default roles, and how many actions there are, of which none ever goes.
        let before = (model.defaults, model.vocabulary.count());
        let report = model.load(&Entered, replace)?;
        say_report(answer, &report);
        Ok(report.is_change() || before != (model.defaults, model.vocabulary.count()))
    }

    fn operate(&mut self, level: usize, operation: u32, given: &Given, answer: &mut Answer) -> Checked<bool> {
        use Operation as O;
        let (Some(operation), Some(model)) = (Operation::ALL.get(operation as usize), self.models.get_mut(level)) else {
            answer.say(phrase::NULL);
            return Ok(false);
        };
        match operation {
            O::Begin => {
                match given.optional(0) {
                    Some(name) => model.vocabulary.dialect = dialect_named(name)?,
                    None => self.undecided = true,
                }
                if given.optional(1).is_some() {
                    model.add_default_roles();
                }
                answer.say(phrase::NULL);
                Ok(false)
            }
            O::Load => self.loaded(level, given.optional(0).is_some(), answer),
            O::Action => {
                #[expect(clippy::cast_possible_truncation, reason = "an index is below 64")]
                answer.number(model.vocabulary.action(given.text(0))?.index() as u32);
                Ok(false)
            }
            O::Answers => {
                let standing = Standing::of(&model.directory, given.text(0), given.optional(1));
                answer.say(phrase::ANSWERS);
                for owner in [Owner::Other, Owner::Me] {
                    let bits = decision::allowed(&model.vocabulary, &standing, owner).bits();
                    #[expect(clippy::cast_possible_truncation, reason = "halves")]
                    let halves = [bits as u32, (bits >> 32) as u32];
                    answer.number(halves[0]);
                    answer.number(halves[1]);
                }
                Ok(false)
            }
            O::Draft | O::Differences | O::EndDraft => self.operate_on_drafts(level, *operation, answer),
            O::Tidy => {
                tell_needed(model, answer);
                Ok(false)
            }
            _ => operate_on(model, *operation, given, answer),
        }
    }

    #[inline(never)]
    fn operate_on_drafts(&mut self, level: usize, operation: Operation, answer: &mut Answer) -> Checked<bool> {
        match operation {
            Operation::Draft => {
                let draft = self.models[level].clone();
                #[expect(clippy::cast_possible_truncation, reason = "previews within previews are few")]
                answer.number(self.models.len() as u32);
                self.models.push(draft);
            }
            Operation::Differences => {
                if let (Some(before), Some(after)) = (self.models.get(level), self.models.last()) {
                    let turned = before.differences(after)?;
                    answer.say_all(&[phrase::ELEMENTS, cell::LIST, turned.len().try_into().unwrap_or_default()]);
                    for turned in &turned {
                        say_turned(answer, turned);
                    }
                }
            }
            _ => {
                self.models.truncate(level);
                answer.say(phrase::NULL);
            }
        }
        Ok(false)
    }
}

/// A bit for each text that is needed still, behind the first cell.
#[inline(never)]
fn tell_needed(model: &mut Model<Entered>, answer: &mut Answer) {
    model.tidy(&mut |text| {
        let word = text.index() / 32 + 1;
        if answer.0.len() <= word {
            answer.0.resize(word + 1, 0);
        }
        answer.0[word] |= 1 << (text.0 % 32);
    });
}

/// The operations that no first check needs, as those above: engines compile a function when it is first called, so a page
/// does not wait for these.
#[inline(never)]
fn operate_on(model: &mut Model<Entered>, operation: Operation, given: &Given, answer: &mut Answer) -> Checked<bool> {
    use Operation as O;
    // What may be asked has changed nothing; what is done says whether it has.
    let mut changed = false;
    match operation {
        O::Dialect => answer.quoted(dialect(model)),
        O::Snapshot => say_snapshot(model, answer),
        O::Roles => {
            let scope = given.optional(0).map(scope_named).transpose()?;
            answer.say(phrase::ELEMENTS);
            say_rows(model, answer, Section::Roles, API, scope.map(|scope| SCOPES[scope as usize]));
        }
        O::Role => match model.find_role(given.text(0))? {
            Some((sid, role)) => say_role(model, answer, API, sid, role),
            None => answer.say(phrase::NULL),
        },
        O::CreateRole | O::UpdateRole | O::Grant | O::Revoke => {
            let (sid, is_change) = match operation {
                O::CreateRole => {
                    let permissions = &given.list(3)[..];
                    let (friendly_name, role_type, sid) = (given.text(0), given.text(1), given.optional(2));
                    (model.create_role(&RoleMade { friendly_name, role_type, sid, permissions })?, true)
                }
                O::UpdateRole => model.update_role(given.text(0), &given.list(1))?,
                O::Grant => model.grant(given.text(0), given.text(1))?,
                _ => model.revoke(given.text(0), given.text(1))?,
            };
            if let Some(role) = model.directory.role(sid) {
                say_role(model, answer, API, sid, role);
            }
            changed = is_change;
        }
        O::DeleteRole => {
            answer.say(phrase::DELETED);
            if let Some((sid, role)) = model.find_role(given.text(0))? {
                say_role(model, answer, API, sid, role);
            }
            let dangling = model.delete_role(given.text(0))?;
            answer.number(dangling.users);
            answer.number(dangling.members);
            changed = true;
        }
        O::SetDefaultRole => changed = model.set_default_role(default_named(given.text(0))?, given.text(1))?,
        O::DefineAction => {
            let member_only = given.optional(3).is_some();
            let defined = Defined { name: given.text(0), any: given.text(1), own: given.optional(2), member_only };
            changed = model.define_action(defined)?;
        }
        O::SetUser => changed = model.set_user(given.text(0), given.optional(1))?,
        O::RemoveUser => changed = model.remove_user(given.text(0)),
        O::CreateChannel => {
            model.create_channel(given.text(0), given.optional(1), given.optional(2))?;
            changed = true;
        }
        O::RemoveChannel => changed = model.remove_channel(given.text(0)),
        O::SetMember => changed = model.place(Kind::Member, given.text(0), given.text(1), given.optional(2))?,
        O::Invite => changed = model.place(Kind::Invite, given.text(0), given.text(1), given.optional(2))?,
        O::RemoveMember => changed = model.displace(Kind::Member, given.text(0), given.text(1)),
        O::DeclineInvite => changed = model.displace(Kind::Invite, given.text(0), given.text(1)),
        O::AcceptInvite => {
            model.accept_invite(given.text(0), given.text(1))?;
            changed = true;
        }
        O::Users | O::Channels | O::Members | O::Invites => {
            let section = match operation {
                O::Users => Section::Users,
                O::Channels => Section::Channels,
                O::Members => Section::Members,
                _ => Section::Invites,
            };
            answer.say(phrase::ELEMENTS);
            say_rows(model, answer, section, API, given.optional(0));
        }
        O::WhoCan => {
            let action = model.vocabulary.action(given.text(0))?;
            let mut list = begin_list(answer);
            let whose = |identity: Text| whose(identity, given.optional(2));
            model.who_can(action, given.optional(1), &whose, &mut |identity| {
                list.length += 1;
                answer.quoted(identity);
            });
            answer.end(&list);
        }
        O::Has | O::Permissions | O::Actions | O::Explain => say_standing(model, operation, given, answer)?,
        _ => {}
    }
    // What has nothing to tell but whether it changed anything.
    if answer.0.len() == 1 {
        answer.flag(changed);
    }
    Ok(changed)
}

/// What is asked of an ability.
fn say_standing(model: &Model<Entered>, operation: Operation, given: &Given, answer: &mut Answer) -> Checked<()> {
    let (vocabulary, identity, channel) = (&model.vocabulary, given.text(0), given.optional(1));
    let standing = Standing::of(&model.directory, identity, channel);
    let permissions = standing.permissions();
    match operation {
        Operation::Has => {
            answer.flag(vocabulary.permission(given.text(2)).is_some_and(|permission| permissions.contains(permission)));
        }
        Operation::Permissions => {
            let mut list = begin_list(answer);
            for permission in permissions.iter() {
                list.length += 1;
                answer.quoted(vocabulary.permission_name(permission));
            }
            answer.end(&list);
        }
        Operation::Actions => {
            let allowed = decision::allowed(vocabulary, &standing, whose(identity, given.optional(2)));
            let mut list = begin_list(answer);
            for action in vocabulary.actions() {
                if allowed.contains(action) {
                    list.length += 1;
                    answer.quoted(vocabulary.action_name(action));
                }
            }
            answer.end(&list);
        }
        _ => {
            let (action, owner) = (vocabulary.action(given.text(2))?, given.optional(3));
            let whose = whose(identity, owner);
            let question = Question { identity, channel, action, owner: owner.unwrap_or_default(), whose };
            say_decision(model, &standing, &question, answer);
        }
    }
    Ok(())
}

fn whose(identity: Text, owner: Option<Text>) -> Owner {
    match owner {
        None | Some(Text::EMPTY) => Owner::Unknown,
        Some(owner) if owner == identity => Owner::Me,
        Some(_) => Owner::Other,
    }
}

fn say_decision(model: &Model<Entered>, standing: &Standing, question: &Question, answer: &mut Answer) {
    let vocabulary = &model.vocabulary;
    let explained = decision::explain(vocabulary, &model.directory, standing, question);
    answer.say(if explained.verdict.is_ok() { phrase::ALLOWED } else { phrase::DENIED });
    answer.quoted(vocabulary.action_name(question.action));
    answer.say_all(&explained.message.0);
    let permission = |permission: Permission| vocabulary.permission_name(permission);
    match explained.verdict {
        Ok(granted) => {
            match granted {
                Some(granted) => {
                    answer.say(phrase::BY_PERMISSION);
                    answer.quoted(permission(granted));
                }
                None => answer.say(phrase::NOTHING),
            }
            match explained.role.and_then(|(scope, sid)| Some((scope, sid, model.directory.role(sid)?))) {
                Some((scope, sid, role)) => {
                    answer.say(phrase::BY_ROLE);
                    answer.quoted_all(&[sid, role.friendly_name, SCOPES[scope as usize]]);
                }
                None => answer.say(phrase::NOTHING),
            }
        }
        Err(reason) => {
            answer.say(reason.cell());
            let mut list = answer.list();
            for missing in explained.missing.into_iter().flatten() {
                list.length += 1;
                answer.quoted(permission(missing));
            }
            answer.end(&list);
            answer.number(Reason::twilio_code(reason, vocabulary.dialect));
        }
    }
}

fn begin_list(answer: &mut Answer) -> crate::answer::List {
    answer.say(phrase::ELEMENTS);
    answer.list()
}

/// How the API names the fields of a row; a snapshot names them by the number of its dialect.
const API: u32 = 2;

fn say_row(answer: &mut Answer, section: Section, naming: u32) {
    answer.say_all(&[cell::ROW, section as Cell, naming]);
}

fn say_role(model: &Model<Entered>, answer: &mut Answer, naming: u32, sid: Text, role: &Definition) {
    say_row(answer, Section::Roles, naming);
    answer.quoted_all(&[sid, role.friendly_name, role_type(role.scope, model.dialect())]);
    let mut list = begin_list(answer);
    for permission in &role.permissions {
        list.length += 1;
        answer.quoted(model.vocabulary.permission_name(*permission));
    }
    answer.end(&list);
}

fn say_report(answer: &mut Answer, report: &Report) {
    answer.say(phrase::REPORT);
    for counts in report.counts {
        answer.say(phrase::COUNTS);
        for count in counts {
            answer.number(count);
        }
    }
    answer.say_all(&[cell::LIST, report.warned]);
    answer.say_all(&report.warnings.0);
}

fn say_turned(answer: &mut Answer, turned: &Turned) {
    const WHOSE: [Text; 3] = [Text::EMPTY, Text::of("self"), Text::of("other")];
    answer.say(phrase::CHANGE);
    answer.quoted(turned.identity);
    match turned.channel {
        Some(channel) => {
            answer.say(phrase::IN_CHANNEL);
            answer.quoted(channel);
        }
        None => answer.say(phrase::NOTHING),
    }
    answer.quoted(turned.action);
    match turned.whose {
        Whose::NotAsked => answer.say(phrase::NULL),
        whose => answer.quoted(WHOSE[whose as usize]),
    }
    answer.flag(turned.allowed);
}

/// Everything the service holds, in the order of its texts' numbers: JavaScript sorts it by the texts.
fn say_snapshot(model: &Model<Entered>, answer: &mut Answer) {
    let naming = model.dialect() as u32;
    answer.say(phrase::SNAPSHOT);
    answer.quoted(Text::of(SNAPSHOT_VERSION));
    answer.quoted(dialect(model));
    let mut sections = answer.list();
    for section in Section::ALL {
        if section == Section::Payload || (section == Section::Invites && model.dialect() == Dialect::Conversations) {
            continue;
        }
        sections.length += 1;
        answer.say_all(&[cell::SECTION, section as Cell, naming]);
        say_rows(model, answer, section, naming, None);
    }
    answer.end(&sections);
}

/// The rows of a section: of roles only those of a scope, of members and invites only those of a channel, where one is chosen.
fn say_rows(model: &Model<Entered>, answer: &mut Answer, section: Section, naming: u32, chosen: Option<Text>) {
    let Model { vocabulary, directory, .. } = model;
    let is_chosen = |text: Text| chosen.is_none_or(|chosen| chosen == text);
    // In a snapshot a text that says nothing is left out.
    let given = |answer: &mut Answer, text: Text| {
        if naming == API || text != Text::EMPTY { answer.quoted(text) } else { answer.say(phrase::NOTHING) }
    };
    if section == Section::Defaults {
        say_row(answer, section, naming);
        return model.defaults.into_iter().for_each(|default| given(answer, default));
    }
    let mut list = answer.list();
    match section {
        Section::Actions => {
            for defined in vocabulary.own_actions() {
                list.length += 1;
                say_row(answer, section, naming);
                answer.quoted(defined.name);
                answer.quoted(defined.any);
                given(answer, defined.own.unwrap_or_default());
                answer.flag(defined.member_only);
            }
        }
        Section::Roles => {
            for (sid, role) in directory.roles() {
                if is_chosen(SCOPES[role.scope as usize]) {
                    list.length += 1;
                    say_role(model, answer, naming, sid, role);
                }
            }
        }
        Section::Users => {
            for identity in directory.people() {
                if let Some(role) = directory.user(identity) {
                    list.length += 1;
                    say_row(answer, section, naming);
                    answer.quoted(identity);
                    given(answer, role);
                }
            }
        }
        Section::Channels => {
            let (unknown, has_type) = match naming {
                API => (phrase::NULL, true),
                _ => (phrase::NOTHING, model.dialect() == Dialect::Chat),
            };
            for channel in directory.channels() {
                if channel.row.is_none() && naming != API {
                    continue;
                }
                let row = channel.row.unwrap_or_default();
                list.length += 1;
                say_row(answer, section, naming);
                answer.quoted(channel.sid);
                if has_type {
                    answer.quoted(channel_type(row.public));
                } else {
                    answer.say(phrase::NOTHING);
                }
                match row.created_by {
                    Some(creator) => answer.quoted(creator),
                    None => answer.say(unknown),
                }
            }
        }
        _ => {
            let kind = if section == Section::Members { Kind::Member } else { Kind::Invite };
            let mut say_roster = |channel: &Channel| {
                for place in channel.roster(kind).iter() {
                    list.length += 1;
                    say_row(answer, section, naming);
                    answer.quoted(channel.sid);
                    answer.quoted(place.person);
                    given(answer, place.role);
                }
            };
            match chosen {
                Some(sid) => directory.channel(sid).into_iter().for_each(say_roster),
                None => directory.channels().for_each(&mut say_roster),
            }
        }
    }
    answer.end(&list);
}

static SCOPES: [Text; 2] = [Text::of(Scope::Service.name()), Text::of(Scope::Channel.name())];

fn dialect(model: &Model<Entered>) -> Text {
    DIALECTS[model.dialect() as usize]
}

fn scope_named(name: Text) -> Checked<Scope> {
    let named = Scope::ALL.into_iter().find(|scope| SCOPES[*scope as usize] == name);
    let refusal = || Refusal::about(Code::InvalidScope, phrase::NO_SCOPE, name).at_argument(phrase::AT_SCOPE);
    named.or(of_role_type(name).map(|(scope, _)| scope)).ok_or_else(refusal)
}
