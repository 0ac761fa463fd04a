//! Names: as people write them, in any case and nearly right; and sorted.

use std::collections::BTreeSet;

/// Whether both are one word, compared without ASCII case and without `_`: `notParticipating` is `not_participating`.
pub(crate) fn is_same_word(one: &str, other: &str) -> bool {
    let letters =
        |word: &str| word.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase()).collect::<Vec<_>>();
    letters(one) == letters(other)
}

/// The name that was probably meant, if one is near: at most about a third of its letters would have to change.
pub(crate) fn nearest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let written = written.to_ascii_lowercase();
    let mut nearest = None;
    let mut least = usize::MAX;
    for name in names {
        let steps = distance(&written, &name.to_ascii_lowercase());
        if steps < least && steps * 3 <= name.len() + 2 && !name.is_empty() {
            (nearest, least) = (Some(name), steps);
        }
    }
    nearest
}

/// Whether a name is probably misspelt: at most a quarter of its letters would have to change.
pub(crate) fn is_misspelt(written: &str, name: &str) -> bool {
    distance(&written.to_ascii_lowercase(), name) * 4 <= name.len()
}

/// Names, sorted, each once. One function for every kind of iterator: `collect` would be compiled anew for each, and weigh a
/// tenth of the WebAssembly.
pub(crate) fn sorted<'n>(names: &mut dyn Iterator<Item = &'n str>) -> BTreeSet<&'n str> {
    let mut sorted = BTreeSet::new();
    for name in names {
        sorted.insert(name);
    }
    sorted
}

/// How many characters must be inserted, removed or replaced to make one word of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(LONGEST).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().take(LONGEST).enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, other) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

/// No name is longer than this; what is longer is like none.
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_is_written_in_many_ways() {
        let table = [
            ("not_participating", "notParticipating", true),
            ("conversation", "CONVERSATION", true),
            ("closed", "Closed_", true),
            ("closed", "close", false),
            ("", "_", true),
        ];
        for (one, other, same) in table {
            assert_eq!(is_same_word(one, other), same, "{one} and {other}");
        }
    }

    #[test]
    fn the_nearest_name_is_near() {
        let names = ["sendMessage", "sendMediaMessage", "editMessage", "roles", "users"];
        let table = [
            ("sendMesage", Some("sendMessage")),
            ("SENDMESSAGE", Some("sendMessage")),
            ("role", Some("roles")),
            ("userz", Some("users")),
            ("rolse", Some("roles")),
            ("pin", None),
            ("", None),
        ];
        for (written, name) in table {
            assert_eq!(nearest(written, names.into_iter()), name, "{written}");
        }
    }
}
