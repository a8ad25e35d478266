//! Prints the schema's text: `cargo run -p caodiem-schema --bin print_sdl > schema/schema.graphql`.

use std::io::{self, Write};

fn main() -> io::Result<()> {
    io::stdout().write_all(caodiem_schema::sdl().as_bytes())
}
