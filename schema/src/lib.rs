//! The GraphQL schema over the domain: what clients may ask, in what words, and at what cost.
//!
//! A resolver has five lines: guard, parse, one call of `gateway`, wrap, return. Rules stand in the domain's use
//! cases, which demand the permission again; a guard here refuses early and hides what a role may never use.
//!
//! To add an entity: its object in `objects`, its inputs in `inputs`, a file each in `queries` and `mutations` (added to
//! [`Query`] and [`Mutation`]), its loaders in `loaders`, a variant of `ids::Node`. Then print the SDL anew:
//! `cargo run -p caodiem-schema --bin print_sdl > schema/schema.graphql`.

mod codes;
mod desk;
mod error;
mod filter;
mod gateway;
mod guard;
mod ids;
mod inputs;
mod loaders;
mod mutations;
mod objects;
mod page;
mod queries;
mod refusal;
mod request;
mod scalars;
mod secrets;

use std::sync::Arc;

use async_graphql::{EmptySubscription, SDLExportOptions, SchemaBuilder};
use caodiem_domain::crypto::Crypto;
use caodiem_domain::ports::Store;

pub use desk::{Visit, prepare_visit};
pub use ids::period_report_of;
pub use mutations::Mutation;
pub use queries::Query;
pub use request::{Caller, prepare};

/// How deep selections may nest. Twelve suffice for data; the standard introspection query needs fifteen, and the
/// library counts both alike.
pub const DEPTH_MAX: usize = 15;

/// How much one document may cost: a field is one point, a list two and its page size times what it holds.
pub const COMPLEXITY_MAX: usize = 20_000;

/// The executable schema.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// What the schema needs to run.
pub struct Deps {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Cryptography.
    pub crypto: Arc<dyn Crypto>,
    /// How many jobs that read may run on threads of their own at once; an embedded store reads in place.
    pub readers_max: usize,
    /// How many jobs that write may run or wait for the database at once.
    pub writers_max: usize,
}

/// Builds the schema.
#[must_use]
pub fn build(deps: Deps) -> Schema {
    let gateway = gateway::Gateway::new(deps.store, deps.crypto, deps.readers_max, deps.writers_max);
    limited().data(gateway).data(codes::KnownCodes::default()).finish()
}

/// The schema's text in the definition language, as it is committed in `schema/schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    limited()
        .finish()
        .sdl_with_options(SDLExportOptions::new().prefer_single_line_descriptions().include_specified_by())
}

fn limited() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    async_graphql::Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .limit_depth(DEPTH_MAX)
        .limit_complexity(COMPLEXITY_MAX)
        .limit_directives(5)
        .disable_suggestions()
}
