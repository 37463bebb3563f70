//! The binary: flags to doors.

fn main() {}
