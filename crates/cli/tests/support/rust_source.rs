//! Rust files of the workspace read with a parser: their items without tests, strings, paths, and which file looks at which.

#![allow(dead_code, reason = "each test file uses what it needs")]

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::{Attribute, File, Item, UseTree, Visibility};

/// A file of a crate.
pub struct Source {
    /// Where it lies.
    pub path: PathBuf,
    /// Its place in the crate, the root's empty.
    pub module: Vec<String>,
    /// Its items without tests.
    pub file: File,
    /// The same as tokens, without documentation.
    pub tokens: Vec<TokenTree>,
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg") && attribute.meta.to_token_stream().to_string().contains("test")
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Tokens without the attributes that documentation is.
fn without_documentation(tokens: TokenStream) -> Vec<TokenTree> {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match &token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket && is_documentation(group) => {
                let is_mark = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if "#!".contains(mark.as_char()));
                while kept.last().is_some_and(is_mark) {
                    kept.pop();
                }
            }
            TokenTree::Group(group) => {
                let inner: TokenStream = without_documentation(group.stream()).into_iter().collect();
                kept.push(TokenTree::Group(Group::new(group.delimiter(), inner)));
            }
            _ => kept.push(token),
        }
    }
    kept
}

fn is_documentation(group: &Group) -> bool {
    matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(word)) if word == "doc")
}

impl Source {
    /// Reads a file below a crate's `src`.
    pub fn read(src: &Path, path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("a source file is text");
        let mut file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        file.items.retain(|item| !is_test(attributes(item)));
        let below = path.strip_prefix(src).expect("a file of the crate").with_extension("");
        let mut module: Vec<String> =
            below.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        if module.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
            module.pop();
        }
        file.attrs.clear();
        let tokens = without_documentation(file.to_token_stream());
        Self { path: path.to_owned(), module, file, tokens }
    }

    /// Every string in the code, those of attributes and macros among them, documentation left out.
    pub fn strings(&self) -> Vec<String> {
        let mut found = Vec::new();
        strings(&self.tokens, &mut found);
        found
    }

    /// Strings that something is compared with: beside `==` or `!=`, and the patterns before `=>` or in `matches!`.
    pub fn compared_strings(&self) -> Vec<String> {
        let mut found = Vec::new();
        compared(&self.tokens, &mut found);
        found
    }
}

fn text_of(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else { return None };
    syn::parse_str::<syn::LitStr>(&literal.to_string()).ok().map(|text| text.value())
}

fn strings(tokens: &[TokenTree], found: &mut Vec<String>) {
    for token in tokens {
        found.extend(text_of(token));
        if let TokenTree::Group(group) = token {
            strings(&group.stream().into_iter().collect::<Vec<_>>(), found);
        }
    }
}

fn compared(tokens: &[TokenTree], found: &mut Vec<String>) {
    let mark = |at: Option<usize>| match at.and_then(|at| tokens.get(at)) {
        Some(TokenTree::Punct(mark)) => Some(mark.as_char()),
        _ => None,
    };
    for (at, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            compared(&group.stream().into_iter().collect::<Vec<_>>(), found);
            continue;
        }
        let Some(text) = text_of(token) else { continue };
        let pair = |first: Option<usize>| (mark(first), mark(first.map(|first| first + 1)));
        let is = |pair: (Option<char>, Option<char>), wanted: &str| {
            pair.0.is_some_and(|first| wanted.starts_with(first))
                && pair.1.is_some_and(|second| wanted.ends_with(second))
        };
        let (before, after) = (pair(at.checked_sub(2)), pair(Some(at + 1)));
        let equal = is(before, "==") || is(before, "!=") || is(after, "==") || is(after, "!=");
        let pattern =
            is(after, "=>") || mark(Some(at + 1)) == Some('|') || mark(at.checked_sub(1)) == Some('|');
        if equal || pattern {
            found.push(text);
        }
    }
}

/// The flat names of a `use`, with the name under which each is known.
fn flat(tree: &UseTree, before: &[String], found: &mut Vec<(Vec<String>, String)>) {
    let with = |name: String| before.iter().cloned().chain([name]).collect::<Vec<_>>();
    match tree {
        UseTree::Path(path) => flat(&path.tree, &with(path.ident.to_string()), found),
        UseTree::Name(name) if name.ident == "self" => {
            found.push((before.to_vec(), before.last().cloned().unwrap_or_default()));
        }
        UseTree::Name(name) => found.push((with(name.ident.to_string()), name.ident.to_string())),
        UseTree::Rename(name) => found.push((with(name.ident.to_string()), name.rename.to_string())),
        UseTree::Glob(_) => found.push((with("*".to_owned()), "*".to_owned())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| flat(tree, before, found)),
    }
}

