//! The rules of e-ID activation drives.
//!
//! A *province* spreads a target over its *units* ([`mod@unit`]) for the time of a *drive* ([`drive`]); *quotas*
//! ([`quota`]) cascade down to teams ([`team`]) and people, exactly. Teams send *tallies* ([`tally`]) every day; the
//! roll-up makes *progress* ([`progress`]) of any unit readable at once; *plan tables* ([`plan`]) print what the
//! appendices print and say where those do not add up.
//!
//! Whether a figure is true is asked of *extracts* ([`extract`]) of the national database, held against what was reported
//! ([`comparison`]) and settled ([`settlement`]); of *inspections* ([`inspection`]) of what a *sample* ([`sample`]) drew; and of
//! the figures themselves ([`consistency`]).
//!
//! In the end the council for emulation is told who is to be commended and who criticised, and why ([`emulation`]).
//!
//! People and machines sign in to *accounts* ([`account`], [`session`]) and act under one *assignment* ([`assignment`]) at
//! a time; weighty acts take two people ([`proposal`]); every act is on *record* ([`audit`]).
//!
//! Use cases ([`usecase`]) are plain functions inside one transaction; storage is asked through [`ports`]; [`access`]
//! decides who may. Nothing here does I/O, knows SQL, HTTP or GraphQL, or reads a clock.
#![deny(missing_docs)]

pub mod access;
pub mod account;
pub mod assignment;
pub mod audit;
pub mod baseline;
pub mod comparison;
pub mod consistency;
pub mod count;
pub mod crypto;
pub mod drive;
pub mod emulation;
pub mod error;
pub mod exact;
pub mod extract;
mod frozen;
pub mod id;
pub mod indicator;
pub mod inspection;
pub mod page;
pub mod period_report;
pub mod plan;
pub mod ports;
pub mod problem;
pub mod progress;
pub mod proposal;
pub mod quota;
pub mod reporting;
pub mod request;
pub mod sample;
pub mod session;
pub mod settlement;
pub mod tally;
pub mod team;
pub mod text;
pub mod time;
pub mod unit;
pub mod usecase;
