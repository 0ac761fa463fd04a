//! A service instance, and the questions it answers. The operations are in the files of their nouns.

use std::sync::Arc;

use crate::action::{Action, ActionSet};
use crate::decision::{self, Owner, Standing, Where, judge};
use crate::dialect::Dialect;
use crate::directory::{self, Directory};
use crate::error::{Error, Problem, Result};
use crate::explanation::{Decision, Question, explain};
use crate::load::LoadReport;
use crate::vocabulary::Vocabulary;

mod channels;
mod own_actions;
mod people;
mod roles;

pub use channels::{Channel, NewChannel};
pub use people::{Member, User};

/// A service instance: roles, users, channels, members and invites, and the answers they give.
///
/// A failed operation changes nothing. Looking something up by name costs a hash or two; operations that cost more tell so.
#[derive(Clone)]
pub struct Service {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) directory: Directory,
    /// The SIDs of the default roles, in the order of [`DefaultFor::ALL`](crate::DefaultFor::ALL).
    pub(crate) defaults: [Option<Arc<str>>; 3],
    /// The service's own SID, once something loaded has told it.
    pub(crate) sid: Option<Arc<str>>,
    /// Where the next generated SID comes from.
    entropy: u64,
    version: u64,
    pub(crate) last_load: Option<LoadReport>,
}

impl Service {
    /// A brand-new service with the four default roles, and nobody in it.
    ///
    /// `entropy` sets the generated SIDs apart from those of other services, and seeds the hashing: pass a random number
    /// where strangers choose identities.
    #[must_use]
    pub fn new(dialect: Dialect, entropy: u64) -> Self {
        let mut service = Self::empty(dialect, entropy);
        service.add_initial_roles();
        service
    }

    /// A service without roles, to be loaded. See [`Service::new`] for `entropy`.
    #[must_use]
    pub fn empty(dialect: Dialect, entropy: u64) -> Self {
        Self {
            vocabulary: Vocabulary::new(dialect),
            directory: Directory::new(entropy),
            defaults: Default::default(),
            sid: None,
            entropy,
            version: 0,
            last_load: None,
        }
    }

    /// The dialect in which this service writes.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.vocabulary.dialect
    }

    /// Makes an empty service write in a dialect.
    #[cfg(feature = "js")]
    pub(crate) fn write_in(&mut self, dialect: Dialect) {
        self.vocabulary.dialect = dialect;
    }

    /// How many operations have changed something.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// What the last load did; `None` before the first.
    #[must_use]
    pub fn last_load(&self) -> Option<&LoadReport> {
        self.last_load.as_ref()
    }

    /// Counts an operation that has changed something.
    pub(crate) fn changed(&mut self, is_change: bool) {
        self.version += u64::from(is_change);
    }

    /// What a user may do: in a channel (by its SID or its unique name), or (`None`) outside of any.
    #[must_use]
    pub fn ability<'a>(&'a self, identity: &'a str, channel: Option<&'a str>) -> Ability<'a> {
        let at = Where::named(&self.directory, channel);
        let standing = Standing::of(&self.directory, identity, at);
        Ability { service: self, identity, channel_name: channel, channel: at.channel(), standing }
    }

    /// Everybody who may do it; nobody in a channel that is not known. Costs a decision for each identity that is known.
    ///
    /// # Errors
    ///
    /// `unknown-action`.
    pub fn who_can(&self, action: &str, channel: Option<&str>, owner: Option<&str>) -> Result<Vec<String>> {
        let action = self.vocabulary.action(action)?;
        let at = Where::named(&self.directory, channel);
        let may = |identity: &&str| {
            let standing = Standing::of(&self.directory, identity, at);
            judge(&self.vocabulary, &standing, action, Owner::seen_by(identity, owner)).is_ok()
        };
        Ok(self.directory.people().into_iter().filter(may).map(Into::into).collect())
    }

    /// The action of that name, in either dialect or of the application's own.
    ///
    /// # Errors
    ///
    /// `unknown-action`.
    pub fn action(&self, name: &str) -> Result<Action> {
        self.vocabulary.action(name)
    }
}

/// What one user may do in one channel, as the service was when it was asked for.
#[derive(Clone)]
pub struct Ability<'a> {
    service: &'a Service,
    identity: &'a str,
    channel_name: Option<&'a str>,
    channel: Option<&'a directory::Channel>,
    standing: Standing,
}

impl Ability<'_> {
    /// Whether the action is allowed. `owner` is the identity to whom the thing acted on belongs, where that matters.
    ///
    /// # Errors
    ///
    /// `unknown-action`.
    pub fn can(&self, action: &str, owner: Option<&str>) -> Result<bool> {
        let action = self.service.action(action)?;
        Ok(judge(&self.service.vocabulary, &self.standing, action, Owner::seen_by(self.identity, owner)).is_ok())
    }

    /// The opposite of [`Ability::can`].
    ///
    /// # Errors
    ///
    /// `unknown-action`.
    pub fn cannot(&self, action: &str, owner: Option<&str>) -> Result<bool> {
        Ok(!self.can(action, owner)?)
    }

    /// Nothing where the action is allowed, for a handler that goes on with `?`. [`Ability::explain`] has what a 403 tells.
    ///
    /// # Errors
    ///
    /// `permission-denied`, with the sentence of the explanation; `unknown-action`.
    pub fn require(&self, action: &str, owner: Option<&str>) -> Result<()> {
        let Decision { allowed, message, .. } = self.explain(action, owner)?;
        if allowed { Ok(()) } else { Err(Error::from(Problem::Denied(message))) }
    }

    /// Every action that is allowed on a thing of that owner's.
    #[must_use]
    pub fn allowed(&self, owner: Owner) -> ActionSet {
        decision::allowed(&self.service.vocabulary, &self.standing, owner)
    }

    /// The names of all allowed actions, in the service's dialect: for menus.
    #[must_use]
    pub fn actions(&self, owner: Option<&str>) -> Vec<String> {
        let vocabulary = &self.service.vocabulary;
        let allowed = self.allowed(Owner::seen_by(self.identity, owner));
        let names = vocabulary.actions().filter(|action| allowed.contains(*action));
        names.map(|action| vocabulary.action_name(action).into()).collect()
    }

    /// Whether the permission, by its name in either dialect, is effective here. An unknown name is not.
    #[must_use]
    pub fn has(&self, permission: &str) -> bool {
        let known = self.service.vocabulary.permission(permission);
        known.is_some_and(|permission| self.standing.held.contains(permission))
    }

    /// The effective permissions, in the service's dialect.
    #[must_use]
    pub fn permissions(&self) -> Vec<String> {
        let name = |permission| self.service.vocabulary.permission_name(permission).into();
        self.standing.held.iter().map(name).collect()
    }

    /// Decides and says why. Costs more than [`Ability::can`]: it looks for the roles that would grant what is missing.
    ///
    /// # Errors
    ///
    /// `unknown-action`.
    pub fn explain(&self, action: &str, owner: Option<&str>) -> Result<Decision> {
        let Self { service, identity, channel_name, channel, .. } = *self;
        let action = service.action(action)?;
        let question = Question { identity, channel_name, channel, action, owner };
        Ok(explain(&service.vocabulary, &service.directory, &question))
    }
}
