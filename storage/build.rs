//! Rebuilds when a migration is added: the macro that embeds them is not asked again otherwise.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
