//! Takes the types out of TypeScript: each is replaced by as many spaces, so that everything else stays in its
//! place. What would need other code than the text has is refused.

use std::sync::{Arc, Mutex};

use ironode_ops::bind::task::lock;
use ironode_ops::bind::{Binding, IntoJs};
use ironode_ops::binding;
use serde_json::json;
use swc_common::errors::{DiagnosticBuilder, Emitter, HANDLER, Handler};
use swc_common::sync::Lrc;
use swc_common::{SourceMap, Span};
use swc_ts_fast_strip::{ErrorCode, Options};

/// `internalBinding('typescript')`.
pub(crate) const BINDING: Binding = binding! { "typescript", sync: [strip] };

/// How many columns a tab takes in a report.
const TAB: &str = "    ";

/// The text without types, or what is wrong with it.
enum Stripped {
    Text(String),
    Refused { is_unsupported: bool, message: String, place: String },
}

impl IntoJs for Stripped {
    fn into_js<'s>(
        self,
        scope: &mut v8::PinScope<'s, '_>,
    ) -> Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>> {
        match self {
            Stripped::Text(text) => text.into_js(scope),
            Stripped::Refused { is_unsupported, message, place } => {
                (is_unsupported, message, place).into_js(scope)
            }
        }
    }
}

/// What the parser has complained of first.
type First = Arc<Mutex<Option<(String, Option<Span>)>>>;

struct Collector(First);

impl Emitter for Collector {
    fn emit(&mut self, diagnostic: &mut DiagnosticBuilder<'_>) {
        let mut first = lock(&self.0);
        if first.is_none() {
            *first = Some((diagnostic.message(), diagnostic.span.primary_span()));
        }
    }
}

/// `strip(source, filename)`: the text; for one that is refused `[isUnsupported, message, place]`.
fn strip(source: String, filename: String) -> Stripped {
    let map: Lrc<SourceMap> = Lrc::default();
    let first = First::default();
    let handler = Handler::with_emitter(false, false, Box::new(Collector(Arc::clone(&first))));
    let wish = json!({ "mode": "strip-only", "filename": filename, "deprecatedTsModuleAsError": true });
    let options: Options = match serde_json::from_value(wish) {
        Ok(options) => options,
        Err(error) => unreachable!("the options are well formed: {error}"),
    };
    let output = HANDLER.set(&handler, || swc_ts_fast_strip::operate(&map, &handler, source, options));
    let error = match output {
        Ok(output) => return Stripped::Text(output.code),
        Err(error) => error,
    };
    let (message, span) = lock(&first).take().unwrap_or((error.message, None));
    let place = span.map_or_else(String::new, |span| place(&map, span));
    Stripped::Refused { is_unsupported: matches!(error.code, ErrorCode::UnsupportedSyntax), message, place }
}

/// `:line`, the lines and, where it is one, carets below it; each with its line end.
fn place(map: &SourceMap, span: Span) -> String {
    let (start, end) = (map.lookup_char_pos(span.lo), map.lookup_char_pos(span.hi));
    let lines: Vec<&str> = start.file.src.lines().collect();
    let line = |number: usize| lines.get(number - 1).copied().unwrap_or_default().replace('\t', TAB);
    if start.line == end.line {
        let text = lines.get(start.line - 1).copied().unwrap_or_default();
        let width =
            |chars: usize| text.chars().take(chars).map(|c| if c == '\t' { TAB.len() } else { 1 }).sum();
        let (from, to): (usize, usize) = (width(start.col.0), width(end.col.0));
        let mut text = format!(":{}\n{}\n", start.line, line(start.line));
        if to > from {
            text.push_str(&format!("{}{}\n", " ".repeat(from), "^".repeat(to - from)));
        }
        return text;
    }
    let mut text = format!(":{}\n", start.line);
    for number in start.line.saturating_sub(1).max(1)..=(end.line + 1).min(lines.len()) {
        let mark = if number == start.line || number == end.line { "  > " } else { TAB };
        text.push_str(&format!("{mark}{}\n", line(number)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Stripped, strip};

    fn text(source: &str) -> String {
        match strip(source.to_owned(), String::from("a.ts")) {
            Stripped::Text(text) => text,
            Stripped::Refused { message, .. } => message,
        }
    }

    #[test]
    fn types_become_spaces() {
        assert_eq!(text("const a: number = 1;"), "const a         = 1;");
        assert_eq!(text("enum A { B }"), "TypeScript enum is not supported in strip-only mode");
    }
}
