//! Hostile archives, and the peculiar ones of the field.

use proptest::prelude::*;

use crate::{
    extract::{
        recorder::{read, read_within},
        tests::{
            corpus,
            fixtures::packed::{
                archives::{
                    ar_of, cpio_entry, cpio_of, seven_zip_from, seven_zip_header, seven_zip_of, tar_entry, tar_header,
                    tar_of,
                },
                crc32,
                discs::{cab_of, iso_of, iso_record},
                lzma::{lzip_of, lzma_of},
                rars::{rar4_of, rar5_of},
                streams::{bzip2_of, compress_of, gzip_of, lz4_of, xz_of, zstd_of},
                zip_of,
            },
        },
    },
    model::Reason,
    open::Limits,
};

mod bombs;
mod complete;
mod peculiar;

/// Everything that holds members, with the name of a file of it.
type Archiver = fn(&[(&str, &[u8])]) -> Vec<u8>;
const ARCHIVERS: &[(&str, Archiver)] = &[
    ("x.zip", zip_of),
    ("x.tar", tar_of),
    ("x.cpio", cpio_of),
    ("x.7z", seven_zip_of),
    ("x4.rar", rar4_of),
    ("x5.rar", rar5_of),
    ("x.cab", cab_of),
    ("x.ar", ar_of),
    ("x.iso", iso_of),
];

/// Everything that packs one content.
type Packer = fn(&[u8]) -> Vec<u8>;
const PACKERS: &[(&str, Packer)] = &[
    ("x.txt.bz2", bzip2_of),
    ("x.txt.xz", xz_of),
    ("x.txt.lzma", lzma_of),
    ("x.txt.lz", lzip_of),
    ("x.txt.zst", zstd_of),
    ("x.txt.lz4", lz4_of),
    ("x.txt.Z", compress_of),
    ("x.txt.gz", |content| gzip_of("", content)),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_goes_into_an_archive_comes_out_of_it_under_its_name(
        members in prop::collection::btree_map("[a-z]{1,8}[.]txt", "pump [a-z0-9 ]{0,90}x", 1..6),
    ) {
        let raw: Vec<(&str, &[u8])> = members.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
        let expected: Vec<String> =
            members.iter().map(|(name, text)| format!("begin {name}\ntext {text}\ndone text None")).collect();
        for (file, pack) in ARCHIVERS {
            let (recorder, outcome) = read(file, &pack(&raw));
            prop_assert_eq!(recorder.shown(), expected.join("\n"), "{}", file);
            prop_assert_eq!(outcome.unwrap().partial, None);
        }
    }

    #[test]
    fn what_is_packed_comes_out_again(text in "pump [a-zA-Z0-9 ]{0,900}x") {
        for (file, pack) in PACKERS {
            let (recorder, outcome) = read(file, &pack(text.as_bytes()));
            prop_assert_eq!(recorder.shown(), format!("begin x.txt\ntext {text}\ndone text None"), "{}", file);
            prop_assert_eq!(outcome.unwrap().partial, None);
        }
    }
}

#[test]
fn real_archives_give_their_members() {
    corpus::expect("tika/test-documents.tgz", &["begin test-documents.tar", "begin test-documents/testHTML.html"]);
    corpus::expect(
        "libarchive/test_read_format_gtar_filename_eucjp.tar.Z",
        &["begin test_read_format_gtar_filename_eucjp.tar"],
    );
    corpus::expect("libarchive/test_compat_lz4_B6BD.tar.lz4", &["begin test_compat_lz4_B6BD.tar"]);
    corpus::expect("libarchive/test_compat_lzip_4.tlz", &["begin test_compat_lzip_4.tar"]);
    corpus::expect("libarchive/test_extract.tar.zst", &["begin test_extract.tar"]);
    corpus::expect("libarchive/test_expand.xz", &["begin test_expand"]);
    corpus::expect("libarchive/test_read_format_7zip_lzma2_arm.7z", &["begin "]);
    corpus::expect("libarchive/test_read_format_cab_3.cab", &["begin "]);
    corpus::expect("libarchive/test_gcpio_compat_ref_nosym.newc", &["begin "]);
    corpus::expect("libarchive/test_read_format_zip_msdos.zip", &["begin "]);
}
