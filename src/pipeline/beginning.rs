//! What the first bytes of a file tell, before a reader makes anything of them: its format, and what it calls itself.

use crate::detect::names;
use crate::extract;
use crate::model::{Evidence, Place};
use crate::open::encoding::{self, Guess};
use crate::open::{Format, sniff};
use crate::rules::{RulePack, ToldFormat};

/// So much of a file is looked at: a licence of two pages stands before many a source.
const BEGINNING_BYTES: usize = 16 << 10;

/// What a beginning tells.
pub(super) struct Beginning<'p> {
    /// What it is by content.
    pub(super) content: Format,
    /// The format by signature, name or grammar.
    pub(super) format: Option<ToldFormat<'p>>,
    /// The words of its titles.
    pub(super) titles: Vec<Evidence>,
}

pub(super) fn read<'p>(pack: &'p RulePack, file_name: &str, head: &[u8]) -> Beginning<'p> {
    let bytes = head.get(..BEGINNING_BYTES).unwrap_or(head);
    let text = match encoding::guess(bytes, None) {
        Guess::Binary => None,
        guess => Some(encoding::decode(guess, bytes)),
    };
    let content = sniff::format(file_name, head);
    let format = pack.format_of_file(file_name, content.id(), text.as_deref().map_or(bytes, str::as_bytes));
    // Readers of other formats know their parts themselves.
    let is_running_text = content == Format::Text;
    let text = text.as_deref().filter(|_| is_running_text).unwrap_or_default();
    let mut titles: Vec<Evidence> = Vec::new();
    for piece in extract::titles(text).into_iter().flat_map(|title| names::evidence(pack, title, Place::Part)) {
        match titles
            .iter_mut()
            .find(|known| known.term == piece.term && known.rule == piece.rule && known.weights == piece.weights)
        {
            Some(known) => known.count += piece.count,
            None => titles.push(piece),
        }
    }
    Beginning { content, format, titles }
}

