//! Tables of report discipline.

diesel::table! {
    report_excuse (id) {
        id -> BigInt,
        drive_id -> BigInt,
        unit_id -> BigInt,
        team_id -> Nullable<BigInt>,
        from_day -> Integer,
        to_day -> Integer,
        reason -> Text,
        author -> Text,
        at -> BigInt,
        withdrawn_reason -> Nullable<Text>,
        withdrawn_by -> Nullable<Text>,
        withdrawn_at -> Nullable<BigInt>,
        version -> Integer,
    }
}

diesel::table! {
    reopening (id) {
        id -> BigInt,
        drive_id -> BigInt,
        unit_id -> BigInt,
        from_day -> Integer,
        to_day -> Integer,
        until -> BigInt,
        reason -> Text,
        decision -> Text,
        author -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    compilation (id) {
        id -> BigInt,
        drive_id -> BigInt,
        unit_id -> BigInt,
        kind -> Text,
        day -> Integer,
        revision -> Integer,
        state -> Text,
        expected -> Integer,
        received -> Integer,
        on_time -> Integer,
        author -> Text,
        at -> BigInt,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    compilation_gap (compilation_id, reporter_kind, reporter_id) {
        compilation_id -> BigInt,
        unit_id -> BigInt,
        reporter_kind -> SmallInt,
        reporter_id -> BigInt,
    }
}

diesel::table! {
    compilation_figure (compilation_id, indicator_id) {
        compilation_id -> BigInt,
        indicator_id -> BigInt,
        stated -> BigInt,
        parts -> BigInt,
    }
}
