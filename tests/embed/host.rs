//! Modules that Rust gives a program.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use ironode::{Bytes, Error, Exit, Function, Output, Runtime, Source, Thrown, Value};

use super::{Capture, block_on, text};

fn builder() -> ironode::Builder {
    Runtime::builder().module("host:tools", |module| {
        module
            .value("version", "1.2")
            .function("add", |a: f64, b: f64| a + b)
            .function("length", |bytes: Bytes, more: Option<u32>| bytes.0.len() as u32 + more.unwrap_or(0))
            .function("fail", || Err::<(), _>(Thrown::range_error("too far").code("E_FAR")))
            .function("parse", |text: String| text.parse::<i32>())
            .function("panic", || -> u32 { panic!("at the host's") })
            .future("later", |value: Value| async move {
                tokio::time::sleep(Duration::from_millis(1)).await;
                value
            })
            .future("refuse", |text: String| async move { Err::<(), String>(text) })
            .future("stumble", || async { panic!("in the future") as u32 });
    })
}

#[test]
fn programs_import_and_require_them() -> Result<(), Error> {
    let folder = tempfile::tempdir().map_err(Error::Io)?;
    let esm = "import tools, { add, version } from 'host:tools';\n\
        console.log(add(1, 2), version, tools.add === add, add.name, add.length);\n\
        console.log(await tools.later({ a: [1n] }), (await import('host:tools')).version);\n";
    let cjs = "const { isBuiltin, createRequire } = require('node:module');\n\
        const tools = require('host:tools');\n\
        console.log(Object.keys(tools).join(), tools === require('host:tools'), isBuiltin('host:tools'));\n\
        console.log(tools.length(Buffer.from('abc')), tools.length(new Uint8Array(2), 5));\n";
    for (name, program, expected) in [
        ("a.mjs", esm, "3 1.2 true add 0\n{ a: [ 1n ] } 1.2\n"),
        ("b.cjs", cjs, "version,add,length,fail,parse,panic,later,refuse,stumble true true\n3 7\n"),
    ] {
        std::fs::write(folder.path().join(name), program).map_err(Error::Io)?;
        let (stdout, stderr) = (Capture::default(), Capture::default());
        let mut runtime = builder()
            .cwd(folder.path())
            .stdout(Output::Capture(stdout.clone()))
            .stderr(Output::Capture(stderr.clone()))
            .build()?;
        let exit = block_on(runtime.run_file(folder.path().join(name)))??;
        assert_eq!((exit, text(&stdout).as_str(), text(&stderr).as_str()), (Exit::Code(0), expected, ""));
    }
    Ok(())
}

#[test]
fn failures_are_thrown_into_the_program() -> Result<(), Error> {
    let mut runtime = builder().build()?;
    block_on(async {
        let tell: Function = runtime
            .eval(
                "async (name, ...args) => { \
                   const tools = await import('host:tools'); \
                   try { return `${await tools[name](...args)}`; } \
                   catch (error) { return `${error.constructor.name} ${error.code} ${error.message}`; } \
                 }",
            )
            .await?;
        let string = |text: &str| Value::String(text.to_owned());
        for (args, expected) in [
            (vec![string("fail")], "RangeError E_FAR too far"),
            (vec![string("parse"), string("7")], "7"),
            (vec![string("parse"), string("x")], "Error undefined invalid digit found in string"),
            (
                vec![string("add"), string("7")],
                "TypeError ERR_INVALID_ARG_TYPE argument 1: a value of type string is no number",
            ),
            (vec![string("panic")], "Error undefined The host panicked: at the host's"),
            (vec![string("refuse"), string("not now")], "Error undefined not now"),
            (vec![string("stumble")], "Error undefined The host panicked: in the future"),
        ] {
            assert_eq!(runtime.call::<String>(&tell, args).await?, expected);
        }
        Ok(())
    })?
}

#[test]
fn futures_keep_the_program_alive_and_run_side_by_side() -> Result<(), Error> {
    let (running, most) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let (inside, peak) = (Rc::clone(&running), Rc::clone(&most));
    let stdout = Capture::default();
    let mut runtime = Runtime::builder()
        .module("host:work", |module| {
            module.future("work", move || {
                let (running, most) = (Rc::clone(&inside), Rc::clone(&peak));
                async move {
                    running.set(running.get() + 1);
                    most.set(most.get().max(running.get()));
                    // All three have begun before one goes on.
                    while most.get() < 3 {
                        tokio::task::yield_now().await;
                    }
                    running.set(running.get() - 1);
                }
            });
        })
        .stdout(Output::Capture(stdout.clone()))
        .build()?;
    let program = "import { work } from 'host:work'; \
        await Promise.all([work(), work(), work()]); console.log('all');";
    let exit = block_on(runtime.run(Source::Module(program.to_owned())))??;
    assert_eq!((exit, text(&stdout).as_str(), most.get()), (Exit::Code(0), "all\n", 3));
    Ok(())
}

#[test]
fn names_of_nodes_are_refused() -> Result<(), Error> {
    for name in ["fs", "node:fs", "node:mine"] {
        let stderr = Capture::default();
        let mut runtime =
            Runtime::builder().module(name, |_| {}).stderr(Output::Capture(stderr.clone())).build()?;
        let exit = block_on(runtime.run(Source::Module(String::new())))??;
        assert_eq!(exit, Exit::Code(1));
        assert!(text(&stderr).contains(&format!("Error: The name {name} is Node's\n")), "{}", text(&stderr));
    }
    Ok(())
}
