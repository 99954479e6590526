use std::path::PathBuf;

use super::folder::linked;
use super::last_stage;

#[test]
fn the_libraries_and_the_loader_are_found() {
    let answer = "\tlinux-vdso.so.1 (0x00007ffd)\n\
        \tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007fcc)\n\
        \t/lib64/ld-linux-x86-64.so.2 (0x00007fcc)\n";
    let expected = [
        "/lib/x86_64-linux-gnu/libc.so.6",
        "/lib64/ld-linux-x86-64.so.2",
    ];
    assert_eq!(linked(answer).unwrap(), expected.map(PathBuf::from));
    assert!(linked("\tlibm.so.6 => not found\n").is_err());
    assert!(linked("\tstatically linked\n").is_err());
}

#[test]
fn both_ways_to_build_use_the_same_last_stage() {
    let recipe = include_str!("../../../deploy/image/Containerfile");
    let stage = last_stage(recipe).unwrap();
    assert!(stage.starts_with("FROM scratch\n"), "{stage}");
    assert!(stage.contains("\nCOPY root/ /\n"), "{stage}");
    assert!(stage.contains("\nUSER 65532:65532\n"), "{stage}");
    assert!(!stage.contains("--from="), "{stage}");
    assert!(last_stage("FROM debian\n").is_err());
}
