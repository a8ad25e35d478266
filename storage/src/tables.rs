//! The tables of both databases, in diesel's words. Kept by hand: `diesel print-schema` gives different types for each.
//!
//! Hot tables keep days as days and moments as microseconds since 1970-01-01: see [`crate::rows::moment`].

mod papers;
mod record;
mod reporting;
mod truth;

use diesel::{allow_tables_to_appear_in_same_query, joinable};

pub(crate) use papers::{
    emulation_candidate, emulation_decision, emulation_list, period_report, period_report_certificate,
};
pub(crate) use record::{audit, audit_checkpoint, audit_head};
pub(crate) use reporting::{compilation, compilation_figure, compilation_gap, reopening, report_excuse};
pub(crate) use truth::{
    acknowledgement, inspection, official_extract, official_figure, official_source, sample, sample_drawn, sample_slot,
    settlement, tolerance,
};

// SQLite's only: PostgreSQL has sequences.
diesel::table! {
    sequence (name) {
        name -> Text,
        last -> BigInt,
    }
}

diesel::table! {
    meta (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    unit (id) {
        id -> BigInt,
        path -> Text,
        synthetic -> Bool,
        closed_on -> Nullable<Date>,
        latest -> Integer,
    }
}

diesel::table! {
    unit_version (unit_id, number) {
        unit_id -> BigInt,
        number -> Integer,
        code -> Text,
        name -> Text,
        toned_key -> Text,
        plain_key -> Text,
        kind -> Text,
        level -> Text,
        parent_id -> Nullable<BigInt>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        legal_basis -> Nullable<Text>,
    }
}

diesel::table! {
    unit_lineage (from_id, to_id, on_day) {
        from_id -> BigInt,
        to_id -> BigInt,
        on_day -> Date,
        mode -> Text,
        share -> Nullable<Text>,
    }
}

diesel::table! {
    tree_epoch (id) {
        id -> Integer,
        epoch -> BigInt,
    }
}

diesel::table! {
    indicator (id) {
        id -> BigInt,
        code -> Text,
        name_vi -> Text,
        name_en -> Text,
        stage -> Text,
        level -> Nullable<Text>,
        attribution -> Text,
        time_rule -> Text,
    }
}

diesel::table! {
    indicator_part (indicator_id, part_id) {
        indicator_id -> BigInt,
        part_id -> BigInt,
        ordinal -> Integer,
    }
}

diesel::table! {
    population_group (id) {
        id -> BigInt,
        code -> Text,
        name_vi -> Text,
        name_en -> Text,
    }
}

diesel::table! {
    drive (id) {
        id -> BigInt,
        plan_number -> Text,
        title -> Text,
        issuer -> Text,
        unit_id -> BigInt,
        parent_id -> Nullable<BigInt>,
        book_id -> BigInt,
        issued_on -> Date,
        starts_on -> Date,
        ends_on -> Date,
        declared_days -> Nullable<Integer>,
        tree_date -> Date,
        settles -> Text,
        state -> Text,
        weekdays -> Integer,
        synthetic -> Bool,
        version -> Integer,
    }
}

diesel::table! {
    phase (id) {
        id -> BigInt,
        drive_id -> BigInt,
        ordinal -> Integer,
        name -> Text,
        starts_on -> Date,
        ends_on -> Date,
        declared_days -> Nullable<Integer>,
    }
}

diesel::table! {
    drive_day (drive_id, day, working) {
        drive_id -> BigInt,
        day -> Date,
        working -> Bool,
    }
}

diesel::table! {
    reporting_rule (drive_id, level) {
        drive_id -> BigInt,
        level -> Text,
        reporters -> Text,
        before -> Time,
        grace_minutes -> Integer,
        closes_after_minutes -> Nullable<Integer>,
        weekly -> Nullable<Integer>,
        phase_due_days -> Nullable<Integer>,
        final_due_days -> Nullable<Integer>,
    }
}

diesel::table! {
    drive_indicator (drive_id, indicator_id) {
        drive_id -> BigInt,
        indicator_id -> BigInt,
    }
}

diesel::table! {
    team_rule (drive_id, ordinal) {
        drive_id -> BigInt,
        ordinal -> Integer,
        kind -> Text,
        size_min -> Integer,
        size_max -> Integer,
        leader_position -> Nullable<Text>,
        it_members_min -> Integer,
        it_organisations -> Text,
    }
}

diesel::table! {
    plan_column (drive_id, ordinal) {
        drive_id -> BigInt,
        ordinal -> Integer,
        key -> Text,
        heading_vi -> Text,
        heading_en -> Text,
        shows -> Text,
    }
}

diesel::table! {
    baseline (id) {
        id -> BigInt,
        unit_id -> BigInt,
        group_id -> BigInt,
        indicator_id -> BigInt,
        as_of -> Date,
        revision -> Integer,
        value -> BigInt,
        source -> Text,
        synthetic -> Bool,
        author -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    printed_figure (drive_id, unit_id, column_key) {
        drive_id -> BigInt,
        unit_id -> BigInt,
        column_key -> Text,
        value -> Text,
        source -> Text,
    }
}

diesel::table! {
    quota (id) {
        id -> BigInt,
        drive_id -> BigInt,
        phase_id -> BigInt,
        holder_kind -> SmallInt,
        holder_id -> BigInt,
        unit_id -> BigInt,
        indicator_id -> BigInt,
        group_id -> BigInt,
        basis -> Text,
        amount -> Text,
        due -> Nullable<Date>,
        counts_opening -> Bool,
        version -> Integer,
    }
}

diesel::table! {
    quota_amendment (quota_id, version) {
        quota_id -> BigInt,
        version -> Integer,
        amount -> Text,
        basis -> Text,
        explanation -> Text,
        reason -> Nullable<Text>,
        decision -> Nullable<Text>,
        author -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    team (id) {
        id -> BigInt,
        unit_id -> BigInt,
        kind -> Text,
        name -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        synthetic -> Bool,
        version -> Integer,
    }
}

diesel::table! {
    member (id) {
        id -> BigInt,
        team_id -> BigInt,
        position -> Text,
        organisation -> Text,
        is_leader -> Bool,
        knows_it -> Bool,
        weight -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
    }
}

diesel::table! {
    tally (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id) {
        book_id -> BigInt,
        day -> Integer,
        unit_id -> BigInt,
        indicator_id -> BigInt,
        reporter_kind -> SmallInt,
        reporter_id -> BigInt,
        drive_id -> BigInt,
        revision -> Integer,
        value -> BigInt,
        prev -> BigInt,
        author -> Text,
        received_at -> BigInt,
        device_at -> Nullable<BigInt>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    tally_revision (book_id, day, unit_id, indicator_id, reporter_kind, reporter_id, revision) {
        book_id -> BigInt,
        day -> Integer,
        unit_id -> BigInt,
        indicator_id -> BigInt,
        reporter_kind -> SmallInt,
        reporter_id -> BigInt,
        revision -> Integer,
        drive_id -> BigInt,
        value -> BigInt,
        author -> Text,
        received_at -> BigInt,
        device_at -> Nullable<BigInt>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    report (drive_id, day, reporter_kind, reporter_id) {
        drive_id -> BigInt,
        day -> Integer,
        reporter_kind -> SmallInt,
        reporter_id -> BigInt,
        unit_id -> BigInt,
        nil -> Bool,
        first_received_at -> BigInt,
        last_received_at -> BigInt,
        late_reason -> Nullable<Text>,
    }
}

diesel::table! {
    rollup (drive_id, week, unit_id, indicator_id) {
        drive_id -> BigInt,
        week -> Integer,
        unit_id -> BigInt,
        indicator_id -> BigInt,
        own_0 -> Nullable<BigInt>,
        own_1 -> Nullable<BigInt>,
        own_2 -> Nullable<BigInt>,
        own_3 -> Nullable<BigInt>,
        own_4 -> Nullable<BigInt>,
        own_5 -> Nullable<BigInt>,
        own_6 -> Nullable<BigInt>,
        below_0 -> Nullable<BigInt>,
        below_1 -> Nullable<BigInt>,
        below_2 -> Nullable<BigInt>,
        below_3 -> Nullable<BigInt>,
        below_4 -> Nullable<BigInt>,
        below_5 -> Nullable<BigInt>,
        below_6 -> Nullable<BigInt>,
    }
}

diesel::table! {
    request (subject, id) {
        subject -> Text,
        id -> Text,
        fingerprint -> Text,
        outcome -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    account (id) {
        id -> BigInt,
        login -> Text,
        kind -> Text,
        post -> Text,
        unit_id -> BigInt,
        state -> Text,
        disabled_for -> Nullable<Text>,
        demo -> Bool,
        created_at -> BigInt,
        created_by -> Text,
        last_sign_in -> Nullable<BigInt>,
        version -> Integer,
    }
}

diesel::table! {
    credentials (account_id) {
        account_id -> BigInt,
        password -> Nullable<Text>,
        totp -> Nullable<Binary>,
        totp_confirmed -> Bool,
        totp_step -> BigInt,
        failures -> Integer,
        refused_until -> Nullable<BigInt>,
        version -> Integer,
    }
}

diesel::table! {
    one_time_code (hash) {
        hash -> Binary,
        account_id -> BigInt,
        purpose -> Text,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        created_by -> Text,
    }
}

diesel::table! {
    service_key (id) {
        id -> BigInt,
        account_id -> BigInt,
        kid -> Text,
        public -> Binary,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    spent_assertion (account_id, jti) {
        account_id -> BigInt,
        jti -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    external_identity (issuer, subject) {
        issuer -> Text,
        subject -> Text,
        account_id -> BigInt,
        up_to -> BigInt,
    }
}

diesel::table! {
    assignment (id) {
        id -> BigInt,
        account_id -> BigInt,
        role -> Text,
        unit_id -> BigInt,
        team_id -> Nullable<BigInt>,
        drive_id -> Nullable<BigInt>,
        only_for -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        granted_under -> Nullable<BigInt>,
        chain -> Integer,
        granted_by -> Text,
        reason -> Text,
        granted_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        ended_by -> Nullable<Text>,
        suspended_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
        version -> Integer,
    }
}

diesel::table! {
    session (id) {
        id -> BigInt,
        account_id -> BigInt,
        assignment_id -> BigInt,
        device -> Text,
        refresh -> Binary,
        previous -> Nullable<Binary>,
        rotated_at -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        ended_for -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    proposal (id) {
        id -> BigInt,
        operation -> Text,
        input -> Text,
        unit_id -> BigInt,
        reason -> Text,
        proposer_id -> BigInt,
        assignment_id -> BigInt,
        proposed_at -> BigInt,
        expires_at -> BigInt,
        state -> Text,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<BigInt>,
        note -> Nullable<Text>,
        version -> Integer,
    }
}

joinable!(inspection -> unit (unit_id));
joinable!(sample -> unit (unit_id));

joinable!(official_extract -> unit (unit_id));
joinable!(official_extract -> official_source (source_id));

joinable!(team -> unit (unit_id));
joinable!(member -> team (team_id));
joinable!(drive -> unit (unit_id));
joinable!(baseline -> unit (unit_id));
joinable!(quota -> unit (unit_id));
joinable!(tally -> unit (unit_id));
joinable!(unit_version -> unit (unit_id));
joinable!(account -> unit (unit_id));
joinable!(assignment -> unit (unit_id));
joinable!(proposal -> unit (unit_id));
joinable!(audit -> unit (unit_id));
joinable!(report_excuse -> unit (unit_id));
joinable!(period_report -> unit (unit_id));
joinable!(emulation_list -> unit (unit_id));

allow_tables_to_appear_in_same_query!(
    meta,
    unit,
    unit_version,
    unit_lineage,
    tree_epoch,
    indicator,
    indicator_part,
    population_group,
    drive,
    phase,
    drive_day,
    reporting_rule,
    drive_indicator,
    team_rule,
    plan_column,
    baseline,
    printed_figure,
    quota,
    quota_amendment,
    team,
    member,
    tally,
    tally_revision,
    report,
    rollup,
    request,
    account,
    credentials,
    one_time_code,
    service_key,
    spent_assertion,
    external_identity,
    assignment,
    session,
    proposal,
    audit,
    audit_head,
    audit_checkpoint,
    report_excuse,
    reopening,
    compilation,
    compilation_gap,
    compilation_figure,
    official_source,
    official_extract,
    official_figure,
    tolerance,
    settlement,
    inspection,
    sample,
    sample_drawn,
    sample_slot,
    acknowledgement,
    period_report,
    period_report_certificate,
    emulation_list,
    emulation_candidate,
    emulation_decision,
);
