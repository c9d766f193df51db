//! `internalBinding('constants')`: the numbers of the system, for `os.constants`, `fs.constants` and what
//! other modules add of their own.

use crate::bind::Binding;
use crate::bind::convert::{internalized, set};
use crate::binding;

/// `internalBinding('constants')`.
pub const BINDING: Binding = binding! { "constants", extend: extend };

/// Names with their numbers, in the order in which programs see them.
type Constants = Vec<(&'static str, i32)>;

/// A list of libc's constants under their own names.
macro_rules! system {
    ($($name:ident),* $(,)?) => { vec![$((stringify!($name), libc::$name.cast_signed_int())),*] };
}

/// What libc declares as signed in one place and unsigned in another.
trait SignedInt {
    fn cast_signed_int(self) -> i32;
}

impl SignedInt for i32 {
    fn cast_signed_int(self) -> i32 {
        self
    }
}

impl SignedInt for u32 {
    fn cast_signed_int(self) -> i32 {
        self.cast_signed()
    }
}

fn errnos() -> Constants {
    system![
        E2BIG,
        EACCES,
        EADDRINUSE,
        EADDRNOTAVAIL,
        EAFNOSUPPORT,
        EAGAIN,
        EALREADY,
        EBADF,
        EBADMSG,
        EBUSY,
        ECANCELED,
        ECHILD,
        ECONNABORTED,
        ECONNREFUSED,
        ECONNRESET,
        EDEADLK,
        EDESTADDRREQ,
        EDOM,
        EDQUOT,
        EEXIST,
        EFAULT,
        EFBIG,
        EHOSTUNREACH,
        EIDRM,
        EILSEQ,
        EINPROGRESS,
        EINTR,
        EINVAL,
        EIO,
        EISCONN,
        EISDIR,
        ELOOP,
        EMFILE,
        EMLINK,
        EMSGSIZE,
        EMULTIHOP,
        ENAMETOOLONG,
        ENETDOWN,
        ENETRESET,
        ENETUNREACH,
        ENFILE,
        ENOBUFS,
        ENODATA,
        ENODEV,
        ENOENT,
        ENOEXEC,
        ENOLCK,
        ENOLINK,
        ENOMEM,
        ENOMSG,
        ENOPROTOOPT,
        ENOSPC,
        ENOSR,
        ENOSTR,
        ENOSYS,
        ENOTCONN,
        ENOTDIR,
        ENOTEMPTY,
        ENOTSOCK,
        ENOTSUP,
        ENOTTY,
        ENXIO,
        EOPNOTSUPP,
        EOVERFLOW,
        EPERM,
        EPIPE,
        EPROTO,
        EPROTONOSUPPORT,
        EPROTOTYPE,
        ERANGE,
        EROFS,
        ESPIPE,
        ESRCH,
        ESTALE,
        ETIME,
        ETIMEDOUT,
        ETXTBSY,
        EWOULDBLOCK,
        EXDEV,
    ]
}

/// The signals by their names.
pub fn signals() -> Constants {
    system![
        SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGIOT, SIGBUS, SIGFPE, SIGKILL, SIGUSR1, SIGSEGV,
        SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGCHLD, SIGSTKFLT, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU,
        SIGURG, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGWINCH, SIGIO, SIGPOLL, SIGPWR, SIGSYS,
    ]
}

fn dlopen_flags() -> Constants {
    system![RTLD_LAZY, RTLD_NOW, RTLD_GLOBAL, RTLD_LOCAL, RTLD_DEEPBIND]
}

fn priorities() -> Constants {
    vec![
        ("PRIORITY_LOW", 19),
        ("PRIORITY_BELOW_NORMAL", 10),
        ("PRIORITY_NORMAL", 0),
        ("PRIORITY_ABOVE_NORMAL", -7),
        ("PRIORITY_HIGH", -14),
        ("PRIORITY_HIGHEST", -20),
    ]
}

fn files() -> Constants {
    let lists: Vec<Constants> = vec![
        vec![("UV_FS_SYMLINK_DIR", 1), ("UV_FS_SYMLINK_JUNCTION", 2)],
        system![O_RDONLY, O_WRONLY, O_RDWR,],
        vec![
            ("UV_DIRENT_UNKNOWN", 0),
            ("UV_DIRENT_FILE", 1),
            ("UV_DIRENT_DIR", 2),
            ("UV_DIRENT_LINK", 3),
            ("UV_DIRENT_FIFO", 4),
            ("UV_DIRENT_SOCKET", 5),
            ("UV_DIRENT_CHAR", 6),
            ("UV_DIRENT_BLOCK", 7),
        ],
        system![S_IFMT, S_IFREG, S_IFDIR, S_IFCHR, S_IFBLK, S_IFIFO, S_IFLNK, S_IFSOCK, O_CREAT, O_EXCL,],
        vec![
            ("UV_FS_O_FILEMAP", 0),
            ("UV_FS_O_TEMPORARY", 0),
            ("UV_FS_O_SHORT_LIVED", 0),
            ("UV_FS_O_SEQUENTIAL", 0),
            ("UV_FS_O_RANDOM", 0),
        ],
        system![
            O_NOCTTY,
            O_TRUNC,
            O_APPEND,
            O_DIRECTORY,
            O_NOATIME,
            O_NOFOLLOW,
            O_SYNC,
            O_DSYNC,
            O_DIRECT,
            O_NONBLOCK,
            S_IRWXU,
            S_IRUSR,
            S_IWUSR,
            S_IXUSR,
            S_IRWXG,
            S_IRGRP,
            S_IWGRP,
            S_IXGRP,
            S_IRWXO,
            S_IROTH,
            S_IWOTH,
            S_IXOTH,
            F_OK,
            R_OK,
            W_OK,
            X_OK,
        ],
        vec![
            ("UV_FS_COPYFILE_EXCL", 1),
            ("COPYFILE_EXCL", 1),
            ("UV_FS_COPYFILE_FICLONE", 2),
            ("COPYFILE_FICLONE", 2),
            ("UV_FS_COPYFILE_FICLONE_FORCE", 4),
            ("COPYFILE_FICLONE_FORCE", 4),
        ],
    ];
    lists.concat()
}

fn without_prototype<'s>(scope: &mut v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Object> {
    let null = v8::null(scope).into();
    v8::Object::with_prototype_and_properties(scope, null, &[], &[])
}

