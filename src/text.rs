//! Making texts, and words that stand for something. `format!` and `concat` would do; they cost the package several kilobytes.

use alloc::string::String;

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

/// The parts, one after another.
pub(crate) fn sentence(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// One part of a text in which an ASCII separator stands between parts. `str::split` would do, with a search that weighs more.
pub(crate) fn part(text: &str, separator: u8, at: usize) -> Option<&str> {
    let (mut start, mut left) = (0, at);
    for (end, byte) in text.bytes().chain([separator]).enumerate() {
        if byte == separator {
            if left == 0 {
                return text.get(start..end);
            }
            left -= 1;
            start = end + 1;
        }
    }
    None
}

/// `permissions[3]`: the path of an element.
pub(crate) fn element(list: &str, at: usize) -> String {
    let mut path = sentence(&[list, "["]);
    push_number(&mut path, at);
    path.push(']');
    path
}

/// Makes ends in bytes of the lengths that JavaScript counts.
pub(crate) fn end_at(joined: &str, lengths: &mut [u32]) {
    // Where all is ASCII, as SIDs are and most identities, both count the same.
    if lengths.iter().sum::<u32>() as usize == joined.len() {
        let mut end = 0;
        for length in lengths {
            end += *length;
            *length = end;
        }
        return;
    }
    let mut letters = joined.chars();
    for length in lengths {
        let mut units = 0;
        while units < *length
            && let Some(letter) = letters.next()
        {
            units += if letter > '\u{ffff}' { 2 } else { 1 };
        }
        #[expect(clippy::cast_possible_truncation, reason = "the text came out of a JavaScript string, or is not longer")]
        let end = (joined.len() - letters.as_str().len()) as u32;
        *length = end;
    }
}

fn push_number(text: &mut String, number: usize) {
    if number > 9 {
        push_number(text, number / 10);
    }
    #[expect(clippy::cast_possible_truncation, reason = "a remainder by ten")]
    text.push((b'0' + (number % 10) as u8) as char);
}

#[cfg(test)]
mod tests {
    use super::{end_at, part};

    #[test]
    fn a_part_is_what_split_would_give() {
        for text in ["", "a", "a|b", "|", "a||b|", "|a", "é|ü|ß"] {
            for separator in ['|', '*'] {
                let mut expected = text.split(separator);
                for at in 0..5 {
                    assert_eq!(part(text, separator as u8, at), expected.next(), "{text}, part {at} by {separator}");
                }
            }
        }
    }

    #[test]
    fn lengths_in_javascript_become_ends_in_bytes() {
        let table: [(&[&str], &[u32]); 5] = [
            (&[], &[]),
            (&["ab", "", "c"], &[2, 2, 3]),
            (&["é", "a", "😀", "b"], &[2, 3, 7, 8]),
            (&["ab", "é"], &[2, 4]),
            (&["é", "é"], &[2, 4]),
        ];
        for (texts, ends) in table {
            let mut lengths: Vec<u32> = texts.iter().map(|text| u32::try_from(text.encode_utf16().count()).unwrap()).collect();
            end_at(&texts.concat(), &mut lengths);
            assert_eq!(lengths, ends, "{texts:?}");
        }
    }
}
