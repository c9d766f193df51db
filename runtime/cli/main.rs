//! The command line: the first embedder.

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let source = match args.first().map(String::as_str) {
        Some("-e") => ironode::Source::Eval { text: args[1].clone(), print: false },
        Some("-p") => ironode::Source::Eval { text: args[1].clone(), print: true },
        Some(file) => ironode::Source::File(file.to_owned()),
        None => ironode::Source::Stdin,
    };
    let runtime = ironode::Runtime::builder().args(&args).inherit().build();
    match runtime.and_then(|runtime| runtime.run_main(source)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(1)
        }
    }
}
