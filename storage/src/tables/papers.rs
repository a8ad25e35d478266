//! Tables of the papers that go up, and of what comes of them in the end.

diesel::table! {
    period_report (id) {
        id -> BigInt,
        kind -> Text,
        drive_id -> BigInt,
        unit_id -> BigInt,
        phase_id -> Nullable<BigInt>,
        indicator_id -> BigInt,
        group_id -> BigInt,
        from_day -> Date,
        to_day -> Date,
        known_at -> BigInt,
        is_whole -> Bool,
        corrects -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        issuer_id -> BigInt,
        issued_at -> BigInt,
        content -> Text,
        hash -> Binary,
    }
}

diesel::table! {
    period_report_certificate (report_id) {
        report_id -> BigInt,
        issuer_id -> BigInt,
        certified_by -> BigInt,
        certified_at -> BigInt,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    emulation_list (id) {
        id -> BigInt,
        drive_id -> BigInt,
        unit_id -> BigInt,
        account_id -> BigInt,
        author -> Text,
        drawn_at -> BigInt,
        content -> Text,
        hash -> Binary,
    }
}

diesel::table! {
    emulation_candidate (list_id, unit_id) {
        list_id -> BigInt,
        unit_id -> BigInt,
        is_out -> Bool,
    }
}

diesel::table! {
    emulation_decision (list_id, unit_id, version) {
        list_id -> BigInt,
        unit_id -> BigInt,
        version -> Integer,
        decided -> Text,
        number -> Text,
        award -> Nullable<Text>,
        reason -> Text,
        is_out -> Bool,
        account_id -> BigInt,
        author -> Text,
        at -> BigInt,
    }
}
