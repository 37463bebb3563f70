//! What people may have meant by a name that is not known.

/// `; did you mean "plan_id"?`, or the whole list where nothing is near.
pub fn meant(text: &str, names: &[String]) -> String {
    let near = names.iter().map(|name| (distance(text, name), name)).min();
    match near {
        Some((steps, name)) if steps <= 1 + name.len() / 4 => format!("; did you mean {name:?}?"),
        _ => format!("; there is {}", names.join(", ")),
    }
}

/// How many letters to put in, take out or change (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (at, x) in a.chars().enumerate() {
        let (mut diagonal, mut left) = (at, at + 1);
        for (above, y) in row.iter_mut().skip(1).zip(b.chars()) {
            let steps = (diagonal + usize::from(x != y)).min(*above + 1).min(left + 1);
            diagonal = std::mem::replace(above, steps);
            left = steps;
        }
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}
