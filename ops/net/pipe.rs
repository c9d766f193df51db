//! Local sockets, pipes, and any other descriptor that is a stream.

use rustix::fs::Mode;
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketType, bind as bind_socket, socket_with};

use super::connections::FLAGS;
use super::stream::{Kind, Stream, getters, methods, status};
use crate::bind::PathArg;
use crate::bind::call::Callback;
use crate::bind::class::Class;
use crate::bind::handle::{This, wrap};
use crate::bind::path::Names;
use crate::bind::permission::{Net, Permit};
use crate::handle_class;

/// `PipeHandle`: beside the methods of all streams `bind(path)`, `listen(backlog)`, the event
/// `onconnection(status, client)`, `connect(path, callback)` with `callback(status)`, and
/// `fchmod(access)`, where 1 lets everybody read, 2 write. A path that begins with a NUL is a name
/// without a file.
pub(super) const CLASS: Class = handle_class!(
    PipeHandle, construct, [bind, listen, connect, fchmod],
    methods: methods,
    getters: getters
);

fn construct(scope: &mut v8::PinScope<'_, '_>, args: &v8::FunctionCallbackArguments<'_>) {
    wrap(scope, args.this(), |core| Stream::new(core, Kind::Pipe));
}

fn address(path: &PathArg<Names>) -> Result<SocketAddrUnix, Errno> {
    let address = match path.given() {
        [] => Err(Errno::INVAL),
        [0, name @ ..] => SocketAddrUnix::new_abstract_name(name),
        _ => SocketAddrUnix::new(path.path()),
    };
    // As libuv says it of a path that is too long.
    address.map_err(|_| Errno::INVAL)
}

impl Stream {
    fn make_local_socket(&self) -> Result<(), Errno> {
        if !self.has_descriptor() {
            self.keep(socket_with(AddressFamily::UNIX, SocketType::STREAM, FLAGS, None)?);
        }
        Ok(())
    }

    fn bind_local(&self, path: &PathArg<Names>) -> Result<(), Errno> {
        if self.has_descriptor() {
            return Err(Errno::INVAL);
        }
        let address = address(path)?;
        self.make_local_socket()?;
        // A missing folder is no permission to make a socket in it.
        let bound = self.with_fd(|fd| bind_socket(fd, &address));
        bound.map_err(|error| if error == Errno::NOENT { Errno::ACCESS } else { error })?;
        if path.given().first() != Some(&0) {
            *self.file.borrow_mut() = Some(path.path().to_owned());
        }
        Ok(())
    }

    fn grant(&self, access: u32) -> Result<(), Errno> {
        let Some(file) = self.file.borrow().clone() else { return Err(Errno::BADF) };
        let mut mode = Mode::from_raw_mode(rustix::fs::stat(&file)?.st_mode);
        if access & 1 != 0 {
            mode |= Mode::RUSR | Mode::RGRP | Mode::ROTH;
        }
        if access & 2 != 0 {
            mode |= Mode::WUSR | Mode::WGRP | Mode::WOTH;
        }
        rustix::fs::chmod(&file, mode)
    }
}

fn bind(this: This<Stream>, _: Permit<Net>, path: PathArg<Names>) -> i32 {
    status(this.bind_local(&path))
}

fn listen(this: This<Stream>, backlog: i32) -> i32 {
    status(this.start_listening(backlog))
}

fn connect(this: This<Stream>, _: Permit<Net>, path: PathArg<Names>, callback: Callback) -> i32 {
    let address = match address(&path) {
        Ok(address) => address,
        Err(error) => return -error.raw_os_error(),
    };
    let result = this.make_local_socket().and_then(|()| this.start_connecting(&address, callback));
    status(result)
}

fn fchmod(this: This<Stream>, access: u32) -> i32 {
    status(this.grant(access))
}
