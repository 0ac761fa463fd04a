//! What the model says, in cells instead of texts: which phrase, and what fills its gaps. Whoever keeps the texts puts it
//! into words: JavaScript in a page, [`Names`](crate::names::Names) in Rust.
#![cfg_attr(not(feature = "js"), allow(dead_code, reason = "what is JSON is said to JavaScript alone"))]

use alloc::vec::Vec;

use crate::error::Code;
use crate::text::Text;

/// Part of an answer. A phrase takes as many parts behind it as it has gaps, and each of these takes its own.
pub(crate) type Cell = u32;

/// The cells that are no phrase.
pub mod cell {
    /// Behind it: a section of a snapshot, how its fields are named, and its row, or a list of its rows.
    pub const SECTION: u32 = 251;
    /// Behind it: where in a payload, see `Place::path`.
    pub const PATH: u32 = 252;
    /// Behind it: a section, how its fields are named (0 and 1: as that dialect's snapshot does, 2: as the API does), and a
    /// part for each field. Only where there is one is the field written.
    pub const ROW: u32 = 253;
    /// Behind it: a number.
    pub const NUMBER: u32 = 254;
    /// Behind it: how many parts, and the parts. A comma stands between them.
    pub const LIST: u32 = 255;
    /// From here on: texts.
    pub const TEXT: u32 = 256;
}

macro_rules! phrases {
    ($($name:ident $text:literal)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Place { $($name,)* }

        /// Each phrase by its name: its cell.
        pub(crate) mod phrase {
            use super::{Cell, Place};
            $(pub const $name: Cell = Place::$name as Cell;)*
        }

        /// The phrases, each at the place of its cell. A `$` is a gap. The first ones are the parts of JSON; the others have
        /// nothing that JSON would escape.
        pub const PHRASES: &[&str] = &[$($text,)*];
    };
}

