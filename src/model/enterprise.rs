use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Values for columns of the filing form, by column id.
pub type Fields = BTreeMap<String, String>;

/// Facts about the data processor (数据处理者) that level criteria look at. Given in `mulu.toml`, never guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Enterprise {
    /// 单位名称.
    pub name: Option<String>,
    /// 统一社会信用代码, checked when the configuration is read.
    pub credit_code: Option<String>,
    /// 所属领域: `industrial`, `telecom`, `radio`; decides the authority to file with (`miit-166/4`).
    pub domains: Vec<String>,
    /// 所属行业, code of GB/T 4754, e.g. `C31`.
    pub industry: Option<String>,
    /// 省级行政区, name or code; decides the authority to file with.
    pub region: Option<String>,
    /// 关键信息基础设施运营者; `None` where nobody has said.
    pub critical_infrastructure: Option<bool>,
    /// 重要骨干企业; `None` where nobody has said.
    pub backbone: Option<bool>,
    /// Whether it handles data on controlled items (`dsl/25`: 属于管制物项的数据); `None` where nobody has said.
    pub export_control: Option<bool>,
    /// 业务覆盖的省级行政区: those that its data cover, as codes of GB/T 2260 (`11`…`82`); `None` where nobody has said.
    pub provinces: Option<Vec<String>>,
    /// Sectors for which other rules hold (`miit-166/40`, `miit-166/41`): `government`, `defence`; tobacco is told by the
    /// industry.
    pub sectors: Vec<String>,
    /// 工业互联网企业: what it is among them, each kind with the level of its own rating (`miit-68/5`, `miit-68/6`).
    /// `None` where nobody has said; an empty list says that it is none.
    pub industrial_internet: Option<Vec<InternetRole>>,
    /// Anything else the form's entity sheet asks for, by column id.
    #[serde(flatten)]
    pub profile: Fields,
}

impl Enterprise {
    /// What it is, of what criteria ask for; what nobody has said does not hold.
    #[must_use]
    pub fn standings(&self) -> Vec<&'static str> {
        let stated = [
            ("critical-infrastructure", self.critical_infrastructure),
            ("backbone", self.backbone),
            ("export-control", self.export_control),
        ];
        let sectors =
            ["government", "defence"].into_iter().filter(|one| self.sectors.iter().any(|sector| sector == one));
        let roles = self.industrial_internet.iter().flatten();
        let of_roles = roles.flat_map(|role| [Some(role.kind.id()), (role.level == 3).then_some("internet-level-3")]);
        let stated = stated.into_iter().filter(|(_, holds)| *holds == Some(true)).map(|(name, _)| name);
        stated.chain(sectors).chain(of_roles.flatten()).collect()
    }
}

/// One of the roles of an enterprise of the industrial internet, and its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InternetRole {
    /// What it is.
    pub kind: InternetKind,
    /// 级别 1 to 3, 3 the highest (`miit-68/6`); checked when the configuration is read.
    pub level: u8,
}

/// The three kinds of enterprise of `miit-68/5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InternetKind {
    /// 联网工业企业.
    Networked,
    /// 平台企业.
    Platform,
    /// 标识解析企业.
    Identifier,
}

impl InternetKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Networked, Self::Platform, Self::Identifier];

    /// The id used in `mulu.toml`, JSON and recorded events.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Networked => "networked",
            Self::Platform => "platform",
            Self::Identifier => "identifier",
        }
    }
}
