//! The tables of what figures are checked by: extracts, settlements, inspections, samples, acknowledged findings.

diesel::table! {
    official_source (id) {
        id -> BigInt,
        title -> Text,
    }
}

diesel::table! {
    official_extract (id) {
        id -> BigInt,
        unit_id -> BigInt,
        source_id -> BigInt,
        as_of -> BigInt,
        sha256 -> Binary,
        strategy -> Text,
        line_count -> Integer,
        figures -> Integer,
        refused -> Integer,
        author -> Text,
        received_at -> BigInt,
    }
}

diesel::table! {
    official_figure (unit_id, indicator_id, source_id, as_of, extract_id) {
        unit_id -> BigInt,
        indicator_id -> BigInt,
        source_id -> BigInt,
        as_of -> BigInt,
        extract_id -> BigInt,
        value -> BigInt,
    }
}

diesel::table! {
    tolerance (drive_id, version) {
        drive_id -> BigInt,
        version -> Integer,
        percent -> Text,
        absolute -> BigInt,
        author -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    settlement (id) {
        id -> BigInt,
        drive_id -> BigInt,
        unit_id -> BigInt,
        indicator_id -> BigInt,
        day -> Integer,
        basis -> Text,
        value -> BigInt,
        reported -> Nullable<BigInt>,
        verified -> Nullable<BigInt>,
        official -> Nullable<BigInt>,
        reason -> Text,
        note -> Nullable<Text>,
        author -> Text,
        account_id -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    inspection (id) {
        id -> BigInt,
        drive_id -> BigInt,
        book_id -> BigInt,
        unit_id -> BigInt,
        day -> Integer,
        indicator_id -> BigInt,
        reporter_kind -> SmallInt,
        reporter_id -> BigInt,
        revision -> Integer,
        value -> BigInt,
        verdict -> Text,
        checked -> BigInt,
        confirmed -> BigInt,
        note -> Text,
        author -> Text,
        account_id -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    sample (id) {
        id -> BigInt,
        drive_id -> BigInt,
        unit_id -> BigInt,
        from_day -> Integer,
        to_day -> Integer,
        size -> Integer,
        commitment -> Binary,
        sealed -> Binary,
        author -> Text,
        account_id -> BigInt,
        committed_at -> BigInt,
    }
}

diesel::table! {
    sample_drawn (sample_id) {
        sample_id -> BigInt,
        seed -> Binary,
        population -> Integer,
        author -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    sample_slot (sample_id, ordinal) {
        sample_id -> BigInt,
        ordinal -> Integer,
        book_id -> BigInt,
        unit_id -> BigInt,
        day -> Integer,
        indicator_id -> BigInt,
        reporter_kind -> SmallInt,
        reporter_id -> BigInt,
        revision -> Integer,
    }
}

diesel::table! {
    acknowledgement (digest) {
        digest -> Binary,
        drive_id -> BigInt,
        unit_id -> BigInt,
        code -> Text,
        reason -> Text,
        author -> Text,
        account_id -> BigInt,
        at -> BigInt,
    }
}
