//! The table of codes: each with its kind and its message in both languages. A use case that refuses anew adds its line.

use super::{Kind, Language};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $wire:literal, $kind:ident, $vi:literal, $en:literal;)+) => {
        /// Stable machine codes. A name is never reused for another meaning.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Code { $($(#[$doc])* $name,)+ }

        impl Code {
            /// Every code, in the order of this table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code as clients see it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $wire,)+ }
            }

            /// How it is to be treated.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)+ }
            }

            /// The message with `{placeholders}` for [`super::Problem::with`].
            #[must_use]
            pub const fn template(self, language: Language) -> &'static str {
                match (self, language) { $(
                    (Self::$name, Language::Vi) => $vi,
                    (Self::$name, Language::En) => $en,
                )+ }
            }
        }
    };
}

codes! {
    /// Missing, or out of scope.
    NotFound = "NOT_FOUND", NotFound,
        "Không tìm thấy {what} {key}.", "No {what} {key} was found.";
    /// The role lacks the permission.
    Forbidden = "FORBIDDEN", Forbidden,
        "Vai trò {role} không được phép: {permission}.", "The role {role} may not: {permission}.";
    /// `expectedVersion` is not the stored one.
    StaleVersion = "STALE_VERSION", Stale,
        "Bản ghi đã thay đổi: đang là phiên bản {actual}, yêu cầu dựa trên {expected}. Hãy đọc lại rồi gửi lại.",
        "The record has changed: it is at version {actual}, the request was made on {expected}. Read it again and resend.";
    /// One request id, two different requests.
    RequestIdReused = "REQUEST_ID_REUSED", Conflict,
        "Mã yêu cầu này đã dùng cho một yêu cầu khác. Hãy dùng mã mới.",
        "This request id was used for a different request. Use a new one.";
    /// A request id of the wrong form.
    BadRequestId = "BAD_REQUEST_ID", Invalid,
        "Mã yêu cầu phải dài 8 đến 64 ký tự A–Z, a–z, 0–9 hoặc gạch nối.",
        "A request id has 8 to 64 characters of A–Z, a–z, 0–9 or hyphen.";
    /// Login, password or second factor are not accepted, or the account cannot be used, or is guarded at the moment: which
    /// of these it is is not told.
    SignInRefused = "SIGN_IN_REFUSED", Forbidden,
        "Không đăng nhập được. Hãy kiểm tra tên đăng nhập, mật khẩu và mã xác thực; nếu đã thử nhiều lần, hãy đợi rồi thử lại.",
        "Signing in was refused. Check login, password and second factor; after several attempts wait before the next.";
    /// The password is right, the second factor is missing.
    TotpRequired = "TOTP_REQUIRED", Forbidden,
        "Cần mã xác thực từ ứng dụng trên điện thoại.", "The code of the authenticator app is needed.";
    /// The password is right, but a role of the account asks for a second factor that was never set up.
    TotpSetupRequired = "TOTP_SETUP_REQUIRED", Forbidden,
        "Vai trò của tài khoản đòi hỏi mã xác thực hai lớp nhưng chưa thiết lập. Hãy đề nghị quản trị cấp mã đặt lại.",
        "A role of the account needs a second factor that is not set up yet. Ask an admin for a reset code.";
    /// A code of the authenticator that does not fit, or was used before.
    TotpRefused = "TOTP_REFUSED", Forbidden,
        "Mã xác thực không được chấp nhận.", "The code of the authenticator app is not accepted.";
    /// Taking away a second factor that a role asks for.
    TotpDemanded = "TOTP_DEMANDED", Conflict,
        "Vai trò của tài khoản đòi hỏi mã xác thực hai lớp.", "A role of the account needs the second factor.";
    /// The account holds several assignments: one has to be named.
    AssignmentRequired = "ASSIGNMENT_REQUIRED", Invalid,
        "Tài khoản có nhiều phân công; hãy chọn một.", "The account holds several assignments; choose one.";
    /// The account holds no assignment in force.
    NoAssignment = "NO_ASSIGNMENT", Forbidden,
        "Tài khoản không có phân công nào đang hiệu lực.", "The account holds no assignment in force.";
    /// The refresh token does not count, or its session is over.
    SessionOver = "SESSION_OVER", Forbidden,
        "Phiên làm việc đã kết thúc. Hãy đăng nhập lại.", "The session is over. Sign in again.";
    /// A one-time code that does not count: unknown, used, too old, or for another purpose.
    CodeRefused = "CODE_REFUSED", Forbidden,
        "Mã dùng một lần không được chấp nhận.", "The one-time code is not accepted.";
    /// The present password does not fit, or was tried too often.
    PasswordRefused = "PASSWORD_REFUSED", Forbidden,
        "Mật khẩu hiện tại không được chấp nhận.", "The present password is not accepted.";
    /// A password below the floor.
    PasswordTooShort = "PASSWORD_TOO_SHORT", Invalid,
        "Mật khẩu dài {actual} ký tự; cần ít nhất {min}.", "The password has {actual} characters; at least {min} are needed.";
    /// A password that many people choose, or made of words that anybody would try here.
    PasswordCommon = "PASSWORD_COMMON", Invalid,
        "Mật khẩu này dễ đoán; hãy chọn mật khẩu khác.", "The password is easy to guess; choose another one.";
    /// A cursor that this list did not hand out.
    BadCursor = "BAD_CURSOR", Invalid,
        "Con trỏ trang không thuộc danh sách và thứ tự này.", "The cursor does not belong to this list and order.";
    /// A page size out of range.
    PageSize = "PAGE_SIZE", Invalid,
        "Cỡ trang phải từ 1 đến {max}; nhận được {actual}.", "A page has 1 to {max} rows; {actual} were asked for.";
    /// Text that must not be empty.
    Empty = "EMPTY", Invalid, "Không được để trống.", "Must not be empty.";
    /// Text over its limit.
    TooLong = "TOO_LONG", Invalid,
        "Dài {actual} ký tự, tối đa {max}.", "It has {actual} characters; at most {max} are allowed.";
    /// Characters that the field does not allow.
    BadCharacters = "BAD_CHARACTERS", Invalid,
        "Có ký tự không được phép; cho phép: {allowed}.", "It holds characters that are not allowed; allowed: {allowed}.";
    /// Neither an integer nor a decimal nor a fraction.
    NotANumber = "NOT_A_NUMBER", Invalid,
        "“{actual}” không phải số nguyên, số thập phân hay phân số.", "“{actual}” is no integer, decimal or fraction.";
    /// A number out of range.
    OutOfRange = "OUT_OF_RANGE", Invalid,
        "{actual} nằm ngoài khoảng {min} đến {max}.", "{actual} is outside {min} to {max}.";
    /// More items than one request may hold.
    TooMany = "TOO_MANY", Invalid,
        "Có {actual} mục, tối đa {max}.", "There are {actual} items; at most {max} are allowed.";
    /// The same thing twice in one request.
    Repeated = "REPEATED", Invalid, "Lặp lại mục {first}.", "It repeats item {first}.";
    /// An end before its beginning.
    DatesReversed = "DATES_REVERSED", Invalid,
        "Ngày kết thúc {to} trước ngày bắt đầu {from}.", "The end {to} lies before the beginning {from}.";
    /// A row that another one refers to, or a rule of the database, stands in the way.
    Conflict = "CONFLICT", Conflict,
        "Vướng ràng buộc dữ liệu: {constraint}.", "A rule of the database stands in the way: {constraint}.";
    /// The code is in use on that day.
    UnitCodeTaken = "UNIT_CODE_TAKEN", Conflict,
        "Mã {code} đã dùng cho đơn vị khác trong thời gian đó.", "The code {code} is in use by another unit at that time.";
    /// The unit is not valid on the day.
    UnitNotValid = "UNIT_NOT_VALID", Invalid,
        "Đơn vị {unit} không tồn tại vào ngày {day}.", "The unit {unit} does not exist on {day}.";
    /// A kind of unit under a parent that cannot hold it.
    UnitKindMisplaced = "UNIT_KIND_MISPLACED", Invalid,
        "{kind} không thể trực thuộc {parent}.", "A {kind} cannot stand under a {parent}.";
    /// A unit may not stand under itself.
    UnitCycle = "UNIT_CYCLE", Invalid,
        "Đơn vị không thể trực thuộc chính nó hoặc cấp dưới của nó.", "A unit cannot stand under itself or its own subtree.";
    /// Closing a unit that still holds others.
    UnitHasChildren = "UNIT_HAS_CHILDREN", Conflict,
        "Đơn vị còn {count} đơn vị trực thuộc vào ngày {day}.", "The unit still holds {count} units on {day}.";
    /// A change of the tree dated before tallies that rest on it.
    UnitHasLaterTallies = "UNIT_HAS_LATER_TALLIES", Conflict,
        "Đơn vị đã có số liệu từ ngày {day}; hãy chọn ngày hiệu lực sau ngày đó.",
        "The unit already has tallies on {day}; choose an effective day after it.";
    /// A version dated before the one it follows.
    UnitVersionNotLater = "UNIT_VERSION_NOT_LATER", Invalid,
        "Ngày hiệu lực {day} phải sau ngày {from} của phiên bản hiện tại.",
        "The effective day {day} must follow {from}, the start of the present version.";
    /// The shares of a split.
    SharesNotWhole = "SHARES_NOT_WHOLE", Invalid,
        "Các phần chia phải cộng lại bằng 1; đang là {actual}.", "The shares must add up to 1; they make {actual}.";
    /// The catalogue has this code already.
    CodeTaken = "CODE_TAKEN", Conflict, "Mã {code} đã tồn tại.", "The code {code} exists already.";
    /// A composite of composites, or of nothing.
    BadParts = "BAD_PARTS", Invalid,
        "Chỉ tiêu gộp cần ít nhất hai chỉ tiêu đơn.", "A composite indicator needs at least two simple ones.";
    /// The plan number is taken for this issuer.
    PlanNumberTaken = "PLAN_NUMBER_TAKEN", Conflict,
        "Số kế hoạch {number} đã có.", "The plan number {number} exists already.";
    /// The act does not fit the state of the drive.
    DriveState = "DRIVE_STATE", Conflict,
        "Đợt cao điểm đang ở trạng thái {actual}, cần {expected}.", "The drive is {actual}; it has to be {expected}.";
    /// Phases leave the drive, overlap, or are out of order.
    PhaseDates = "PHASE_DATES", Invalid,
        "Giai đoạn {phase} phải nằm trong đợt và nối tiếp giai đoạn trước.",
        "Phase {phase} has to lie inside the drive and follow the one before it.";
    /// A child drive outside of its parent's unit or dates.
    OutsideParentDrive = "OUTSIDE_PARENT_DRIVE", Invalid,
        "Đợt con phải nằm trong địa bàn và thời gian của đợt cha.", "A child drive has to lie inside its parent's unit and dates.";
    /// The indicator is not in use in this drive.
    IndicatorNotInDrive = "INDICATOR_NOT_IN_DRIVE", Invalid,
        "Chỉ tiêu {indicator} không thuộc đợt này.", "The indicator {indicator} is not in use in this drive.";
    /// Figures are given for the parts of a composite, not for the whole.
    IndicatorIsComposite = "INDICATOR_IS_COMPOSITE", Invalid,
        "{indicator} là chỉ tiêu gộp; hãy báo cáo từng phần.", "{indicator} is a composite; report its parts.";
    /// The unit is not part of the drive.
    UnitOutsideDrive = "UNIT_OUTSIDE_DRIVE", Invalid,
        "Đơn vị {unit} không thuộc địa bàn của đợt vào ngày {day}.", "The unit {unit} is not in the drive's area on {day}.";
    /// Not a day of the drive.
    DayOutsideDrive = "DAY_OUTSIDE_DRIVE", Invalid,
        "Ngày {day} nằm ngoài đợt ({from} đến {to}).", "The day {day} lies outside of the drive ({from} to {to}).";
    /// A figure for a day that has not begun.
    DayInFuture = "DAY_IN_FUTURE", Invalid,
        "Ngày {day} chưa tới; hôm nay là {today}.", "The day {day} has not come; today is {today}.";
    /// Level 2 belongs to the receiving unit.
    WrongAttribution = "WRONG_ATTRIBUTION", Invalid,
        "{indicator} tính cho đơn vị thu nhận; không ghi cho đơn vị khác.",
        "{indicator} counts for the receiving unit and cannot be credited to another.";
    /// The first word of a report after the cut-off.
    LateReasonRequired = "LATE_REASON_REQUIRED", Invalid,
        "Báo cáo ngày {day} phải gửi trước {due}; gửi muộn phải nêu lý do.",
        "The report of {day} was due before {due}; a late one needs a reason.";
    /// The hard close of a day is over.
    PeriodClosed = "PERIOD_CLOSED", Conflict,
        "Số liệu ngày {day} đã khóa lúc {closed}; muốn sửa phải có quyết định mở lại ngày (hai người duyệt).",
        "The day {day} closed at {closed}; ask for an approved reopening of the day.";
    /// What is to be confirmed has not begun, or is not over.
    PeriodNotOpen = "PERIOD_NOT_OPEN", Invalid,
        "Kỳ báo cáo này chỉ xác nhận được từ {opens}.", "This report can be confirmed from {opens} on.";
    /// No report of that kind is owed for the day.
    NoReportDue = "NO_REPORT_DUE", Invalid,
        "Ngày {day} không phải kỳ báo cáo của đơn vị này.", "No such report is owed by the unit for {day}.";
    /// A silent part that whoever confirms did not name.
    GapNotNamed = "GAP_NOT_NAMED", Conflict,
        "Còn {count} nơi chưa báo cáo mà chưa nêu tên, trước hết là {unit}.",
        "{count} below are silent and not named, first of all {unit}.";
    /// A named gap that is none.
    NotAGap = "NOT_A_GAP", Conflict,
        "{unit} không phải nơi còn thiếu báo cáo.", "{unit} is not silent, or not one of those below.";
    /// The act does not fit where the compilation stands.
    CompilationStand = "COMPILATION_STAND", Conflict,
        "Kỳ báo cáo đang ở trạng thái {actual}.", "The compilation stands at {actual}.";
    /// An excuse that was taken back already.
    ExcuseWithdrawn = "EXCUSE_WITHDRAWN", Conflict,
        "Lý do vắng này đã được rút.", "The excuse was withdrawn already.";
    /// A correction needs its reason.
    ReasonRequired = "REASON_REQUIRED", Invalid,
        "Đã có số {current}; muốn sửa phải nêu lý do.", "A figure of {current} stands; a correction needs a reason.";
    /// Neither a figure nor an explicit nil report, or both.
    FigureOrNil = "FIGURE_OR_NIL", Invalid,
        "Mỗi dòng phải có chỉ tiêu và số liệu, hoặc khai không phát sinh.", "A row has an indicator and a figure, or is an explicit nil report.";
    /// A nil report where figures stand.
    NilAfterFigures = "NIL_AFTER_FIGURES", Conflict,
        "Ngày {day} đã có số liệu; không thể khai không phát sinh.", "Figures stand for {day}; it cannot be reported as nil.";
    /// The same slot is reported under another drive of the family.
    SlotInOtherDrive = "SLOT_IN_OTHER_DRIVE", Conflict,
        "Số liệu này đã báo cáo ở đợt khác cùng hệ thống.", "This figure is already reported under another drive of the same family.";
    /// The team is not valid on the day.
    TeamNotValid = "TEAM_NOT_VALID", Invalid,
        "Tổ {team} không hoạt động vào ngày {day}.", "The team {team} is not active on {day}.";
    /// A quota's base has no figure.
    BaselineMissing = "BASELINE_MISSING", Invalid,
        "Chưa có số liệu gốc của {unit}.", "There is no baseline for {unit}.";
    /// In a drive of those above, one's own quota is theirs to set.
    QuotaFromAbove = "QUOTA_FROM_ABOVE", Forbidden,
        "Chỉ tiêu của chính đơn vị trong đợt của cấp trên do cấp trên giao.",
        "In a drive of those above, the quota of one's own unit is theirs to set.";
    /// There is nothing to cascade.
    QuotaMissing = "QUOTA_MISSING", Invalid,
        "{holder} chưa được giao chỉ tiêu này.", "{holder} has no quota of this indicator.";
    /// Nothing to give to.
    NoChildren = "NO_CHILDREN", Invalid,
        "{holder} không có cấp dưới để phân bổ.", "{holder} has nobody below to share among.";
    /// Manual amounts that do not add up.
    SumMismatch = "SUM_MISMATCH", Invalid,
        "Các số phân bổ cộng lại bằng {actual}, phải bằng {expected}.", "The amounts add up to {actual}; they must make {expected}.";
    /// Ceilings leave some of the quota without a place.
    CeilingsTooLow = "CEILINGS_TOO_LOW", Invalid,
        "Các mức trần để thừa {short} chưa giao được.", "The ceilings leave {short} of the quota without a place.";
    /// Floors need more than there is.
    FloorsTooHigh = "FLOORS_TOO_HIGH", Invalid,
        "Các mức sàn và khóa vượt tổng {over}.", "Floors and locks exceed the total by {over}.";
    /// A floor above its ceiling.
    BoundsCrossed = "BOUNDS_CROSSED", Invalid,
        "Mức sàn {floor} cao hơn mức trần {ceiling}.", "The floor {floor} lies above the ceiling {ceiling}.";
    /// No child has any weight.
    NoWeight = "NO_WEIGHT", Invalid,
        "{holder}: không có số liệu gốc nào để chia theo tỷ lệ.", "{holder}: there is no baseline to share in proportion to.";
    /// Whole shares of a fractional total.
    TotalNotWhole = "TOTAL_NOT_WHOLE", Invalid,
        "Tổng {actual} không phải số nguyên; hãy dùng HALF_UP_EACH.", "The total {actual} is not whole; use HALF_UP_EACH.";
    /// A share of the holder above that no cascade worked out.
    ShareWithoutCascade = "SHARE_WITHOUT_CASCADE", Invalid,
        "Phần chia từ cấp trên chỉ có qua phân bổ; hãy dùng chức năng phân bổ.",
        "A share of the quota above comes from a cascade only; apply a cascade.";
    /// A plan column that refers to what is not before it.
    BadColumn = "BAD_COLUMN", Invalid,
        "Cột {column} tham chiếu cột {refers} không có ở trước.", "Column {column} refers to {refers}, which does not stand before it.";
    /// Granting to oneself, or looking after one's own account as an admin.
    GrantToSelf = "GRANT_TO_SELF", Forbidden,
        "Không ai tự giao quyền hoặc tự quản trị tài khoản của mình.", "Nobody grants to himself or administers his own account.";
    /// The role holds rights that the grantor lacks.
    RoleNotGrantable = "ROLE_NOT_GRANTABLE", Forbidden,
        "Vai trò {grantor} không được giao vai trò {role}.", "The role {grantor} cannot hand out the role {role}.";
    /// An admin at or above the grantor's own unit.
    GrantNotBelow = "GRANT_NOT_BELOW", Forbidden,
        "Chỉ được giao vai trò {role} cho đơn vị cấp dưới của đơn vị mình.",
        "The role {role} can only be given over a unit below one's own.";
    /// A unit admin so deep that another unit admin appoints it.
    GrantNotTop = "GRANT_NOT_TOP", Forbidden,
        "Quản trị hệ thống chỉ giao vai trò {role} ở cấp quốc gia và cấp tỉnh.",
        "A system admin gives the role {role} over the country and its provinces only.";
    /// More than the grantor's own assignment is bound to.
    GrantWider = "GRANT_WIDER", Forbidden,
        "Không được giao rộng hơn đợt hoặc tổ của chính mình.", "No more can be granted than one's own drive or team.";
    /// Longer than allowed.
    GrantOutlasts = "GRANT_OUTLASTS", Invalid,
        "Phải kết thúc chậm nhất {to}.", "It has to end on {to} at the latest.";
    /// A machine's role for a person, or a person's for a machine.
    RoleUnsuited = "ROLE_UNSUITED", Invalid,
        "Vai trò {role} không dành cho loại tài khoản {kind}.", "The role {role} is not for accounts of the kind {kind}.";
    /// Operations that the role does not have, none for a machine, or some for a person.
    GrantOperations = "GRANT_OPERATIONS", Invalid,
        "Tài khoản hệ thống phải nêu các thao tác thuộc vai trò {role}; tài khoản cá nhân thì không.",
        "A machine names operations of the role {role}; a person names none.";
    /// A team of another unit, or for a role that does not report.
    GrantTeam = "GRANT_TEAM", Invalid,
        "Tổ phải thuộc đúng đơn vị, và vai trò phải được báo cáo.", "The team has to be of that unit, and the role one that reports.";
    /// A drive that has nothing to do with the unit, or for a role that is not of drives.
    GrantDrive = "GRANT_DRIVE", Invalid,
        "Đợt phải thuộc địa bàn của đơn vị, và vai trò phải gắn với đợt.",
        "The drive has to concern the unit, and the role has to be one of drives.";
    /// Reporting and verifying over the same units.
    GrantApart = "GRANT_APART", Conflict,
        "Tài khoản đang giữ vai trò {held} trên cùng địa bàn và đợt nên không thể giữ vai trò {role}.",
        "The account holds the role {held} over the same units and drive, so it cannot hold {role}.";
    /// Too many grants in a row.
    GrantChain = "GRANT_CHAIN", Invalid,
        "Chuỗi giao quyền dài quá {max} lần.", "The chain of grants is longer than {max}.";
    /// The account holds what the caller could not have granted.
    AccountBeyondReach = "ACCOUNT_BEYOND_REACH", Forbidden,
        "Tài khoản giữ quyền mà bạn không thể giao; không được quản trị tài khoản này.",
        "The account holds what you could not have granted; it is not yours to administer.";
    /// The act does not fit the state of the account.
    AccountState = "ACCOUNT_STATE", Conflict,
        "Tài khoản đang ở trạng thái {actual}.", "The account is {actual}.";
    /// The act is for people or for machines only.
    AccountKind = "ACCOUNT_KIND", Invalid,
        "Thao tác này không dành cho loại tài khoản {actual}.", "This is not for accounts of the kind {actual}.";
    /// The act does not fit the state of the assignment.
    AssignmentState = "ASSIGNMENT_STATE", Conflict,
        "Phân công đang ở trạng thái {actual}, cần {expected}.", "The assignment is {actual}; it has to be {expected}.";
    /// There are no units yet.
    NoTree = "NO_TREE", Conflict,
        "Chưa có đơn vị nào; hãy nhập cây đơn vị trước.", "There are no units yet; import a tree first.";
    /// A path of names that leads to several units.
    Ambiguous = "AMBIGUOUS", Invalid,
        "Có {count} đơn vị phù hợp; hãy nêu rõ hơn.", "{count} units fit; say more.";
    /// One person may not do this alone.
    NeedsTwoPeople = "NEEDS_TWO_PEOPLE", Conflict,
        "Việc này phải do hai người quyết định: hãy gửi đề xuất để người khác duyệt.",
        "Two people decide this: propose it for another to approve.";
    /// A proposal that is over, or not the decider's to decide.
    ProposalState = "PROPOSAL_STATE", Conflict,
        "Đề xuất đang ở trạng thái {actual}; chỉ quyết định được khi còn OPEN.",
        "The proposal is {actual}; only an OPEN one can be decided.";
    /// Nobody decides on what they proposed themselves.
    OwnProposal = "OWN_PROPOSAL", Conflict,
        "Người đề xuất không được tự duyệt hay từ chối; hãy để người khác quyết định.",
        "Whoever proposed it cannot approve or reject it; another person has to.";
    /// Only the proposer takes a proposal back.
    NotProposer = "NOT_PROPOSER", Conflict,
        "Chỉ người đề xuất mới được rút đề xuất.", "Only whoever proposed it can withdraw it.";
    /// The proposer's assignment has ended or permits it no more.
    ProposerLeft = "PROPOSER_LEFT", Conflict,
        "Phân công mà người đề xuất dùng không còn hiệu lực; hãy đề xuất lại.",
        "The assignment under which it was proposed is not in force any more; propose it anew.";
    /// What is stored is not what was proposed.
    ProposalAltered = "PROPOSAL_ALTERED", Conflict,
        "Nội dung đề xuất không khớp với nhật ký lúc đề xuất; hãy báo kiểm toán và đề xuất lại.",
        "The proposal differs from the record of the moment it was made; tell an auditor and propose it anew.";
    /// The first system admin is there already.
    AdminExists = "ADMIN_EXISTS", Conflict,
        "Đã có quản trị hệ thống đang hoạt động: {login}.", "There is an active system admin already: {login}.";
    /// The account is invited or disabled.
    AccountNotActive = "ACCOUNT_NOT_ACTIVE", Conflict,
        "Tài khoản {login} không hoạt động.", "The account {login} is not active.";
    /// Demo accounts stay where everything is made up.
    NotADemonstration = "NOT_A_DEMONSTRATION", Conflict,
        "Cơ sở dữ liệu này không phải bản trình diễn.", "This database is no demonstration's.";
    /// The token of another issuer is not accepted, or the account that it is bound to cannot be used by it: which of these
    /// it is is not told.
    ExternalRefused = "EXTERNAL_REFUSED", Forbidden,
        "Không đăng nhập được bằng mã của bên cấp định danh. Hãy lấy mã mới rồi thử lại; nếu vẫn không được, hãy đề nghị quản trị kiểm tra liên kết.",
        "Signing in by the issuer's token was refused. Get a new token and try again; if that does not help, ask an admin about the binding.";
    /// The issuer's subject is bound to another account.
    ExternalTaken = "EXTERNAL_TAKEN", Conflict,
        "Định danh này đã liên kết với một tài khoản khác.", "This subject is bound to another account.";
    /// Coordinates that are no point of the curve.
    NoPublicKey = "NO_PUBLIC_KEY", Invalid,
        "x và y không phải là một điểm của đường cong P-256.", "x and y are no point of the curve P-256.";

    /// A file that is not text in UTF-8.
    ExtractEncoding = "EXTRACT_ENCODING", Invalid,
        "Tệp phải mã hóa UTF-8; gặp {found}.", "The file has to be in UTF-8; it holds {found}.";
    /// A file whose cells are not set apart by commas.
    ExtractDelimiter = "EXTRACT_DELIMITER", Invalid,
        "Các ô phải cách nhau bằng dấu phẩy; tệp dùng {found}.", "Cells are set apart by commas; the file uses {found}.";
    /// A header that does not begin as it has to.
    ExtractHeader = "EXTRACT_HEADER", Invalid,
        "Cột đầu phải là {wanted}; đang là “{found}”.", "The first column has to be {wanted}; it is “{found}”.";
    /// A row with more or fewer cells than the header.
    RowLength = "ROW_LENGTH", Invalid,
        "Dòng có {actual} ô, tiêu đề có {expected}.", "The row has {actual} cells, the header has {expected}.";
    /// A quote that is not closed, or does not enclose the whole cell.
    QuotesBroken = "QUOTES_BROKEN", Invalid,
        "Dấu ngoặc kép không đóng hoặc không bao trọn ô.", "A quote is not closed, or does not enclose the whole cell.";
    /// A control character in a cell.
    ControlCharacter = "CONTROL_CHARACTER", Invalid,
        "Ô “{cell}” chứa ký tự điều khiển.", "The cell “{cell}” holds a control character.";
    /// What a spreadsheet would take for a formula.
    FormulaPrefix = "FORMULA_PREFIX", Invalid,
        "Ô “{cell}” bắt đầu như một công thức.", "The cell “{cell}” begins like a formula.";
    /// A figure that is not written in digits alone.
    FigureForm = "FIGURE_FORM", Invalid,
        "“{cell}” không phải số đếm: chỉ ghi chữ số, không dấu phân cách, không phần thập phân.",
        "“{cell}” is no count: digits alone, without separators and decimals.";
    /// A figure stands where the strategy only creates.
    FigureStands = "FIGURE_STANDS", Conflict,
        "{indicator} đã có số {current} của nguồn này tại thời điểm đó.",
        "{indicator} has a figure of {current} already, of this source and moment.";
    /// No figure stands where the strategy only updates.
    FigureAbsent = "FIGURE_ABSENT", Conflict,
        "{indicator} chưa có số của nguồn này tại thời điểm đó.", "{indicator} has no figure yet of this source and moment.";
    /// A moment that has not come.
    MomentInFuture = "MOMENT_IN_FUTURE", Invalid,
        "Thời điểm {moment} chưa tới.", "The moment {moment} has not come.";
    /// Whoever reported, or belongs to those who did, does not check it.
    InspectorInvolved = "INSPECTOR_INVOLVED", Forbidden,
        "Không được kiểm tra số liệu mà mình, tổ hoặc đơn vị của mình báo cáo.",
        "Nobody checks figures that they, their team or their own office reported.";
    /// More confirmed than was checked, or than was reported.
    ConfirmedExceeds = "CONFIRMED_EXCEEDS", Invalid,
        "Số xác nhận {confirmed} vượt số {most}.", "{confirmed} were confirmed of {most}.";
    /// A verdict that its own figures contradict.
    VerdictContradicted = "VERDICT_CONTRADICTED", Invalid,
        "Kết luận {verdict} không khớp: kiểm tra {checked}, xác nhận {confirmed}.",
        "The verdict {verdict} does not fit: {checked} were checked, {confirmed} confirmed.";
    /// A sample of days that have begun, or are not over.
    SampleTime = "SAMPLE_TIME", Conflict,
        "Mẫu phải cam kết trước ngày {from} và chỉ rút sau ngày {to}.",
        "A sample is committed before {from} and drawn after {to}.";
    /// A figure is settled by one that is not there.
    NothingToSettleBy = "NOTHING_TO_SETTLE_BY", Conflict,
        "Chưa có số liệu {basis} để chốt.", "There is no {basis} figure to settle by.";

    /// A file that was loaded before.
    ExtractKnown = "EXTRACT_KNOWN", Finding,
        "Tệp này đã nạp lúc {at}; không ghi gì thêm.", "This file was loaded at {at}; nothing was written.";
    /// A figure that counts from the beginning and is smaller than before.
    CumulativeFell = "CUMULATIVE_FELL", Finding,
        "{unit}, {indicator}: số lũy kế giảm từ {before} ({on}) xuống {after}.",
        "{unit}, {indicator}: the cumulative figure fell from {before} ({on}) to {after}.";
    /// A name beside a code that is not the unit's.
    UnitNameDiffers = "UNIT_NAME_DIFFERS", Finding,
        "Mã {code} là {name}; tệp ghi “{found}”.", "The code {code} is {name}; the file says “{found}”.";
    /// The official figure before the drive is older than its eve.
    OpeningEarly = "OPENING_EARLY", Finding,
        "Số chính thức đầu kỳ là của {on}, sớm hơn ngày trước đợt; phần tăng giữa hai ngày được tính vào đợt.",
        "The official opening figure is of {on}, earlier than the drive's eve; what came between counts as the drive's.";
    /// A sum over units of which some have no official figure.
    OfficialPartial = "OFFICIAL_PARTIAL", Finding,
        "Số chính thức là tổng của {covered} đơn vị; {missing} đơn vị chưa có.",
        "The official figure is the sum of {covered} units; {missing} have none.";
    /// A total that is not the sum of its parts.
    PartsDiffer = "PARTS_DIFFER", Finding,
        "{indicator}: tổng ghi {total}, các phần cộng lại {sum}.", "{indicator}: the total says {total}, the parts add up to {sum}.";
    /// A figure far above what the same reporter reported before.
    FigureJumps = "FIGURE_JUMPS", Finding,
        "{indicator}: {value}, gấp trên {factor} lần mức thường {usual} của những ngày trước.",
        "{indicator}: {value} is more than {factor} times the usual {usual} of the days before.";
    /// The same figure day after day.
    FigureRepeats = "FIGURE_REPEATS", Finding,
        "{indicator}: {days} ngày liền cùng báo {value}.", "{indicator}: {value} was reported {days} days in a row.";
    /// More in a day than the people at work can do.
    AboveCapacity = "ABOVE_CAPACITY", Finding,
        "{value} trong một ngày vượt khả năng {capacity} của {members} người.",
        "{value} in one day exceeds the {capacity} that {members} people can do.";
    /// More done than there are people.
    DoneExceedsEligible = "DONE_EXCEEDS_ELIGIBLE", Finding,
        "{indicator}: {done} vượt số thuộc diện {eligible}.", "{indicator}: {done} exceeds the {eligible} who are eligible.";
    /// A sum over figures of several sources.
    OfficialMixed = "OFFICIAL_MIXED", Finding,
        "Số chính thức cộng từ {count} nguồn khác nhau.", "The official figure is a sum over {count} sources.";

    /// A field that this kind of thing has no use for.
    NotUsedHere = "NOT_USED_HERE", Invalid,
        "Không dùng cho {kind}.", "It is not used for {kind}.";
    /// Certifying a report whose days were not over when it was issued.
    ReportNotOver = "REPORT_NOT_OVER", Conflict,
        "Kỳ báo cáo chưa kết thúc khi lập báo cáo (đến ngày {to}); hãy lập báo cáo đính chính rồi xác nhận.",
        "The days of the report were not over when it was issued (up to {to}); correct it, then certify the correction.";
    /// A report that another one has put right already.
    ReportCorrected = "REPORT_CORRECTED", Conflict,
        "Báo cáo đã được đính chính bằng báo cáo số {by}.", "The report is corrected by report {by}.";
    /// A report is certified once.
    ReportCertified = "REPORT_CERTIFIED", Conflict,
        "Báo cáo đã được xác nhận.", "The report is certified already.";
    /// Nobody certifies what they issued themselves.
    OwnReport = "OWN_REPORT", Conflict,
        "Người lập báo cáo không được tự xác nhận; hãy để người khác xác nhận.",
        "Whoever issued the report cannot certify it; another person has to.";
    /// What is stored is not what was issued.
    ReportAltered = "REPORT_ALTERED", Conflict,
        "Nội dung báo cáo không khớp với mã kiểm tra hoặc nhật ký lúc lập; hãy báo kiểm toán.",
        "The report differs from its hash or from the record of the moment it was issued; tell an auditor.";
    /// The rows of a report against the figure of the unit they are of.
    RowsDifferFromUnit = "ROWS_DIFFER_FROM_UNIT", Finding,
        "Cột {column}: các dòng cộng lại {rows}, số của chính {unit} là {own}.",
        "Column {column}: the rows add up to {rows}, the figure of {unit} itself is {own}.";
    /// A unit of which nobody reported.
    ReportsMissing = "REPORTS_MISSING", Finding,
        "{unit}: {days} ngày làm việc không có báo cáo.", "{unit}: {days} working days without a report.";
    /// A unit that is out of the issuer's scope by now.
    RowsMissing = "ROWS_MISSING", Finding,
        "Có {count} đơn vị nay ngoài phạm vi của người lập nên không có tổng.",
        "{count} units are out of the issuer's scope by now, so there are no totals.";

    /// What is stored is not the list that was drawn up.
    EmulationAltered = "EMULATION_ALTERED", Conflict,
        "Nội dung danh sách thi đua không khớp với mã kiểm tra hoặc nhật ký lúc lập; hãy báo kiểm toán.",
        "The emulation list differs from its hash or from the record of the moment it was drawn up; tell an auditor.";
    /// Drawing a list up while reports for its days may still come on time.
    EmulationNotOver = "EMULATION_NOT_OVER", Conflict,
        "Chưa lập được danh sách thi đua: ngày {to} chưa kết thúc.",
        "The list cannot be drawn up yet: the day {to} is not over.";
    /// Commending a candidate that is silent or reported what is not so (rule 9).
    OutOfRunning = "OUT_OF_RUNNING", Conflict,
        "Không xét khen thưởng {unit}: {exclusion} ({count}).",
        "{unit} is out of the running for commendation: {exclusion} ({count}).";
    /// A result above the quota.
    QuotaExceeded = "QUOTA_EXCEEDED", Finding,
        "Vượt chỉ tiêu: kết quả {result}, chỉ tiêu {quota}.", "Above the quota: the result is {result}, the quota {quota}.";
    /// A result that is exactly the quota.
    QuotaMet = "QUOTA_MET", Finding,
        "Đạt đúng chỉ tiêu {quota}: kết quả {result}.", "The quota {quota} is met exactly: the result is {result}.";
    /// A result below the quota.
    QuotaMissed = "QUOTA_MISSED", Finding,
        "Không đạt chỉ tiêu: kết quả {result}, chỉ tiêu {quota}.", "Below the quota: the result is {result}, the quota {quota}.";
    /// A candidate without a quota.
    NoQuotaGiven = "NO_QUOTA_GIVEN", Finding, "Không được giao chỉ tiêu.", "No quota was given.";
    /// A candidate of which the basis of the list has no figure.
    NoFigureInBasis = "NO_FIGURE_IN_BASIS", Finding,
        "Không có số liệu theo căn cứ xét.", "There is no figure in the basis of the list.";
    /// A quota below the minimum base: such a candidate gets no place.
    BelowMinimumBase = "BELOW_MINIMUM_BASE", Finding,
        "Chỉ tiêu {quota} dưới mức tối thiểu {min} nên không xếp hạng.", "The quota {quota} lies below the minimum base {min}: no place is given.";
    /// More reports missing than are allowed.
    KeptSilent = "KEPT_SILENT", Finding,
        "Không báo cáo {count} lần, cho phép {allowed}.", "{count} reports are missing; {allowed} are allowed.";
    /// More reports late than are allowed.
    ReportedLate = "REPORTED_LATE", Finding,
        "Báo cáo muộn {count} lần, cho phép {allowed}.", "{count} reports came late; {allowed} are allowed.";
    /// Figures that inspection found untrue.
    InspectedUntrue = "INSPECTED_UNTRUE", Finding,
        "Kiểm tra kết luận {count} số liệu báo cáo không đúng sự thật.", "Inspection found {count} reported figures untrue.";
    /// Figures that were settled because what was reported is not so.
    SettledUntrue = "SETTLED_UNTRUE", Finding,
        "{count} số liệu được chốt lại vì báo cáo không đúng sự thật.", "{count} figures were settled because what was reported is not so.";
    /// Reported and official further apart than the drive tolerates.
    OfficialGap = "OFFICIAL_GAP", Finding,
        "Báo cáo {reported}, số liệu chính thức {official}: chênh lệch vượt dung sai.",
        "Reported {reported}, official {official}: they differ by more than is tolerated.";

    /// Printed cells against their printed total.
    CellsDifferFromTotal = "CELLS_DIFFER_FROM_TOTAL", Finding,
        "Cột {column}: các ô cộng lại {cells}, tổng là {total}.", "Column {column}: the cells add up to {cells}, the total is {total}.";
    /// A total in a source that is a sum of averages.
    RatioTotalIsSum = "RATIO_TOTAL_IS_SUM", Finding,
        "Cột {column}: tổng in {printed} là cộng các bình quân; đúng là {total}.",
        "Column {column}: the printed total {printed} is a sum of averages; the true figure is {total}.";
    /// A total in a source that is not what the figures give.
    PrintedTotalDiffers = "PRINTED_TOTAL_DIFFERS", Finding,
        "Cột {column}: nguồn in {printed}, tính được {total}.", "Column {column}: the source prints {printed}, the figures give {total}.";
    /// A child without a base.
    ChildWithoutBaseline = "CHILD_WITHOUT_BASELINE", Finding,
        "{unit} chưa có số liệu gốc {indicator}.", "{unit} has no baseline of {indicator}.";
    /// The plan's days against the calendar's.
    DeclaredDaysDiffer = "DECLARED_DAYS_DIFFER", Finding,
        "{phase}: kế hoạch ghi {declared} ngày, lịch có {calendar} ngày.", "{phase}: the plan declares {declared} days, the calendar has {calendar}.";
    /// More or fewer people than the plan says.
    TeamSize = "TEAM_SIZE", Finding,
        "Tổ có {actual} người, kế hoạch quy định {min} đến {max}.", "The team has {actual} people; the plan says {min} to {max}.";
    /// Nobody leads.
    TeamWithoutLeader = "TEAM_WITHOUT_LEADER", Finding, "Tổ chưa có tổ trưởng.", "The team has no leader.";
    /// The leader does not hold the position that the plan names.
    TeamLeaderPosition = "TEAM_LEADER_POSITION", Finding,
        "Tổ trưởng phải là {expected}; đang là {actual}.", "The leader has to be {expected}; it is {actual}.";
    /// Too few members of the kind the plan asks for.
    TeamComposition = "TEAM_COMPOSITION", Finding,
        "Cần ít nhất {min} người thuộc {organisations} biết công nghệ thông tin; có {actual}.",
        "At least {min} people of {organisations} who know IT are needed; there are {actual}.";
}

impl Code {
    /// The placeholder of that name in the message, for reading a kept problem back.
    #[must_use]
    pub fn param(self, name: &str) -> Option<&'static str> {
        let template = self.template(Language::En);
        let at = template.find(&format!("{{{name}}}"))?;
        template.get(at + 1..=at + name.len())
    }
}
