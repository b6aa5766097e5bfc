//! The attribute of tests that need published material which the project may not ship.

use std::path::Path;

use proc_macro::{TokenStream, TokenTree};

/// `#[needs("benchmarks/nafta-1993", …)]` above `#[test]`: where one of the paths is missing below `../shared`, beside the repository,
/// the test is shown as *ignored* with the reason; on a machine that sets `CI` it runs, and fails.
///
/// `#[needs("program:chromedriver")]` asks for a program of the machine instead: where that is missing the test is ignored on every machine,
/// and whoever runs them says so.
///
/// The material is looked for when the test is compiled: where it came later, touch the test's file.
///
/// An argument that is no string does not compile.
#[proc_macro_attribute]
pub fn needs(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let root = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let repository = Path::new(&root).ancestors().find(|folder| folder.join("Cargo.lock").exists());
    let shared = repository.and_then(Path::parent).map(|beside| beside.join("shared"));
    let mut missing = Vec::new();
    for argument in arguments {
        match argument {
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let path = text.trim_matches('"');
                if let Some(program) = path.strip_prefix("program:") {
                    if !has_program(program) {
                        return ignored(&format!("needs the program {program}"), item);
                    }
                } else if !shared.as_ref().is_some_and(|shared| shared.join(path).exists()) {
                    missing.push(path.to_owned());
                }
            }
            TokenTree::Punct(comma) if comma.as_char() == ',' => {}
            other => return error(&format!("`needs` takes paths in quotation marks, not {other}")),
        }
    }
    if missing.is_empty() || std::env::var_os("CI").is_some() {
        return item;
    }
    ignored(&format!("needs ../shared/{}", missing.join(" and ../shared/")), item)
}

fn has_program(name: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

fn ignored(reason: &str, item: TokenStream) -> TokenStream {
    match format!("#[ignore = {reason:?}]").parse::<TokenStream>() {
        Ok(mut ignored) => {
            ignored.extend(item);
            ignored
        }
        Err(found) => error(&found.to_string()),
    }
}

fn error(text: &str) -> TokenStream {
    format!("compile_error!({text:?});").parse().unwrap_or_default()
}
