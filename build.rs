//! Rule packs and catalogs are built into the binary as they are: a new file in their folders is a reason to build anew.

fn main() {
    for folder in ["patterns", "catalogs"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
