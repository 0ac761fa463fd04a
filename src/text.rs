//! Texts by number. The model compares texts and never looks into them, so it has only their numbers: whoever loads it
//! keeps the texts, JavaScript in a page (where they are already) and [`Names`](crate::names::Names) in Rust. It is why no
//! text ever crosses into WebAssembly, and why nothing there makes, hashes or compares any.

/// The number of a text. Equal texts have equal numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Text(pub u32);

impl Text {
    /// The empty text, which names nothing: no SID, no identity and no permission is empty.
    pub const EMPTY: Text = Text(0);

    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// `None` for the empty text.
    pub fn given(self) -> Option<Self> {
        (self != Self::EMPTY).then_some(self)
    }
}

/// What the model asks of those who keep the texts.
pub(crate) trait Texts {
    /// Whether two texts are the same but for their case.
    fn are_alike(&self, one: Text, other: Text) -> bool;

    /// How many characters it has.
    fn letters(&self, text: Text) -> u32;

    /// A text that was not there: `RL` and 32 hexadecimal digits.
    fn new_sid(&mut self) -> Text;
}
