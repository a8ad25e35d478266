//! The words that messages carry in Vietnamese: kinds of things, roles, permissions. Their own names are English.

/// The Vietnamese of a word in a message, by the name of its placeholder; `None` for what is no such word.
#[must_use]
pub(super) fn in_vietnamese(placeholder: &str, word: &str) -> Option<&'static str> {
    let table = match placeholder {
        "what" => KINDS,
        "role" | "grantor" | "other" | "held" => ROLES,
        "permission" => PERMISSIONS,
        "exclusion" => EXCLUSIONS,
        _ => return None,
    };
    table.iter().find(|(english, _)| *english == word).map(|(_, vietnamese)| *vietnamese)
}

const KINDS: &[(&str, &str)] = &[
    ("Account", "tài khoản"),
    ("Assignment", "phân quyền"),
    ("Drive", "đợt cao điểm"),
    ("EmulationList", "danh sách thi đua"),
    ("Extract", "tệp số liệu trích xuất"),
    ("Group", "nhóm đối tượng"),
    ("Indicator", "chỉ tiêu"),
    ("Inspection", "biên bản kiểm tra"),
    ("Member", "tổ viên"),
    ("PeriodReport", "báo cáo"),
    ("Phase", "giai đoạn"),
    ("Proposal", "đề xuất"),
    ("Sample", "mẫu kiểm tra"),
    ("SecondFactor", "mã xác thực thứ hai"),
    ("ServiceKey", "khóa của hệ thống"),
    ("Session", "phiên đăng nhập"),
    ("Tally", "số liệu báo cáo"),
    ("Team", "tổ"),
    ("Unit", "đơn vị"),
    ("ReportExcuse", "lý do được miễn báo cáo"),
];

/// Why a unit is out of the running for commendation.
const EXCLUSIONS: &[(&str, &str)] = &[
    ("KEPT_SILENT", "không báo cáo"),
    ("INSPECTED_UNTRUE", "kiểm tra kết luận báo cáo không đúng sự thật"),
    ("SETTLED_UNTRUE", "số liệu được chốt lại vì báo cáo không đúng sự thật"),
];

const ROLES: &[(&str, &str)] = &[
    ("system_admin", "quản trị hệ thống"),
    ("unit_admin", "quản trị đơn vị"),
    ("planner", "lập kế hoạch"),
    ("reporter", "báo cáo"),
    ("verifier", "kiểm tra"),
    ("analyst", "phân tích"),
    ("integrator", "hệ thống tích hợp"),
    ("auditor", "kiểm toán"),
    ("break_glass", "truy cập khẩn cấp"),
];

const PERMISSIONS: &[(&str, &str)] = &[
    ("read units", "xem đơn vị"),
    ("manage units", "quản lý đơn vị"),
    ("reform units", "sáp nhập, chia tách đơn vị"),
    ("read catalogue", "xem danh mục"),
    ("manage catalogue", "quản lý danh mục"),
    ("read drives", "xem đợt cao điểm"),
    ("manage drives", "quản lý đợt cao điểm"),
    ("read baselines", "xem số liệu gốc"),
    ("record baselines", "ghi số liệu gốc"),
    ("read quotas", "xem chỉ tiêu giao"),
    ("manage quotas", "giao và điều chỉnh chỉ tiêu"),
    ("read teams", "xem tổ"),
    ("manage teams", "quản lý tổ"),
    ("read tallies", "xem số liệu báo cáo"),
    ("submit tallies", "báo cáo số liệu"),
    ("read progress", "xem tiến độ"),
    ("read accounts", "xem tài khoản"),
    ("manage accounts", "quản lý tài khoản"),
    ("manage services", "quản lý tài khoản hệ thống"),
    ("grant roles", "phân quyền"),
    ("read audit", "xem nhật ký"),
    ("read admin acts", "xem nhật ký quản trị"),
    ("restore admin", "khôi phục quản trị hệ thống"),
    ("manage reporting", "miễn báo cáo, mở lại ngày"),
    ("confirm reports", "xác nhận, trả lại báo cáo"),
    ("read official figures", "xem số liệu chính thức"),
    ("load extracts", "nạp số liệu trích xuất"),
    ("verify tallies", "kiểm tra số liệu báo cáo"),
    ("read reports", "xem báo cáo"),
    ("issue reports", "lập và đính chính báo cáo"),
    ("certify reports", "xác nhận báo cáo"),
    ("read emulation", "xem danh sách thi đua"),
    ("draw up emulation lists", "lập danh sách thi đua"),
    ("decide on emulation", "ghi quyết định khen thưởng, phê bình"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Permission, Role};
    use crate::problem::{Code, Language, Problem};

    #[test]
    fn every_role_and_permission_has_its_word() {
        for role in Role::ALL {
            assert!(in_vietnamese("role", role.as_str()).is_some(), "{role:?}");
        }
        for permission in Permission::ALL {
            assert!(in_vietnamese("permission", permission.as_str()).is_some(), "{permission:?}");
        }
    }

    #[test]
    fn a_message_is_vietnamese_to_the_word() {
        let refusal = Problem::new(Code::Forbidden).with("role", "verifier").with("permission", "submit tallies");
        assert!(
            refusal.text(Language::Vi).contains("kiểm tra") && refusal.text(Language::Vi).contains("báo cáo số liệu")
        );
        assert!(refusal.text(Language::En).contains("verifier"));
        assert!(Problem::not_found("Unit", "12").text(Language::Vi).contains("đơn vị"));
    }
}