/// The format that is shown: what a file is by content; where that says only what it is made of, what is kept in it, as far
/// as content tells that too, or as nothing but the name says anything.
pub(super) fn shown_format(content: Option<Format>, told: Option<ToldFormat<'_>>) -> Option<String> {
    let is_opaque = content.is_none_or(|content| matches!(content, Format::Binary | Format::Ole));
    let finer = told.filter(|told| content.is_none_or(Format::is_generic) && (told.by_content || is_opaque));
    finer.map(|told| told.rule.id.clone()).or_else(|| content.map(|content| content.id().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pack: &RulePack, name: &str, content: &[u8]) -> String {
        let beginning = read(pack, name, content);
        shown_format(Some(beginning.content), beginning.format).unwrap_or_default()
    }

    #[test]
    fn what_rules_of_formats_name_by_content_is_a_format() {
        let pack = RulePack::builtin().expect("loads");
        for rule in pack.formats() {
            for named in &rule.formats {
                assert!(Format::ALL.iter().any(|format| format.id() == named), "{}: {named}", rule.id);
            }
        }
    }

    #[test]
    fn texts_of_engineering_and_operation_are_shown_as_what_they_are() {
        let pack = RulePack::builtin().expect("loads");
        for (name, content, format) in [
            ("a", "N10 G0 X1\nN20 G1 Y2\nN30 M30\n", "cam.program"),
            ("a", "PROC main()\n  MoveL p1, v100;\nENDPROC\n", "robot.program"),
            ("a", "PROGRAM p\nVAR\n x : BOOL;\nEND_VAR\n", "plc.structured-text"),
            ("a", "ORGANIZATION_BLOCK OB1\nNETWORK\n", "plc.siemens"),
            ("a.xml", "<?xml version='1.0'?><project xmlns='http://www.plcopen.org/xml/tc6_0201'/>", "plc.plcopen"),
            ("a.xml", "<?xml version='1.0'?><RSLogix5000Content/>", "plc.rockwell"),
            ("a.xml", "<?xml version='1.0'?><CAEXFile/>", "plc.automationml"),
            ("a.xml", "<?xml version='1.0'?><SCL xmlns='http://www.iec.ch/61850/2003/SCL'/>", "substation.description"),
            ("a.xml", "<?xml version='1.0'?><UANodeSet/>", "opcua.model"),
            ("a.v", "module a(b);\n input b;\n wire c;\n assign c = b;\nendmodule\n", "ecad.verilog"),
            ("a", "library ieee;\nuse ieee.std_logic_1164.all;\nentity a is\nend entity;\n", "ecad.vhdl"),
            ("a", "* amplifier\n.subckt a 1 2\nr1 1 2 1k\n.ends\n", "ecad.circuit"),
            ("a", "G04 outline*\n%FSLAX24Y24*%\n", "ecad.gerber"),
            ("a", "M48\nMETRIC,TZ\nT1C0.8\n%\n", "ecad.excellon"),
            ("a", "VERSION 5.7 ;\nBUSBITCHARS \"[]\" ;\nMACRO inv\nEND LIBRARY\n", "ecad.lef"),
            ("a", "*HEADING\nbracket\n*NODE\n1,0.,0.,0.\n", "cae.abaqus"),
            ("a", "CEND\nBEGIN BULK\nGRID,1,,0.,0.,0.\n", "cae.nastran"),
            ("a", "*KEYWORD\n*NODE\n", "cae.ls-dyna"),
            ("a", "within P;\nmodel A\n parameter Real x;\nequation\nend A;\n", "cae.modelica"),
            (
                "a.dbc",
                "VERSION \"\"\nBU_: ECU\nBO_ 100 Motor: 8 ECU\n SG_ Speed : 0|16@1+ (1,0) [0|1] \"rpm\" ECU\n",
                "vehicle.dbc",
            ),
            ("a", "ASAP2_VERSION 1 61\n/begin PROJECT p \"\"\n", "vehicle.a2l"),
            ("a", "Nov 26 05:00:01 host sshd[1]: x\nNov 26 05:00:02 host cron[2]: y\n", "log.syslog"),
            (
                "a",
                "10.0.0.1 - - [26/Nov/2026:05:00:01 +0800] \"GET / HTTP/1.1\" 200 1\n10.0.0.1 - - [26/Nov/2026:05:00:02 +0800] \"GET / HTTP/1.1\" 200 1\n",
                "log.access",
            ),
            (
                "a",
                "2026-11-26 05:00:01,123 INFO main started\n2026-11-26 05:00:02,123 WARN main slow\n",
                "log.application",
            ),
            ("a", "sysname S1\n#\nvlan batch 10\n#\ninterface Vlanif10\n ip address 10.0.0.1 24\n", "network.huawei"),
            (
                "a",
                "sysname S1\n#\nirf mac-address persistent timer\n#\ninterface GigabitEthernet1/0/1\n port link-mode bridge\n",
                "network.h3c",
            ),
            (
                "a",
                "service timestamps log\nhostname R1\nenable secret 5 x\ninterface Gi0/1\n no ip address\nline vty 0 4\n",
                "network.cisco",
            ),
            ("a", "Bearings are greased weekly.\n", "text"),
            ("a.eds", "[FileInfo]\nEDSVersion=4.0\n[DeviceInfo]\nVendorName=x\n", "fieldbus.device"),
            ("a.v", "Bearings are greased weekly.\n", "text"),
            ("a.xml", "<?xml version='1.0'?><a/>", "xml"),
            ("a.csv", "a,b\n1,2\n", "csv"),
        ] {
            assert_eq!(shown(&pack, name, content.as_bytes()), format, "{content}");
        }
    }

    fn told(pack: &RulePack, name: &str, content: &str) -> Option<String> {
        read(pack, name, content.as_bytes()).format.map(|told| told.rule.id.clone())
    }

    #[test]
    fn lists_of_codes_are_no_programs_of_machines() {
        let pack = RulePack::builtin().expect("loads");
        let list = |code: fn(u32) -> String| (0..40).map(code).collect::<Vec<_>>().join("\n");
        for codes in [
            list(|n| format!("Y2024{n:04}")),
            list(|n| format!("X{n:06}")),
            list(|n| format!("G{:02}", n + 10)),
            list(|n| format!("G12A{n:04}")),
            list(|n| format!("Z{n}")),
        ] {
            assert_eq!(told(&pack, "list.txt", &codes), None, "{codes}");
        }
        let rows = list(|n| format!("G{} X{n}.5,Y{n},pump", n % 3));
        assert_eq!(told(&pack, "list.csv", &format!("code,place,name\n{rows}")), None);
        for program in
            ["G00X1.5Y2.5\nG01X2.5\nX3.5Y1.5F200\nX-2 Y3\n", "%\nO1000\nG90 G54\nN10 G1 X10 Y20\nX10 Y30\nG01Z-1\n"]
        {
            assert_eq!(told(&pack, "a", program).as_deref(), Some("cam.program"), "{program}");
        }
    }

    #[test]
    fn prose_that_begins_with_words_of_a_grammar_is_no_source() {
        let pack = RulePack::builtin().expect("loads");
        for prose in [
            "Hello,\nblock the date for the audit.\nend of month report is due.\nmodel year 2026 is next.\npackage is sent on Monday.\n",
            "auto reply is on.\nundo the booking, please.\ninterface to the vendor is open.\nvlan plan follows.\n",
            "input from sales is late.\noutput of the line is 40.\nwire the deposit today.\nassign it to Li.\nreg number follows.\n",
            "location is room 5.\nlisten to the talk.\nupstream pressure is low.\n",
            "library (second floor)\ncell (phone) is off\npin (code) is new\n",
        ] {
            assert_eq!(shown(&pack, "mail", prose.as_bytes()), "text", "{prose}");
        }
        for (content, format) in [
            ("hostname R1\ninterface GigabitEthernet0/1\n shutdown\n", "network.configuration"),
            ("auto eth0\niface eth0 inet static\n", "network.configuration"),
            ("server {\n listen 80;\n location / {\n }\n}\n", "service.configuration"),
            ("library (typical) {\n delay_model : table_lookup;\n cell (inv) {\n", "ecad.cell-library"),
        ] {
            assert_eq!(shown(&pack, "a", content.as_bytes()), format, "{content}");
        }
    }

    #[test]
    fn an_extension_of_keys_says_nothing_of_an_archive() {
        let pack = RulePack::builtin().expect("loads");
        let zip = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0a";
        assert!(read(&pack, "talk.key", zip).format.is_none());
        assert_eq!(told(&pack, "host.key", "-----BEGIN PRIVATE KEY-----\n").as_deref(), Some("key.material"));
        assert_eq!(shown(&pack, "host.key", b"\x30\x82\x04\xa4\x02\x01\0\xff"), "key.material");
    }

    #[test]
    fn a_deck_is_shown_as_what_it_is_under_its_own_extension_too() {
        let pack = RulePack::builtin().expect("loads");
        for (name, content, format) in [
            ("abaqus.inp", "*HEADING\nbracket\n*NODE\n1,0.,0.,0.\n*ELEMENT, TYPE=C3D8\n", "cae.abaqus"),
            ("plate.fem", "GRID,1,,0.,0.,0.\nCQUAD4,1,1,1,2,3,4\nPSHELL,1,1,1.\nMAT1,1,2.1e5\n", "cae.nastran"),
            ("drive.mos", "model A\n parameter Real x;\nequation\nend A;\n", "cae.modelica"),
            ("part.nc", "N10 G0 X1\nN20 G1 Y2\n", "cam.program"),
            ("abaqus.inp", "Bearings are greased weekly.\n", "text"),
        ] {
            assert_eq!(shown(&pack, name, content.as_bytes()), format, "{name}: {content}");
        }
    }

    #[test]
    fn what_no_reader_knows_is_shown_by_its_signature_or_else_by_its_name() {
        let pack = RulePack::builtin().expect("loads");
        for (name, content, format) in [
            ("a", b"V5_CFV2\0\0\x01\xff".as_slice(), "cad.catia"),
            ("a.dat", b"\xd4\xc3\xb2\xa1\x02\0\x04\0", "network.capture"),
            ("a", b"\xd4\xc3\xb2\xa1\x02\0\x04\0 http://opcfoundation.org/UA/", "network.capture"),
            ("a.sldprt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "cad.solidworks"),
            ("a.sldprt", b"\x01\0\xff\xfe\x07\0", "cad.solidworks"),
            ("a.step", b"\x89PNG\r\n\x1a\n\0", "media"),
            ("a.step", b"%PDF-1.7\n\0", "pdf"),
            ("a", b"\x01\0\xff\xfe\x07\0", "binary"),
        ] {
            assert_eq!(shown(&pack, name, content), format, "{name}");
        }
    }
}
