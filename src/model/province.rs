/// 省级行政区 of GB/T 2260: the first two digits of the codes, and the names without what they end in (省, 市, 自治区…).
const PROVINCES: [(&str, &str); 34] = [
    ("11", "北京"),
    ("12", "天津"),
    ("13", "河北"),
    ("14", "山西"),
    ("15", "内蒙古"),
    ("21", "辽宁"),
    ("22", "吉林"),
    ("23", "黑龙江"),
    ("31", "上海"),
    ("32", "江苏"),
    ("33", "浙江"),
    ("34", "安徽"),
    ("35", "福建"),
    ("36", "江西"),
    ("37", "山东"),
    ("41", "河南"),
    ("42", "湖北"),
    ("43", "湖南"),
    ("44", "广东"),
    ("45", "广西"),
    ("46", "海南"),
    ("50", "重庆"),
    ("51", "四川"),
    ("52", "贵州"),
    ("53", "云南"),
    ("54", "西藏"),
    ("61", "陕西"),
    ("62", "甘肃"),
    ("63", "青海"),
    ("64", "宁夏"),
    ("65", "新疆"),
    ("71", "台湾"),
    ("81", "香港"),
    ("82", "澳门"),
];

/// What the names of provinces end in.
const ENDINGS: [&str; 7] = ["省", "市", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "特别行政区"];

/// The two digits of the province that a text names: by its code of two or six digits, or by its name, in full or short.
#[must_use]
pub fn province_code(text: &str) -> Option<&'static str> {
    let text = text.trim();
    let code = if text.len() == 6 && text.ends_with("0000") { &text[..2] } else { text };
    let names = |name: &str| text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || ENDINGS.contains(&rest));
    PROVINCES.iter().find(|(known, name)| *known == code || names(name)).map(|(known, _)| *known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_province_is_known_by_code_and_by_either_name() {
        for text in ["15", "150000", "内蒙古", "内蒙古自治区", " 内蒙古 "] {
            assert_eq!(province_code(text), Some("15"), "{text}");
        }
        assert_eq!(province_code("广西壮族自治区"), Some("45"));
        for text in ["", "16", "1500", "150100", "示例省", "江", "北京大学", "省"] {
            assert_eq!(province_code(text), None, "{text}");
        }
    }
}
