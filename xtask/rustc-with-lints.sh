#!/bin/sh
# Compiles a crate of ours with the lints of clippy, then checks its documentation with what is compiled.
# `cargo clippy` and `cargo doc` would check every outside crate once more. `cargo xtask test` sets this
# as Cargo's wrapper of the compiler, with CROW_CLIPPY_DRIVER and CROW_RUSTDOC.
set -eu

"$CROW_CLIPPY_DRIVER" "$@"

# What rustdoc takes of the compiler's arguments. A compilation that is no library and no program, such
# as tests, has no documentation.
shift # The compiler.
kind=''
for argument; do
    shift
    case ${previous:-} in
    --crate-name | --cfg | --check-cfg | --extern | -L | --cap-lints) set -- "$@" "$previous" "$argument" ;;
    --crate-type) kind=$argument ;;
    esac
    case $argument in
    --test) exit 0 ;;
    --edition=* | --cfg=* | *.rs) set -- "$@" "$argument" ;;
    esac
    previous=$argument
done
case $kind in
lib) ;;
bin) set -- "$@" --document-private-items -A rustdoc::private-intra-doc-links ;;
*) exit 0 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$CROW_RUSTDOC" -D warnings --out-dir "$folder" "$@"