/// Adds constants that cannot be changed.
fn define(scope: &mut v8::PinScope<'_, '_>, object: v8::Local<'_, v8::Object>, constants: &Constants) {
    for (name, number) in constants {
        let fixed = v8::PropertyAttribute::READ_ONLY | v8::PropertyAttribute::DONT_DELETE;
        let key = internalized(scope, name);
        let number = v8::Integer::new(scope, *number);
        object.define_own_property(scope, key.into(), number.into(), fixed);
    }
}

fn group<'s>(scope: &mut v8::PinScope<'s, '_>, constants: &Constants) -> v8::Local<'s, v8::Object> {
    let object = without_prototype(scope);
    define(scope, object, constants);
    object
}

fn extend(scope: &mut v8::PinScope<'_, '_>, binding: v8::Local<'_, v8::Object>) {
    let binding = v8::Local::new(scope, binding);
    let os = group(scope, &vec![("UV_UDP_REUSEADDR", 4)]);
    let parts =
        [("dlopen", dlopen_flags()), ("errno", errnos()), ("signals", signals()), ("priority", priorities())];
    for (name, constants) in parts {
        let part = group(scope, &constants).into();
        set(scope, os, name, part);
    }
    set(scope, binding, "os", os.into());
    let files = group(scope, &files()).into();
    set(scope, binding, "fs", files);
    for name in ["crypto", "zlib", "trace"] {
        let empty = without_prototype(scope).into();
        set(scope, binding, name, empty);
    }
}
