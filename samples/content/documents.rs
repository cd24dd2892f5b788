//! Documents: a work instruction (docx), a review (pptx), a quality report (HTML). The least that the formats need.

use super::archive::{Member, zip};
use super::{Chance, Growth, PlantFile, people, stamp};

const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const SLIDES: &str = "http://schemas.openxmlformats.org/presentationml/2006/main";
const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";

pub(super) fn files(growth: Growth) -> Vec<PlantFile> {
    vec![
        PlantFile::new("生产/作业指导书_萃取工序.docx", work_instruction()),
        PlantFile::new("研发/新产线工艺评审.pptx", review()),
        PlantFile::new("生产/质量日报.html", quality_report(growth)),
    ]
}

/// The parts that every package of this kind opens with: content types, and which part is the document.
fn package_start(document: &str, kind: &str) -> [Member; 2] {
    let types = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/{document}" ContentType="{kind}"/></Types>"#
    );
    let relations = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="{document}"/></Relationships>"#
    );
    [Member::new("[Content_Types].xml", types), Member::new("_rels/.rels", relations)]
}

fn work_instruction() -> Vec<u8> {
    let paragraph = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let row = |cells: &[&str]| {
        let cells: Vec<_> = cells.iter().map(|cell| format!("<w:tc>{}</w:tc>", paragraph(cell))).collect();
        format!("<w:tr>{}</w:tr>", cells.concat())
    };
    let mut body = String::new();
    for text in [
        "萃取工序作业指导书",
        "一、目的：规范稀土萃取分离工序的操作步骤与工艺参数控制。",
        "二、工艺规程：开车前核对有机相皂化率，料液浓度、酸度、流比按当班配方下发值设定。",
        "三、关键控制点：萃取槽温度控制在 28 至 34 摄氏度；水相 pH 超出工艺窗口时停止进料并通知工艺工程师。",
        "四、安全要求：进入罐区佩戴防护用品，氨气报警时按应急预案疏散。",
    ] {
        body.push_str(&paragraph(text));
    }
    let mut table = row(&["工序号", "工序名称", "设备名称", "温度上限", "温度下限", "检验项目"]);
    for cells in [
        ["10", "皂化", "皂化槽", "40", "30", "皂化率"],
        ["20", "萃取", "混合澄清槽", "34", "28", "界面高度"],
        ["30", "洗涤", "混合澄清槽", "34", "28", "洗液酸度"],
        ["40", "反萃", "混合澄清槽", "36", "28", "反萃液浓度"],
        ["50", "沉淀", "沉淀釜", "80", "60", "粒度"],
        ["60", "灼烧", "回转窑", "1050", "900", "灼减"],
    ] {
        table.push_str(&row(&cells));
    }
    body.push_str(&format!("<w:tbl>{table}</w:tbl>"));
    let document = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>"#
    );
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    let mut members = Vec::from(package_start("word/document.xml", kind));
    members.push(Member::new("word/document.xml", document));
    zip(&members)
}

fn review() -> Vec<u8> {
    let pages = [
        ("新产线工艺评审", "镝铽分离线设计方案，设计评审第二轮。"),
        ("试验数据", "中试样机连续运行 72 小时，产品纯度与收率达到试验大纲要求。"),
        ("技术秘密保护", "萃取串级模型与仿真结果属于公司技术秘密，专利交底书随附。"),
    ];
    let mut relations = String::new();
    let mut slide_ids = String::new();
    let mut members = Vec::new();
    for (number, (title, text)) in (1..).zip(pages) {
        let shape = |kind: &str, text: &str| {
            format!(
                r#"<p:sp><p:nvSpPr><p:cNvPr id="1" name="{kind}"/><p:cNvSpPr/><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"#
            )
        };
        let slide = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><p:sld xmlns:p="{SLIDES}" xmlns:a="{DRAWING}"><p:cSld><p:spTree>{}{}</p:spTree></p:cSld></p:sld>"#,
            shape("title", title),
            shape("body", text),
        );
        members.push(Member::new(&format!("ppt/slides/slide{number}.xml"), slide));
        relations.push_str(&format!(
            r#"<Relationship Id="rId{number}" Type="{OFFICE}/slide" Target="slides/slide{number}.xml"/>"#
        ));
        slide_ids.push_str(&format!(r#"<p:sldId id="{}" r:id="rId{number}"/>"#, 255 + number));
    }
    let presentation = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><p:presentation xmlns:p="{SLIDES}" xmlns:r="{OFFICE}"><p:sldIdLst>{slide_ids}</p:sldIdLst></p:presentation>"#
    );
    let relations = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{RELATIONS}">{relations}</Relationships>"#
    );
    let kind = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml";
    let mut parts = Vec::from(package_start("ppt/presentation.xml", kind));
    parts.push(Member::new("ppt/presentation.xml", presentation));
    parts.push(Member::new("ppt/_rels/presentation.xml.rels", relations));
    parts.extend(members);
    zip(&parts)
}

fn quality_report(growth: Growth) -> String {
    let mut chance = Chance::seeded(81);
    let mut text = String::from(
        "<!DOCTYPE html>\n<html lang=\"zh\"><head><meta charset=\"utf-8\"><title>质量日报</title><style>td{padding:2px}</style></head>\n<body><h1>成品检验日报</h1><p>不合格品按 NCR 流程处置，CPK 低于 1.33 的项目需复检。</p>\n<table>\n<tr><th>检验单号</th><th>批次号</th><th>检验项目</th><th>实测值</th><th>规格下限</th><th>判定</th><th>检验员</th><th>检验时间</th></tr>\n",
    );
    for row in 0..growth.rows(120) {
        text.push_str(&format!(
            "<tr><td>QC{row:05}</td><td>PF26{:05}</td><td>{}</td><td>99.{}</td><td>99.90</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            row * 7,
            chance.pick(&["纯度", "水分", "粒度D50", "氯根", "灼减"]),
            chance.between(850, 999),
            chance.pick(&["合格", "合格", "合格", "不合格"]),
            people::name(&mut chance),
            stamp(row * 240),
        ));
    }
    text.push_str("</table>\n</body></html>\n");
    text
}
