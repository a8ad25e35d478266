//! Tables of the papers that go up.

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
