//! The text of `--help`.

use std::fmt::Write as _;

use super::options::{ALIASES, Kind, Row, Support, TABLE};

const HEAD: &str = "\
Usage: ironode [options] [ script.js ] [arguments]

Options:
  -                           script read from stdin (default if no file name is provided)
  --                          indicate the end of options
";

const TAIL: &str = "
All flags of V8 are taken as well; see --v8-options.

Environment variables:
NO_COLOR, FORCE_COLOR         whether output is coloured
NODE_DISABLE_COLORS           set to 1 to disable colours
NODE_NO_WARNINGS              set to 1 to silence process warnings
NODE_OPTIONS                  set options in the environment via a space-separated list
NODE_PATH                     ':'-separated list of directories prefixed to the module search path
NODE_PENDING_DEPRECATION      set to 1 to emit pending deprecation warnings
NODE_PRESERVE_SYMLINKS        set to 1 to preserve symbolic links when resolving modules
NODE_REDIRECT_WARNINGS        write warnings to this file instead of stderr
TZ                            specify the timezone
UV_THREADPOOL_SIZE            the number of threads of the pool
";

/// Every option that Ironode has, with the form of its argument.
pub(crate) fn text() -> String {
    let mut text = String::from(HEAD);
    for row in TABLE.iter().filter(|row| row.support == Support::Yes) {
        let short = ALIASES.iter().find(|(alias, name)| *name == row.name && alias.len() == 2);
        let short = short.map_or(String::new(), |(alias, _)| format!("{alias}, "));
        let name = row.name.trim_start_matches('-');
        let form = match row.kind {
            Kind::Off => format!("--{name}"),
            Kind::On => format!("--no-{name}"),
            Kind::Text | Kind::Number | Kind::List => format!("--{name}=..."),
        };
        let _ = writeln!(text, "  {short}{form}");
    }
    text.push_str(TAIL);
    text
}

/// A script that has bash complete the options that Ironode has.
pub(crate) fn completion() -> String {
    let has = |row: &&Row| row.support != Support::Later;
    let names = TABLE.iter().filter(has).map(|row| row.name).chain(ALIASES.iter().map(|(alias, _)| *alias));
    let names = names.collect::<Vec<_>>().join(" ");
    format!(
        "_node_complete() {{
  local cur_word options
  cur_word=\"${{COMP_WORDS[COMP_CWORD]}}\"
  if [[ \"${{cur_word}}\" == -* ]] ; then
    COMPREPLY=( $(compgen -W '{names}' -- \"${{cur_word}}\") )
    return 0
  else
    COMPREPLY=( $(compgen -f \"${{cur_word}}\") )
    return 0
  fi
}}
complete -o filenames -o nospace -o bashdefault -F _node_complete node node_g ironode
"
    )
}
