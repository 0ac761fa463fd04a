//! Making and comparing texts. `format!` and `concat` would do; they cost the package several kilobytes.

/// The parts, one after another.
pub(crate) fn sentence(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// The texts with commas between them.
pub(crate) fn listed(texts: &[String]) -> String {
    let mut list = String::new();
    for text in texts {
        if !list.is_empty() {
            list.push_str(", ");
        }
        list.push_str(text);
    }
    list
}

/// `permissions[3]`: the path of an element.
pub(crate) fn element(list: &str, at: usize) -> String {
    let mut path = sentence(&[list, "["]);
    push_number(&mut path, at);
    path.push(']');
    path
}

fn push_number(text: &mut String, number: usize) {
    if number > 9 {
        push_number(text, number / 10);
    }
    #[expect(clippy::cast_possible_truncation, reason = "a remainder by ten")]
    text.push((b'0' + (number % 10) as u8) as char);
}
