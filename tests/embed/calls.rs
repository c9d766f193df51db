//! Importing modules, calling their functions, evaluating texts.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use ironode::{Bytes, Error, Exit, Function, Json, Object, Output, Runtime, Value};

use super::{Capture, block_on, text};

/// A folder with files, and a runtime that works in it.
fn in_folder(files: &[(&str, &str)]) -> Result<(tempfile::TempDir, Runtime), Error> {
    let folder = tempfile::tempdir().map_err(Error::Io)?;
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).map_err(Error::Io)?;
    }
    let runtime = Runtime::builder().cwd(folder.path()).build()?;
    Ok((folder, runtime))
}

#[test]
fn modules_of_both_kinds_are_imported_and_their_functions_called() -> Result<(), Error> {
    let (_folder, mut runtime) = in_folder(&[
        ("a.mjs", "export const greet = async (name, year) => { await null; return `${name} ${year}`; };"),
        ("b.cjs", "exports.double = (n) => n * 2; exports.that = function () { return this === exports; };"),
        ("c.json", "{ \"month\": 7 }"),
    ])?;
    block_on(async {
        let a = runtime.import("./a.mjs").await?;
        let greet: Function = runtime.get(&a, "greet").await?;
        let greeting: String = runtime.call(&greet, ("July", 2026)).await?;
        assert_eq!(greeting, "July 2026");
        let b = runtime.import("./b.cjs").await?;
        assert_eq!(runtime.call_method::<u32>(&b, "double", (21,)).await?, 42);
        let exports: Object = runtime.get(&b, "default").await?;
        assert!(runtime.call_method::<bool>(&exports, "that", ()).await?);
        let os = runtime.import("node:os").await?;
        assert_eq!(runtime.get::<String>(&os, "EOL").await?, "\n");
        assert_eq!(runtime.finish().await, Exit::Code(0));
        assert!(matches!(runtime.import("./a.mjs").await, Err(Error::Exited(Exit::Code(0)))));
        Ok(())
    })?
}

#[test]
fn a_module_that_is_missing_is_nodes_error() -> Result<(), Error> {
    let (folder, mut runtime) = in_folder(&[])?;
    let Err(Error::Js(exception)) = block_on(async { runtime.import("./none.mjs").await })? else {
        panic!("it was imported")
    };
    assert_eq!(exception.code.as_deref(), Some("ERR_MODULE_NOT_FOUND"));
    let path = folder.path().join("none.mjs");
    assert!(exception.message.starts_with(&format!("Cannot find module '{}' imported from", path.display())));
    Ok(())
}