phrases! {
    NOTHING ""
    NULL "null"
    TRUE "true"
    FALSE "false"
    QUOTED "\"$\""
    ELEMENTS "[$]"
    ERROR "[\"$\",\"$\",\"$\"]"
    ANSWERS "[$,$,$,$]"
    DELETED "{\"role\":$,\"users\":$,\"members\":$}"
    REPORT "{\"roles\":$,\"users\":$,\"channels\":$,\"members\":$,\"invites\":$,\"warnings\":[$]}"
    COUNTS "{\"added\":$,\"updated\":$,\"unchanged\":$,\"removed\":$,\"skipped\":$}"
    WARNING "{\"code\":\"$\",\"path\":\"$\",\"message\":\"$\"}"
    CHANGE "{\"identity\":$,$\"action\":$,\"owner\":$,\"allowed\":$}"
    IN_CHANNEL "\"channel\":$,"
    ALLOWED "{\"allowed\":true,\"action\":$,\"message\":\"$\"$$}"
    BY_PERMISSION ",\"permission\":$"
    BY_ROLE ",\"role\":{\"sid\":$,\"friendlyName\":$,\"scope\":$}"
    DENIED "{\"allowed\":false,\"action\":$,\"message\":\"$\",\"reason\":\"$\",\"missing\":[$],\"status\":403,\"twilioCode\":$}"
    SNAPSHOT "{\"rolecall\":$,\"dialect\":$,$}"

    // Where something is wrong.
    AT_FRIENDLY_NAME "friendlyName"
    AT_TYPE "type"
    AT_SID "sid"
    AT_PERMISSION "permission"
    AT_PERMISSIONS "permissions"
    AT_IDENTITY "identity"
    AT_CREATED_BY "createdBy"
    AT_WHICH "which"
    AT_ANY "any"
    AT_OWN "own"
    AT_SCOPE "scope"
    AT_DIALECT "dialect"
    AT_ROLECALL "rolecall"
    ELEMENT "$[$]"

    // What is wrong.
    NAME_LENGTH "a role's name has 1 to 64 characters"
    NO_ROLE_TYPE "a role's type is deployment or channel, or service or conversation, not “$”"
    NO_SCOPE "a scope is service or channel, not “$”"
    NO_CHANNEL_TYPE "a channel is public or private, not “$”"
    NO_DIALECT "a dialect is chat or conversations, not “$”"
    NO_DEFAULT_FOR "a default role is for a user, a member or a creator, not “$”"
    EMPTY_SID "a SID is not empty"
    EMPTY_IDENTITY "an identity is not empty"
    EMPTY "is empty"
    MISSING "is missing"
    NO_NAMES "an action and its permissions need names"
    ROLE_EXISTS "a role with the SID $ exists already"
    CHANNEL_EXISTS "a channel with the SID $ exists already"
    ACTION_EXISTS "an action called “$” exists with another rule"
    LAST_PERMISSION "a role keeps at least one permission"
    NO_PERMISSIONS "a role has at least one permission"
    ALWAYS_PRIVATE "a conversation is always private"
    NO_INVITES "Conversations has no invites"
    NO_SUCH_INVITE "“$” is not invited to “$”"
    NO_SUCH_ROLE "no role has the SID or the name “$”"
    NO_SUCH_CHANNEL "no channel with the SID “$” is known"
    NO_SUCH_ACTION "no action is called “$”"
    NO_SUCH_PERMISSION "no role and no action knows a permission called “$”"
    NOT_IN_CONVERSATIONS "Conversations has no permission $"
    NOT_VALID "$ is not valid in a role of type $"
    WRONG_SCOPE "“$” is not a role of type $"
    NO_DEFAULT "the service has no default role for a $"
    AMBIGUOUS "more than one role is called “$”: $"
    TOO_MANY_ACTIONS "no room for “$”: 45 actions are defined already"
    TOO_MANY_PERMISSIONS "the roles and actions hold more than 41 permissions of the application's own"
    TOO_MANY_CHANGES "the change would turn over more than 500,000 decisions"
    NO_MEMORY "there is no memory for what is loaded"
    NO_PAYLOAD "a payload is an object: expected an object, found $"
    NEWER "this snapshot is of version $, and this rolecall reads version $"
    UNREADABLE "reading it threw"
    ILL_FORMED "a lone surrogate is no text"
    TOO_LARGE "from here on, the payload is beyond what a load may hold"
    EXPECTED "expected $, found $"
    A_STRING "a string"
    A_STRING_OR_NULL "a string or null"
    TRUE_OR_FALSE "true or false"
    A_LIST_OF_STRINGS "a list of strings"
    AN_OBJECT "an object"
    A_LIST "a list"
    A_SECTION "a list page, a list or an object"
    ABSENT "nothing"
    A_NUMBER "a number"
    ANOTHER_KIND "a value of another kind"

    // What is kept but should be looked at.
    NO_ROLE "no-role"
    MORE_WARNINGS "more-warnings"
    WITHOUT_ROLE "without a role: it grants nothing"
    AND_MORE "and there are more"
    INVITES_SKIPPED "Conversations has no invites: they are skipped"
    OF_ITS_OWN "“$” is not a built-in permission, and no action asks for it"
    GRANTS_NOTHING "$: it grants nothing"

    // Explanations.
    MAY "“$” may $$: $."
    MAY_NOT "“$” may not $$: $."
    IN " in “$”"
    IS_MEMBER "“$” is a $"
    IS_INVITED "“$” is invited"
    GRANTS "$ grants $"
    GRANTS_OWN "$ grants $, and it belongs to “$”"
    CHANNEL "channel"
    CONVERSATION "conversation"
    MEMBER "member"
    PARTICIPANT "participant"
    BECAUSE_UNKNOWN_USER "nothing that was loaded names this identity"
    BECAUSE_UNKNOWN_CHANNEL "this $ was never loaded"
    BECAUSE_NO_CHANNEL "no $ was given"
    BECAUSE_NO_COUNTERPART "Conversations has no such action"
    BECAUSE_NOT_A_MEMBER "“$” is not a $ of it"
    BECAUSE_NOWHERE_A_MEMBER "only a $ may, and no $ was given"
    BECAUSE_A_MEMBER "“$” is a $ already"
    BECAUSE_PRIVATE "it is private, and “$” is neither a $ nor invited"
    BECAUSE_NOT_OWN "$ is only for one’s own$; $ is missing$"
    BELONGS ", and this belongs to “$”"
    BECAUSE_NOBODYS "$ is only for one’s own, and this has no known owner; $ is missing$"
    BECAUSE_MISSING "$ is missing: $$"
    BECAUSE_BOTH_MISSING "$ (or, for one’s own, $) is missing: $$"
    NEITHER "neither $ nor $ grants it"
    SERVICE_ROLE "the service role"
    CHANNEL_ROLE "the $ role"
    NAMED "$ “$”"
    WITH_SID "$ $"
    IS_DANGLING "$ is deleted or not loaded"
    IS_OF_OTHER_SCOPE "$ is of the other scope and grants nothing here"
    IS_NOT_SET "$ is not set"
    DOES_NOT_GRANT "$ does not grant it"
    HAS_NO_SERVICE_ROLE "“$” has no service role here"
    IS_NO_MEMBER "“$” is not a $ of the $"
    GRANTED_BY "; granted by $$"
    IN_QUOTES "“$”"
    MORE " and more"
    GRANTED_BY_NONE "; no role grants it"
}

