//! Teams: what they are for, and where their members come from.

use async_graphql::Enum;
use caodiem_domain::team;

/// What a team is for (loại tổ).
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "team::TeamKind")]
pub(crate) enum TeamKind {
    /// Tổ Đề án 06: one per village, led by the village head.
    Project06,
    /// Tổ công nghệ số cộng đồng.
    CommunityDigital,
    /// Tổ thu nhận cố định.
    FixedEnrolment,
    /// Tổ thu nhận lưu động.
    MobileEnrolment,
    /// Tổ tình nguyện, at schools, markets and industrial zones.
    Volunteer,
}

/// The body a member comes from, as the plans name them.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "team::Organisation")]
pub(crate) enum Organisation {
    /// Trưởng thôn, phó thôn, ban cán sự.
    VillageBoard,
    /// Công an xã, lực lượng bảo vệ an ninh trật tự ở cơ sở.
    Police,
    /// Đoàn Thanh niên.
    YouthUnion,
    /// Hội Phụ nữ.
    WomensUnion,
    /// Hội Nông dân.
    FarmersUnion,
    /// Hội Cựu chiến binh.
    VeteransAssociation,
    /// Mặt trận Tổ quốc.
    FatherlandFront,
    /// Nhà trường.
    School,
    /// Cơ quan nhà nước.
    StateBody,
    /// Anything else.
    Other,
}