/// Paths that begin with `crate`, `super`, `self` or one of these names, in code and in macros.
fn paths(tokens: &[TokenTree], heads: &BTreeSet<String>, found: &mut Vec<Vec<String>>) {
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Group(group) => paths(&group.stream().into_iter().collect::<Vec<_>>(), heads, found),
            TokenTree::Ident(head)
                if begins(head.to_string().as_str(), heads) && !follows_colons(tokens, at) =>
            {
                let mut path = vec![head.to_string()];
                while let [TokenTree::Punct(a), TokenTree::Punct(b), TokenTree::Ident(next), ..] =
                    &tokens[at + 1..]
                {
                    if a.as_char() != ':' || b.as_char() != ':' {
                        break;
                    }
                    path.push(next.to_string());
                    at += 3;
                }
                if path.len() > 1 {
                    found.push(path);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

fn begins(head: &str, heads: &BTreeSet<String>) -> bool {
    ["crate", "super", "self"].contains(&head) || heads.contains(head)
}

fn follows_colons(tokens: &[TokenTree], at: usize) -> bool {
    at > 0 && matches!(&tokens[at - 1], TokenTree::Punct(mark) if mark.as_char() == ':')
}

/// The files of one crate and which of them looks at which.
pub struct Looks {
    files: BTreeMap<Vec<String>, Source>,
    /// What a module hands on under a name of its own: module and name, to where it really stands.
    handed_on: BTreeMap<(Vec<String>, String), Vec<String>>,
}

impl Looks {
    /// Reads a crate.
    pub fn of(sources: Vec<Source>) -> Self {
        let files: BTreeMap<Vec<String>, Source> =
            sources.into_iter().map(|source| (source.module.clone(), source)).collect();
        let mut looks = Self { files, handed_on: BTreeMap::new() };
        let mut handed_on = BTreeMap::new();
        for source in looks.files.values() {
            for item in &source.file.items {
                let Item::Use(item) = item else { continue };
                if matches!(item.vis, Visibility::Inherited) {
                    continue;
                }
                let mut names = Vec::new();
                flat(&item.tree, &[], &mut names);
                for (path, name) in names {
                    if let Some(absolute) = looks.absolute(&source.module, &path) {
                        handed_on.insert((source.module.clone(), name), absolute);
                    }
                }
            }
        }
        looks.handed_on = handed_on;
        looks
    }

    /// A path as written in a module, from the crate's root.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Vec<String>> {
        let (mut here, mut rest) = match path.first()?.as_str() {
            "crate" => (Vec::new(), &path[1..]),
            "self" => (module.to_vec(), &path[1..]),
            "super" => (module.to_vec(), path),
            _ => (module.to_vec(), path),
        };
        while rest.first().is_some_and(|step| step == "super") {
            here.pop();
            rest = &rest[1..];
        }
        here.extend(rest.iter().cloned());
        Some(here)
    }

    /// The file in which a path from the root ends.
    fn file(&self, path: &[String]) -> Option<Vec<String>> {
        let mut path = path.to_vec();
        // A name may be handed on from module to module; names that go in a circle end nowhere.
        for _ in 0..8 {
            let length = (0..=path.len()).rev().find(|length| self.files.contains_key(&path[..*length]))?;
            let module = path[..length].to_vec();
            let Some(name) = path.get(length) else { return Some(module) };
            let Some(onward) = self.handed_on.get(&(module.clone(), name.clone())) else {
                return Some(module);
            };
            let mut onward = onward.clone();
            onward.extend(path[length + 1..].iter().cloned());
            if onward == path {
                return Some(module);
            }
            path = onward;
        }
        None
    }

    /// The modules that a module's code uses. What it only hands on is not counted, and neither is what its own folder's head, or one
    /// above, holds for all files below it.
    fn neighbours(&self, source: &Source) -> BTreeSet<Vec<String>> {
        let mut written = Vec::new();
        let mut heads = BTreeSet::new();
        for item in &source.file.items {
            match item {
                Item::Use(item) => {
                    let mut names = Vec::new();
                    flat(&item.tree, &[], &mut names);
                    if matches!(item.vis, Visibility::Inherited) {
                        written.extend(names.into_iter().map(|(path, _)| path));
                    }
                }
                Item::Mod(item) => drop(heads.insert(item.ident.to_string())),
                _ => {}
            }
        }
        let code: TokenStream = source
            .file
            .items
            .iter()
            .filter(|item| !matches!(item, Item::Use(_)))
            .map(ToTokens::to_token_stream)
            .collect();
        paths(&without_documentation(code), &heads, &mut written);
        written
            .iter()
            .filter(|path| begins(&path[0], &heads))
            .filter_map(|path| self.file(&self.absolute(&source.module, path)?))
            .filter(|module| !source.module.starts_with(module))
            .collect()
    }

    /// Files that look at each other in a circle.
    pub fn circles(&self) -> Vec<BTreeSet<PathBuf>> {
        let edges: BTreeMap<&Vec<String>, BTreeSet<Vec<String>>> =
            self.files.iter().map(|(module, source)| (module, self.neighbours(source))).collect();
        let reached = |from: &Vec<String>| {
            let (mut seen, mut next) = (BTreeSet::new(), vec![from.clone()]);
            while let Some(module) = next.pop() {
                for other in edges.get(&module).into_iter().flatten() {
                    if seen.insert(other.clone()) {
                        next.push(other.clone());
                    }
                }
            }
            seen
        };
        let reach: BTreeMap<&Vec<String>, BTreeSet<Vec<String>>> =
            self.files.keys().map(|module| (module, reached(module))).collect();
        let mut circles: BTreeSet<BTreeSet<PathBuf>> = BTreeSet::new();
        for (module, seen) in &reach {
            if seen.contains(*module) {
                let circle = seen.iter().filter(|other| reach[other].contains(*module));
                circles.insert(circle.map(|other| self.files[other].path.clone()).collect());
            }
        }
        circles.into_iter().collect()
    }

    /// How many arrows there are between files.
    pub fn arrows(&self) -> usize {
        self.files.values().map(|source| self.neighbours(source).len()).sum()
    }
}
