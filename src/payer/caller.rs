//! Who asks. Every call of the payer takes a caller; nothing verifies it yet.

/// The one who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Who, as events name them.
    pub subject: String,
    /// What they may do; empty: everything.
    pub roles: Vec<String>,
    /// Sandboxes they may use; empty: all.
    pub sandboxes: Vec<String>,
}

impl Caller {
    /// Whoever reaches the server, as long as nothing verifies callers.
    pub fn anyone() -> Caller {
        Caller { subject: "anyone".to_owned(), roles: Vec::new(), sandboxes: Vec::new() }
    }
}
