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
        if let Some((field, name)) = self.vocabulary.without_counterpart(new) {
            return Err(Error::from(Problem::NoPermissionInConversations(name.into())).at(field));
        }
        let before = self.vocabulary.own_actions().count();
        self.vocabulary.define_action(new, self.held_permissions())?;
        self.changed(self.vocabulary.own_actions().count() != before);
        Ok(())
    }
}
