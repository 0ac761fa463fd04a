//! An application's own actions.

use crate::error::{Error, Problem, Result};
use crate::vocabulary::NewAction;

use super::Service;

impl Service {
    /// Adds an action of the application's own. The permissions that it requires need not be built in; the same definition
    /// again is no change.
    ///
    /// # Errors
    ///
    /// `invalid-name`, `duplicate-action`, `no-counterpart`, `too-many-actions`, `too-many-permissions`.
    pub fn define_action(&mut self, new: &NewAction) -> Result<()> {
        let mut vocabulary = self.vocabulary.clone();
        vocabulary.define_action(new, self.held_permissions())?;
        let is_new = vocabulary.own_actions().count() > self.vocabulary.own_actions().count();
        // One that was loaded is there, whatever it requires.
        if let Some((field, name)) = vocabulary.without_counterpart(new).filter(|_| is_new) {
            return Err(Error::from(Problem::NoPermissionInConversations(name.into())).at(field));
        }
        self.vocabulary = vocabulary;
        self.changed(is_new);
        Ok(())
    }
}
