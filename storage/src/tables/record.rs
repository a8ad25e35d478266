//! Tables of the record of acts.

diesel::table! {
    audit (seq) {
        seq -> BigInt,
        at -> BigInt,
        account_id -> BigInt,
        subject -> Text,
        assignment_id -> BigInt,
        role -> Nullable<Text>,
        operation -> Text,
        unit_id -> Nullable<BigInt>,
        input -> Text,
        changes -> Text,
        outcome -> Text,
        request -> Text,
        previous -> Binary,
        hash -> Binary,
    }
}

// One row: how far the chain goes. Locked by whoever adds to it.
diesel::table! {
    audit_head (id) {
        id -> Integer,
        seq -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    audit_checkpoint (seq) {
        seq -> BigInt,
        hash -> Binary,
        at -> BigInt,
        kid -> Text,
        signature -> Binary,
    }
}
