//! `.env` files: `NAME=value` lines as Node reads them.

/// The variables of `text` in their order; a later one of the same name follows the earlier.
///
/// A line may begin with `export `; values are trimmed, may be quoted with `'`, `"` or `` ` `` (then they
/// may span lines and hold `#`), `\n` in double quotes is a line end, and `#` starts a comment.
pub fn parse(text: &str) -> Vec<(String, String)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let mut rest = text.as_str();
    let mut pairs = Vec::new();
    while !rest.trim_start().is_empty() {
        rest = rest.trim_start();
        let line_end = rest.find('\n').unwrap_or(rest.len());
        if rest.starts_with('#') {
            rest = &rest[line_end..];
            continue;
        }
        let Some(equals) = rest[..line_end].find('=') else {
            rest = &rest[line_end..];
            continue;
        };
        let name = rest[..equals].trim();
        let name = name.strip_prefix("export ").map_or(name, str::trim);
        let (value, after) = value(&rest[equals + 1..]);
        if !name.is_empty() {
            pairs.push((name.to_owned(), value));
        }
        rest = after;
    }
    pairs
}

/// The value at the start of `rest`, and what follows its line.
fn value(rest: &str) -> (String, &str) {
    let start = rest.trim_start_matches([' ', '\t']);
    let quote = start.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
    if let Some(quote) = quote
        && let Some(close) = start[1..].find(quote)
    {
        let inner = &start[1..=close];
        let value = if quote == '"' { inner.replace("\\n", "\n") } else { inner.to_owned() };
        let after = &start[close + 2..];
        return (value, &after[after.find('\n').unwrap_or(after.len())..]);
    }
    let end = rest.find('\n').unwrap_or(rest.len());
    let line = &rest[..end];
    let line = line.find('#').map_or(line, |comment| &line[..comment]);
    (line.trim().to_owned(), &rest[end..])
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn pairs(text: &str) -> Vec<(String, String)> {
        parse(text)
    }

    #[test]
    fn quotes_comments_and_exports() {
        let text = "A=1\nexport B = two # note\nC=\"x\\ny\"\nD='a#b'\n# E=5\nF=`multi\nline`\nG=\n";
        let expected =
            [("A", "1"), ("B", "two"), ("C", "x\ny"), ("D", "a#b"), ("F", "multi\nline"), ("G", "")];
        let expected: Vec<_> = expected.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        assert_eq!(pairs(text), expected);
    }
}
