//! Runtimes on threads of their own.

use std::sync::mpsc::{Receiver, channel};

use ironode::{Error, Exit, Output, Remote, Runtime, Value};

use super::{Capture, block_on, text};

const PROGRAM: &str = "import { begun } from 'host:test'; \
    let open = 0, most = 0; \
    export const square = async (n) => { \
        most = Math.max(most, ++open); \
        await new Promise((resolve) => setTimeout(resolve, 5)); \
        open--; \
        return n * n; \
    }; \
    export const peak = () => most; \
    export const fail = () => { throw new RangeError('no'); }; \
    export const never = () => { begun(); return new Promise(() => {}); }; \
    export const spin = () => { begun(); for (;;); };";

/// A runtime that tells when a function of the program calls `begun`.
fn remote() -> Result<(tempfile::TempDir, Remote, Receiver<()>), Error> {
    let folder = tempfile::tempdir().map_err(Error::Io)?;
    std::fs::write(folder.path().join("work.mjs"), PROGRAM).map_err(Error::Io)?;
    let cwd = folder.path().to_owned();
    let (tell, told) = channel();
    let build = move || {
        Runtime::builder().cwd(cwd).module("host:test", |module| {
            module.function("begun", move || tell.send(()).map_err(|_| "nobody listens"));
        })
    };
    Ok((folder, Remote::spawn(build)?, told))
}

#[test]
fn calls_of_many_tasks_run_side_by_side() -> Result<(), Error> {
    let (_folder, remote, _told) = remote()?;
    let threads: Vec<_> = (0..4_u32)
        .map(|thread| {
            let remote = remote.clone();
            std::thread::spawn(move || {
                block_on(async {
                    let mut calls = tokio::task::JoinSet::new();
                    for n in 0..50 {
                        let remote = remote.clone();
                        calls.spawn(async move {
                            let n = thread * 50 + n;
                            let square: u32 = remote.call("./work.mjs", "square", (n,)).await?;
                            assert_eq!(square, n * n);
                            Ok::<(), Error>(())
                        });
                    }
                    while let Some(call) = calls.join_next().await {
                        call.unwrap_or_else(|error| panic!("{error}"))?;
                    }
                    Ok::<(), Error>(())
                })?
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap_or_else(|_| panic!("a thread panicked"))?;
    }
    block_on(async {
        assert!(remote.call::<u32>("./work.mjs", "peak", ()).await? > 1);
        assert_eq!(remote.close().await, Exit::Code(0));
        let late = remote.call::<u32>("./work.mjs", "peak", ()).await;
        assert!(matches!(late, Err(Error::Exited(Exit::Code(0)))), "{late:?}");
        Ok(())
    })?
}

#[test]
fn failures_come_back() -> Result<(), Error> {
    let (_folder, remote, _told) = remote()?;
    block_on(async {
        let Err(Error::Js(exception)) = remote.call::<()>("./work.mjs", "fail", ()).await else {
            panic!("nothing was thrown")
        };
        assert_eq!((exception.name.as_str(), exception.message.as_str()), ("RangeError", "no"));
        let missing = remote.call::<()>("./work.mjs", "none", ()).await;
        assert!(matches!(&missing, Err(Error::Type(text)) if text == "none is no function"), "{missing:?}");
        let Err(Error::Js(exception)) = remote.call::<()>("./none.mjs", "none", ()).await else {
            panic!("it was imported")
        };
        assert_eq!(exception.code.as_deref(), Some("ERR_MODULE_NOT_FOUND"));
        assert_eq!(
            remote.eval::<Value>("[1, 'a']").await?,
            Value::Array(vec![Value::Number(1.0), Value::String("a".into())])
        );
        Ok(())
    })?
}

#[test]
fn calls_end_with_the_program() -> Result<(), Error> {
    for function in ["never", "spin"] {
        let (_folder, remote, told) = remote()?;
        let ending = remote.clone();
        let ending = std::thread::spawn(move || {
            let begun = told.recv();
            ending.terminate();
            begun
        });
        let outcome = block_on(remote.call::<()>("./work.mjs", function, ()))?;
        assert!(matches!(outcome, Err(Error::Exited(Exit::Code(1)))), "{outcome:?}");
        assert!(matches!(ending.join(), Ok(Ok(()))));
    }
    let (_folder, remote, _told) = remote()?;
    block_on(async {
        let outcome = remote.eval::<()>("process.exit(5)").await;
        assert!(matches!(outcome, Err(Error::Exited(Exit::Code(5)))), "{outcome:?}");
        assert_eq!(remote.ended().await, Exit::Code(5));
    })
}

#[test]
fn the_last_clone_lets_the_program_end() -> Result<(), Error> {
    let stdout = Capture::default();
    let kept = stdout.clone();
    let remote = Remote::spawn(move || Runtime::builder().stdout(Output::Capture(kept)))?;
    block_on(async {
        remote.eval::<()>("process.on('exit', () => console.log('ended')); setTimeout(() => {}, 5)").await?;
        let ended = remote.ended();
        drop(remote);
        assert_eq!(ended.await, Exit::Code(0));
        assert_eq!(text(&stdout), "ended\n");
        Ok(())
    })?
}