#[test]
fn values_cross_as_they_are() -> Result<(), Error> {
    let mut runtime = Runtime::builder().build()?;
    block_on(async {
        let same: Function = runtime.eval("(value) => value").await?;
        let object = |entries: &[(&str, Value)]| {
            Value::Object(entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
        };
        let values = [
            Value::Undefined,
            Value::Null,
            Value::Bool(true),
            Value::Number(-0.5),
            Value::BigInt(i128::MIN),
            Value::BigInt(i128::MAX),
            Value::BigInt(0),
            Value::String(String::from("a\0\u{1F600}")),
            Value::Bytes(vec![0, 255]),
            Value::Date(1e12),
            Value::Array(vec![Value::Null, Value::Array(vec![])]),
            object(&[("b", Value::Number(1.0)), ("a", object(&[("__proto__", Value::Null)]))]),
        ];
        for value in values {
            assert_eq!(runtime.call::<Value>(&same, (value.clone(),)).await?, value);
        }
        let map = BTreeMap::from([(String::from("x"), vec![1_u8, 2])]);
        assert_eq!(runtime.call::<BTreeMap<String, Vec<u8>>>(&same, (map.clone(),)).await?, map);
        assert_eq!(runtime.call::<Json<BTreeMap<String, Vec<u8>>>>(&same, (Json(&map),)).await?.0, map);
        assert_eq!(runtime.eval::<Bytes>("Buffer.from('ab').subarray(1)").await?, Bytes(vec![b'b']));
        assert_eq!(runtime.eval::<Option<i64>>("null").await?, None);
        assert_eq!(runtime.eval::<i64>("Number.MIN_SAFE_INTEGER").await?, -9_007_199_254_740_991);
        runtime.eval::<()>("globalThis.self = globalThis").await?;
        for (text, message) in [
            ("'7'", "a value of type string is no number that fits u8"),
            ("null", "a value of type null is no number that fits u8"),
            ("256", "256 is no number that fits u8"),
            ("0.5", "0.5 is no number that fits u8"),
        ] {
            let Err(Error::Type(found)) = runtime.eval::<u8>(text).await else { panic!("{text} is a u8") };
            assert_eq!(found, message);
        }
        assert!(matches!(runtime.eval::<i64>("2 ** 53").await, Err(Error::Type(_))));
        assert!(matches!(runtime.eval::<Value>("const own = {}; own.own = own").await, Err(Error::Type(_))));
        assert!(matches!(runtime.eval::<Value>("() => {}").await, Err(Error::Type(_))));
        assert!(matches!(runtime.call::<()>(&same, (u64::MAX,)).await, Err(Error::Type(_))));
        Ok(())
    })?
}

#[test]
fn what_is_thrown_and_rejected_is_told() -> Result<(), Error> {
    let mut runtime = Runtime::builder().build()?;
    block_on(async {
        for text in [
            "throw Object.assign(new TypeError('no'), { code: 'E_NO' })",
            "Promise.reject(Object.assign(new TypeError('no'), { code: 'E_NO' }))",
            "({ get a() { throw Object.assign(new TypeError('no'), { code: 'E_NO' }); } })",
        ] {
            let Err(Error::Js(exception)) = runtime.eval::<Value>(text).await else { panic!("{text}") };
            let facts = (exception.name.as_str(), exception.message.as_str(), exception.code.as_deref());
            assert_eq!(facts, ("TypeError", "no", Some("E_NO")), "{text}");
            assert!(exception.to_string().starts_with("TypeError: no\n    at "), "{exception}");
        }
        let Err(Error::Js(exception)) = runtime.eval::<()>("throw 7").await else {
            panic!("7 was not thrown")
        };
        assert_eq!((exception.to_string().as_str(), exception.stack), ("uncaught 7", None));
        assert_eq!(runtime.eval::<u32>("7").await?, 7);
        Ok(())
    })?
}

#[test]
fn promises_are_waited_for_while_the_event_loop_runs() -> Result<(), Error> {
    let stdout = Capture::default();
    let mut runtime = Runtime::builder().stdout(Output::Capture(stdout.clone())).build()?;
    block_on(async {
        let program = "setImmediate(() => console.log('immediate')); \
            new Promise((resolve) => setTimeout(resolve, 5, 'later'))";
        assert_eq!(runtime.eval::<String>(program).await?, "later");
        assert_eq!(text(&stdout), "immediate\n");
        // A server keeps the event loop alive, and the call comes back all the same.
        let port: u16 = runtime
            .eval(
                "globalThis.server = process.getBuiltinModule('http').createServer(); \
                 new Promise((resolve) => server.listen(0, () => resolve(server.address().port)))",
            )
            .await?;
        assert!(port > 0);
        runtime.eval::<()>("new Promise((resolve) => process.nextTick(resolve))").await?;
        runtime.eval::<()>("new Promise((resolve) => setTimeout(resolve, 1))").await?;
        runtime.eval::<()>("server.close()").await?;
        assert!(matches!(runtime.eval::<()>("new Promise(() => {})").await, Err(Error::Unsettled)));
        Ok(())
    })?
}

#[test]
fn deadlines_cut_loops_and_waits_and_leave_the_runtime_whole() -> Result<(), Error> {
    let mut runtime = Runtime::builder().build()?;
    let short = Duration::from_millis(20);
    block_on(async {
        let start = Instant::now();
        for text in [
            "for (;;);",
            "new Promise((resolve) => setTimeout(resolve, 60_000))",
            "(async () => { await null; for (;;); })()",
        ] {
            let outcome = runtime.eval::<()>(text).deadline(short).await;
            assert!(matches!(outcome, Err(Error::Deadline)), "{text}: {outcome:?}");
        }
        assert!(start.elapsed() < Duration::from_secs(30));
        assert_eq!(runtime.eval::<u32>("1 + 1").deadline(Duration::from_secs(60)).await?, 2);
        Ok(())
    })?
}

#[test]
fn an_exit_ends_calls_and_those_to_come() -> Result<(), Error> {
    let stderr = Capture::default();
    let mut runtime = Runtime::builder().stderr(Output::Capture(stderr.clone())).build()?;
    block_on(async {
        let outcome = runtime.eval::<()>("process.exit(7)").await;
        assert!(matches!(outcome, Err(Error::Exited(Exit::Code(7)))), "{outcome:?}");
        assert!(matches!(runtime.eval::<u32>("1").await, Err(Error::Exited(Exit::Code(7)))));
        assert_eq!(runtime.finish().await, Exit::Code(7));

        let mut runtime = Runtime::builder().stderr(Output::Capture(stderr.clone())).build()?;
        let outcome =
            runtime.eval::<()>("setTimeout(() => { throw new Error('late'); }); new Promise(() => {})").await;
        assert!(matches!(outcome, Err(Error::Exited(Exit::Code(1)))), "{outcome:?}");
        assert!(text(&stderr).contains("Error: late\n"), "{}", text(&stderr));
        Ok(())
    })?
}

#[test]
fn an_object_of_another_runtime_is_refused() -> Result<(), Error> {
    let mut one = Runtime::builder().build()?;
    block_on(async {
        let function: Function = one.eval("() => 1").await?;
        let mut other = Runtime::builder().build()?;
        assert!(matches!(other.call::<u32>(&function, ()).await, Err(Error::Type(_))));
        drop(other);
        assert_eq!(one.call::<u32>(&function, ()).await?, 1);
        Ok(())
    })?
}

#[test]
fn a_call_that_is_dropped_does_no_harm() -> Result<(), Error> {
    let mut runtime = Runtime::builder().build()?;
    block_on(async {
        let wait = "new Promise((resolve) => setTimeout(resolve, 60_000))";
        let outcome =
            tokio::time::timeout(Duration::from_millis(5), async { runtime.eval::<()>(wait).await }).await;
        assert!(outcome.is_err());
        assert_eq!(runtime.eval::<u32>("1").await?, 1);
        Ok(())
    })?
}
