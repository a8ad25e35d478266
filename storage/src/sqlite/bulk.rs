//! Upserts of many rows, whose SQL the two databases do not share.
