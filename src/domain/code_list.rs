//! Lists of codes that policies and value sets name: whole codes, ranges, or what codes start with.

/// A list of codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeList {
    /// First and last codes.
    Ranges(Vec<(String, String)>),
    /// What codes start with.
    Starts(Starts),
}

impl CodeList {
    /// Whether a code is in it.
    pub fn contains(&self, code: &str) -> bool {
        match self {
            CodeList::Ranges(ranges) => ranges
                .iter()
                .any(|(first, last)| code.len() == first.len() && first.as_str() <= code && code <= last.as_str()),
            CodeList::Starts(starts) => starts.begin(code),
        }
    }
}

/// What codes start with, sorted; none of them starts with another of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Starts(Vec<String>);

impl Starts {
    /// Makes a list of starts in any order.
    pub fn new(mut starts: Vec<String>) -> Starts {
        starts.sort_unstable();
        let mut kept: Vec<String> = Vec::with_capacity(starts.len());
        for start in starts {
            if !kept.last().is_some_and(|last| start.starts_with(last.as_str())) {
                kept.push(start);
            }
        }
        Starts(kept)
    }

    /// Whether one of them begins a code.
    pub fn begin(&self, code: &str) -> bool {
        let after = self.0.partition_point(|start| start.as_str() <= code);
        after.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|start| code.starts_with(start.as_str()))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The starts, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_by_its_start_though_longer_ones_lie_between() {
        let starts = Starts::new(["R51", "G43", "G437", "I6"].map(str::to_owned).into());
        assert!(["R519", "G43709", "G43", "I639"].iter().all(|code| starts.begin(code)));
        assert!(!["R5", "G44", "A", "Z99", ""].iter().any(|code| starts.begin(code)));
    }

    #[test]
    fn a_range_of_codes_holds_codes_of_its_length_only() {
        let codes = CodeList::Ranges(vec![("0450".into(), "0459".into())]);
        assert!(codes.contains("0450") && codes.contains("0455") && !codes.contains("045") && !codes.contains("0460"));
    }
}
