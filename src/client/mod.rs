//! Floor 5: how the command line, the stories and the bench reach a server: through its front door, like everybody else.

pub mod connection;
pub mod failure;
pub mod local;
pub mod messages;
pub mod methods;

pub use connection::Client;
pub use failure::Failure;
pub use local::LocalServer;
