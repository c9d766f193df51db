//! The text of Ironode's JavaScript layer. Release builds carry it; debug builds read it from the
//! source tree, so that a change to it needs no build.

use std::borrow::Cow;

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The names of all files, without `.js`, in ascending order: `fs`, `fs/promises`, `internal/errors`.
pub fn ids() -> impl Iterator<Item = Cow<'static, str>> {
    #[cfg(debug_assertions)]
    {
        let mut ids = Vec::new();
        collect(std::path::Path::new(ROOT), "", &mut ids);
        ids.sort_unstable();
        ids.into_iter().map(Cow::Owned)
    }
    #[cfg(not(debug_assertions))]
    (0..TEXTS.len()).map(|at| Cow::Borrowed(name(at)))
}

/// The text of the file `id`.
#[cfg(debug_assertions)]
pub fn source(id: &str) -> Option<String> {
    std::fs::read_to_string(std::path::Path::new(ROOT).join(format!("{id}.js"))).ok()
}

/// Where the file `id` stands in [`TEXTS`].
#[cfg(not(debug_assertions))]
pub fn position(id: &str) -> Option<usize> {
    let (mut low, mut high) = (0, TEXTS.len());
    while low < high {
        let middle = low.midpoint(high);
        match name(middle).cmp(id) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// The name of the file at `position`.
#[cfg(not(debug_assertions))]
fn name(position: usize) -> &'static str {
    let begin = if position == 0 { 0 } else { ENDS[position - 1] };
    &NAMES[begin..ENDS[position]]
}

#[cfg(debug_assertions)]
fn collect(folder: &std::path::Path, prefix: &str, ids: &mut Vec<String>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{prefix}{name}/"), ids);
        } else if let Some(stem) = name.strip_suffix(".js") {
            ids.push(format!("{prefix}{stem}"));
        }
    }
}
