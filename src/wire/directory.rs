//! Plans, members, providers, authorizations: messages to domain.
