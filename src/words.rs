//! Enumerations of words, such as the codes of errors.

/// An enumeration of words: how each is written, and what it means in one sentence of the README's table.
macro_rules! words {
    ($(#[$about:meta])* $name:ident: $($variant:ident $word:literal $meaning:literal)*) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = $meaning] $variant,)*
        }

        impl $name {
            /// All of them, in the order of the README's table.
            pub const ALL: &[$name] = &[$($name::$variant,)*];

            /// How it is written: in kebab-case, never changed within a major version.
            #[must_use]
            pub const fn name(self) -> &'static str {
                const NAMES: &[&str] = &[$($word,)*];
                NAMES[self as usize]
            }

            /// What it means, in one sentence of the README's table.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                const MEANINGS: &[&str] = &[$($meaning,)*];
                MEANINGS[self as usize]
            }
        }
    };
}