/// The cell of the word for an error's code, and behind those for reasons: phrases, too.
pub(crate) const CODES: Cell = {
    #[expect(clippy::cast_possible_truncation, reason = "there are about a hundred phrases")]
    let phrases = PHRASES.len() as Cell;
    phrases
};

const _: () = assert!(PHRASES.len() + Code::ALL.len() + crate::decision::Reason::ALL.len() <= cell::SECTION as usize);

/// An answer while it is put together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer(pub Vec<Cell>);

impl Answer {
    // Not inlined, as little else here: each copy of it would weigh.
    #[inline(never)]
    pub fn say(&mut self, cell: Cell) {
        self.0.push(cell);
    }

    #[inline(never)]
    pub fn say_all(&mut self, cells: &[Cell]) {
        self.0.extend_from_slice(cells);
    }

    #[inline(never)]
    pub fn text(&mut self, text: Text) {
        self.say(text.cell());
    }

    /// A text as JSON has it.
    #[inline(never)]
    pub fn quoted(&mut self, text: Text) {
        self.say(phrase::QUOTED);
        self.text(text);
    }

    #[cfg(feature = "js")]
    pub fn quoted_all(&mut self, texts: &[Text]) {
        for text in texts {
            self.quoted(*text);
        }
    }

    #[inline(never)]
    pub fn number(&mut self, number: u32) {
        self.say(cell::NUMBER);
        self.say(number);
    }

    #[inline(never)]
    pub fn flag(&mut self, flag: bool) {
        self.say(if flag { phrase::TRUE } else { phrase::FALSE });
    }

    /// Starts a list whose length is not known yet: `end` must follow behind its last part.
    #[inline(never)]
    pub fn list(&mut self) -> List {
        self.say(cell::LIST);
        self.say(0);
        List { at: self.0.len() - 1, length: 0 }
    }

    #[inline(never)]
    pub fn end(&mut self, list: &List) {
        if let Some(length) = self.0.get_mut(list.at) {
            *length = list.length;
        }
    }
}

/// A list that is being said.
pub(crate) struct List {
    at: usize,
    /// How many parts it has so far.
    pub length: u32,
}

impl Text {
    pub const fn cell(self) -> Cell {
        // Beyond four billion texts memory would have ended long before.
        cell::TEXT.wrapping_add(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_an_answer_has_its_cells() {
        const SOME: Text = Text(7);
        type Say = fn(&mut Answer);
        let table: [(&[Cell], Say); 8] = [
            (&[phrase::NULL], |answer| answer.say(phrase::NULL)),
            (&[1, 2, 3], |answer| answer.say_all(&[1, 2, 3])),
            (&[cell::TEXT + 7], |answer| answer.text(SOME)),
            (&[phrase::QUOTED, cell::TEXT + 7], |answer| answer.quoted(SOME)),
            (&[cell::NUMBER, 7], |answer| answer.number(7)),
            (&[phrase::TRUE], |answer| answer.flag(true)),
            (&[phrase::FALSE], |answer| answer.flag(false)),
            (&[9, cell::LIST, 2, 5, 6], |answer| {
                answer.say(9);
                let mut list = answer.list();
                answer.say_all(&[5, 6]);
                list.length = 2;
                answer.end(&list);
            }),
        ];
        for (cells, say) in table {
            let mut answer = Answer::default();
            say(&mut answer);
            assert_eq!(answer.0, cells);
        }
    }

    #[cfg(feature = "js")]
    #[test]
    fn a_code_and_a_reason_are_said_by_their_names() {
        use crate::decision::Reason;
        use crate::names::word_of;
        for &code in Code::ALL {
            assert_eq!(word_of(CODES + code as Cell), code.name());
        }
        for &reason in Reason::ALL {
            assert_eq!(word_of(reason.cell()), reason.name());
        }
        let mut answer = Answer::default();
        answer.quoted_all(&[Text(1), Text(2)]);
        assert_eq!(answer.0, [phrase::QUOTED, cell::TEXT + 1, phrase::QUOTED, cell::TEXT + 2]);
    }
}
