//! Native half of `js/tty.js`: terminals as streams.

use std::os::fd::AsRawFd;

use crate::bind::Binding;
use crate::bind::class::Class;
use crate::bind::handle::{This, wrap};
use crate::net::stream::{Kind, Stream, getters, methods, status};
use crate::sys::fd;
use crate::sys::terminal::{self, Treatment};
use crate::{binding, handle_class};

/// `internalBinding('tty')`: the class `TtyHandle` with, beside the methods of all streams,
/// `openTerminal(fd)` and `setRawMode(mode)` (0 as it was, 1 raw, 2 raw for output as well), which return 0 or a negative error number, and `windowSize()`:
/// columns and rows, or `undefined`.
pub const BINDING: Binding = binding! { "tty", extend: install, references: references };

const CLASS: Class = handle_class!(
    TtyHandle, construct, [open_terminal, set_raw_mode, window_size],
    methods: methods,
    getters: getters
);

fn install(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>) {
    CLASS.install(scope, object);
}

fn references() -> Vec<v8::ExternalReference> {
    CLASS.references()
}

fn construct(scope: &mut v8::PinScope<'_, '_>, args: &v8::FunctionCallbackArguments<'_>) {
    wrap(scope, args.this(), |core| Stream::new(core, Kind::Tty));
}

/// Opens the terminal behind a descriptor, which stays the caller's.
fn open_terminal(this: This<Stream>, number: i32) -> i32 {
    status(terminal::open_again(number).and_then(|fd| this.start(fd)))
}

fn set_raw_mode(this: This<Stream>, mode: i32) -> i32 {
    let treatment = match mode {
        0 => Treatment::Normal,
        2 => Treatment::Io,
        _ => Treatment::Raw,
    };
    status(this.with_fd(|fd| terminal::treat(fd, treatment)))
}

fn window_size(this: This<Stream>) -> Option<(u32, u32)> {
    let size = this.with_fd(|fd| Ok(fd::window_size(fd.as_raw_fd()))).ok().flatten();
    size.map(|(columns, rows)| (columns.into(), rows.into()))
}
