//! The embedding API: runtimes in a Rust program, with state of their own.

#[path = "embed/calls.rs"]
mod calls;
#[path = "embed/host.rs"]
mod host;
#[path = "embed/remote.rs"]
mod remote;

use std::sync::{Arc, Mutex, PoisonError};

use ironode::{Error, Exit, Output, Runtime, Source};

type Capture = Arc<Mutex<Vec<u8>>>;

fn text(capture: &Capture) -> String {
    String::from_utf8_lossy(&capture.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}

fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Error> {
    let reactor = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Io)?;
    Ok(reactor.block_on(future))
}

/// Runs a program and gives its exit and what it wrote to both streams.
fn run(
    program: &str,
    configure: impl FnOnce(ironode::Builder) -> ironode::Builder,
) -> Result<(Exit, String, String), Error> {
    let (stdout, stderr) = (Capture::default(), Capture::default());
    let builder = Runtime::builder()
        .stdout(Output::Capture(Arc::clone(&stdout)))
        .stderr(Output::Capture(Arc::clone(&stderr)));
    let mut runtime = configure(builder).build()?;
    let exit = block_on(runtime.run(Source::Eval { text: program.to_owned(), print: false }))??;
    Ok((exit, text(&stdout), text(&stderr)))
}

#[test]
fn output_and_exit_code_belong_to_the_runtime() -> Result<(), Error> {
    let program = "console.log('out'); console.error('err'); process.exitCode = 3;";
    let expected = (Exit::Code(3), "out\n".to_owned(), "err\n".to_owned());
    assert_eq!(run(program, |builder| builder)?, expected);
    Ok(())
}

#[test]
fn nothing_is_inherited_unless_asked() -> Result<(), Error> {
    let program = "console.log(Object.keys(process.env).length, process.cwd(), process.argv.length);";
    assert_eq!(run(program, |builder| builder.cwd("/tmp"))?.1, "0 /tmp 1\n");
    Ok(())
}

#[test]
fn arguments_and_variables_are_given() -> Result<(), Error> {
    let program =
        "console.log(process.argv.slice(1).join(), process.env.MONTH, Object.keys(process.env).join());";
    let configure = |builder: ironode::Builder| builder.args(["a", "b"]).env("MONTH", "7").env("DAY", "1");
    assert_eq!(run(program, configure)?.1, "a,b 7 MONTH,DAY\n");
    Ok(())
}

#[test]
fn exit_ends_the_runtime_and_not_the_process() -> Result<(), Error> {
    let program =
        "process.on('exit', (code) => console.log('exit', code)); process.exit(5); console.log('never');";
    let (exit, stdout, _) = run(program, |builder| builder)?;
    assert_eq!((exit, stdout.as_str()), (Exit::Code(5), "exit 5\n"));
    Ok(())
}

#[test]
fn an_uncaught_exception_is_reported_to_the_runtimes_own_stream() -> Result<(), Error> {
    let (exit, _, stderr) = run("throw new TypeError('no');", |builder| builder)?;
    assert_eq!(exit, Exit::Code(1));
    assert!(
        stderr.starts_with("[eval]:1\nthrow new TypeError('no');\n^\n\nTypeError: no\n    at [eval]:1:7\n"),
        "{stderr}"
    );
    assert!(stderr.ends_with(&format!("\nNode.js {}\n", ironode::NODE_VERSION)), "{stderr}");
    Ok(())
}

#[test]
fn runtimes_on_one_thread_do_not_see_each_other() -> Result<(), Error> {
    let program = |n: u32| format!("globalThis.n ??= {n}; setTimeout(() => console.log(n), 1);");
    for n in 0..3 {
        assert_eq!(run(&program(n), |builder| builder)?.1, format!("{n}\n"));
    }
    Ok(())
}

#[test]
fn runtimes_run_on_threads_of_their_own() -> Result<(), Error> {
    let threads: Vec<_> = (0..4)
        .map(|n| std::thread::spawn(move || run(&format!("process.nextTick(() => console.log({n}))"), |b| b)))
        .collect();
    for (n, thread) in threads.into_iter().enumerate() {
        let Ok(outcome) = thread.join() else { panic!("thread {n} panicked") };
        assert_eq!(outcome?.1, format!("{n}\n"));
    }
    Ok(())
}

#[test]
fn modules_of_text_import_and_await() -> Result<(), Error> {
    let stdout = Capture::default();
    let mut runtime = Runtime::builder()
        .cwd("/")
        .stdout(Output::Capture(Arc::clone(&stdout)))
        .stderr(Output::Null)
        .build()?;
    let program =
        "import { sep } from 'node:path'; console.log(await Promise.resolve(sep), import.meta.main);";
    let exit = block_on(runtime.run(Source::Module(program.to_owned())))??;
    assert_eq!((exit, text(&stdout).as_str()), (Exit::Code(0), "/ true\n"));

    let mut runtime = Runtime::builder().cwd("/").stderr(Output::Null).build()?;
    let exit = block_on(runtime.run(Source::Module("await new Promise(() => {});".to_owned())))??;
    assert_eq!(exit, Exit::Code(13));
    Ok(())
}

/// Set in the process that counts memory.
const ALONE: &str = "IRONODE_TEST_ALONE";

#[test]
fn a_dropped_runtime_gives_its_memory_back() -> Result<(), Error> {
    // In a process of its own, where no other test takes memory.
    if std::env::var_os(ALONE).is_none() {
        let mut test = std::process::Command::new(std::env::current_exe().map_err(Error::Io)?);
        test.args(["--exact", "a_dropped_runtime_gives_its_memory_back"]).env(ALONE, "1");
        let output = test.output().map_err(Error::Io)?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return Ok(());
    }
    let resident = || {
        let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
        text.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
    };
    let program = "globalThis.kept = new Array(100_000).fill('kept'); setTimeout(() => {}, 1);";
    run(program, |builder| builder)?;
    let before = resident();
    for _ in 0..40 {
        run(program, |builder| builder)?;
    }
    let grown = resident().saturating_sub(before);
    assert!(grown < 40 << 20, "{grown} bytes more");
    Ok(())
}
