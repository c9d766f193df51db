//! What WASI's preview 1 fixes: numbers of errors, rights, kinds of files, and the layout of structures.

use rustix::fs::{FileType, Mode, Stat};

/// A failure as the guest sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Errno(pub u16);

macro_rules! errors {
    ($($name:ident = $value:literal;)*) => {
        impl Errno {
            $(pub(crate) const $name: Errno = Errno($value);)*

            /// The name of the number, without its `E`.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Errno::$name => stringify!($name),)*
                    _ => "UNKNOWN",
                }
            }
        }

        impl From<rustix::io::Errno> for Errno {
            fn from(errno: rustix::io::Errno) -> Self {
                match errno {
                    $(rustix::io::Errno::$name => Errno::$name,)*
                    rustix::io::Errno::TOOBIG => Errno::_2BIG,
                    rustix::io::Errno::ACCESS => Errno::ACCES,
                    _ => Errno::NOSYS,
                }
            }
        }
    };
    (@own $($name:ident = $value:literal;)*) => {
        impl Errno {
            $(pub(crate) const $name: Errno = Errno($value);)*
        }
    };
}

errors! {
    ADDRINUSE = 3; ADDRNOTAVAIL = 4; AFNOSUPPORT = 5; AGAIN = 6; ALREADY = 7; BADF = 8; BADMSG = 9; BUSY = 10;
    CANCELED = 11; CHILD = 12; CONNABORTED = 13; CONNREFUSED = 14; CONNRESET = 15; DEADLK = 16; DESTADDRREQ = 17;
    DOM = 18; DQUOT = 19; EXIST = 20; FAULT = 21; FBIG = 22; HOSTUNREACH = 23; IDRM = 24; ILSEQ = 25;
    INPROGRESS = 26; INTR = 27; INVAL = 28; IO = 29; ISCONN = 30; ISDIR = 31; LOOP = 32; MFILE = 33; MLINK = 34;
    MSGSIZE = 35; MULTIHOP = 36; NAMETOOLONG = 37; NETDOWN = 38; NETRESET = 39; NETUNREACH = 40; NFILE = 41;
    NOBUFS = 42; NODEV = 43; NOENT = 44; NOEXEC = 45; NOLCK = 46; NOLINK = 47; NOMEM = 48; NOMSG = 49;
    NOPROTOOPT = 50; NOSPC = 51; NOSYS = 52; NOTCONN = 53; NOTDIR = 54; NOTEMPTY = 55; NOTRECOVERABLE = 56;
    NOTSOCK = 57; NOTSUP = 58; NOTTY = 59; NXIO = 60; OVERFLOW = 61; OWNERDEAD = 62; PERM = 63; PIPE = 64;
    PROTO = 65; PROTONOSUPPORT = 66; PROTOTYPE = 67; RANGE = 68; ROFS = 69; SPIPE = 70; SRCH = 71; STALE = 72;
    TIMEDOUT = 73; TXTBSY = 74; XDEV = 75;
}

errors! { @own _2BIG = 1; ACCES = 2; NOTCAPABLE = 76; }

/// What may be done with a descriptor, a bit each.
pub(crate) mod right {
    pub(crate) const FD_DATASYNC: u64 = 1 << 0;
    pub(crate) const FD_READ: u64 = 1 << 1;
    pub(crate) const FD_SEEK: u64 = 1 << 2;
    pub(crate) const FD_FDSTAT_SET_FLAGS: u64 = 1 << 3;
    pub(crate) const FD_SYNC: u64 = 1 << 4;
    pub(crate) const FD_TELL: u64 = 1 << 5;
    pub(crate) const FD_WRITE: u64 = 1 << 6;
    pub(crate) const FD_ADVISE: u64 = 1 << 7;
    pub(crate) const FD_ALLOCATE: u64 = 1 << 8;
    pub(crate) const PATH_CREATE_DIRECTORY: u64 = 1 << 9;
    pub(crate) const PATH_CREATE_FILE: u64 = 1 << 10;
    pub(crate) const PATH_LINK_SOURCE: u64 = 1 << 11;
    pub(crate) const PATH_LINK_TARGET: u64 = 1 << 12;
    pub(crate) const PATH_OPEN: u64 = 1 << 13;
    pub(crate) const FD_READDIR: u64 = 1 << 14;
    pub(crate) const PATH_READLINK: u64 = 1 << 15;
    pub(crate) const PATH_RENAME_SOURCE: u64 = 1 << 16;
    pub(crate) const PATH_RENAME_TARGET: u64 = 1 << 17;
    pub(crate) const PATH_FILESTAT_GET: u64 = 1 << 18;
    pub(crate) const PATH_FILESTAT_SET_SIZE: u64 = 1 << 19;
    pub(crate) const PATH_FILESTAT_SET_TIMES: u64 = 1 << 20;
    pub(crate) const FD_FILESTAT_GET: u64 = 1 << 21;
    pub(crate) const FD_FILESTAT_SET_SIZE: u64 = 1 << 22;
    pub(crate) const FD_FILESTAT_SET_TIMES: u64 = 1 << 23;
    pub(crate) const PATH_SYMLINK: u64 = 1 << 24;
    pub(crate) const PATH_REMOVE_DIRECTORY: u64 = 1 << 25;
    pub(crate) const PATH_UNLINK_FILE: u64 = 1 << 26;
    pub(crate) const POLL_FD_READWRITE: u64 = 1 << 27;
    pub(crate) const SOCK_SHUTDOWN: u64 = 1 << 28;
    pub(crate) const SOCK_ACCEPT: u64 = 1 << 29;

    const ALL: u64 = (1 << 30) - 1;
    const FILE: u64 = FD_DATASYNC
        | FD_READ
        | FD_SEEK
        | FD_FDSTAT_SET_FLAGS
        | FD_SYNC
        | FD_TELL
        | FD_WRITE
        | FD_ADVISE
        | FD_ALLOCATE
        | FD_FILESTAT_GET
        | FD_FILESTAT_SET_SIZE
        | FD_FILESTAT_SET_TIMES
        | POLL_FD_READWRITE;
    const PATHS: u64 = PATH_CREATE_DIRECTORY
        | PATH_CREATE_FILE
        | PATH_LINK_SOURCE
        | PATH_LINK_TARGET
        | PATH_OPEN
        | FD_READDIR
        | PATH_READLINK
        | PATH_RENAME_SOURCE
        | PATH_RENAME_TARGET
        | PATH_FILESTAT_GET
        | PATH_FILESTAT_SET_SIZE
        | PATH_FILESTAT_SET_TIMES
        | PATH_SYMLINK
        | PATH_REMOVE_DIRECTORY
        | PATH_UNLINK_FILE;
    const DIRECTORY: u64 = PATHS
        | FD_FDSTAT_SET_FLAGS
        | FD_SYNC
        | FD_ADVISE
        | FD_FILESTAT_GET
        | FD_FILESTAT_SET_TIMES
        | POLL_FD_READWRITE;
    const STREAM: u64 = FD_READ | FD_FDSTAT_SET_FLAGS | FD_WRITE | FD_FILESTAT_GET | POLL_FD_READWRITE;

    /// What can be done at all with a file of a kind, and with what is opened beneath it.
    pub(crate) fn of(kind: super::Kind, is_terminal: bool) -> (u64, u64) {
        use super::Kind;
        match kind {
            Kind::RegularFile => (FILE, 0),
            Kind::Directory => (DIRECTORY, DIRECTORY | FILE),
            Kind::CharacterDevice if is_terminal => (STREAM, 0),
            Kind::SocketStream | Kind::SocketDatagram => (STREAM | SOCK_SHUTDOWN | SOCK_ACCEPT, ALL),
            _ => (ALL, ALL),
        }
    }
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Unknown = 0,
    BlockDevice = 1,
    CharacterDevice = 2,
    Directory = 3,
    RegularFile = 4,
    SocketDatagram = 5,
    SocketStream = 6,
    SymbolicLink = 7,
}

impl From<FileType> for Kind {
    fn from(kind: FileType) -> Self {
        match kind {
            FileType::RegularFile => Kind::RegularFile,
            FileType::Directory => Kind::Directory,
            FileType::Symlink => Kind::SymbolicLink,
            FileType::CharacterDevice => Kind::CharacterDevice,
            FileType::BlockDevice => Kind::BlockDevice,
            FileType::Fifo | FileType::Socket => Kind::SocketStream,
            FileType::Unknown => Kind::Unknown,
        }
    }
}

/// The kind of the file that the system describes so.
pub(crate) fn kind_of(stat: &Stat) -> Kind {
    FileType::from_raw_mode(stat.st_mode).into()
}

/// The mode of new files, before the process's mask.
pub(crate) const FILE_MODE: Mode = Mode::from_raw_mode(0o666);
/// The mode of new directories.
pub(crate) const DIRECTORY_MODE: Mode = Mode::from_raw_mode(0o777);

/// `lookupflags`: the last name is followed where it is a symbolic link.
pub(crate) const SYMLINK_FOLLOW: u32 = 1;

/// `oflags` of `path_open`.
pub(crate) mod oflag {
    pub(crate) const CREATE: u32 = 1;
    pub(crate) const DIRECTORY: u32 = 2;
    pub(crate) const EXCLUSIVE: u32 = 4;
    pub(crate) const TRUNCATE: u32 = 8;
}

/// `fdflags`.
pub(crate) mod fdflag {
    pub(crate) const APPEND: u32 = 1;
    pub(crate) const DSYNC: u32 = 2;
    pub(crate) const NONBLOCK: u32 = 4;
    pub(crate) const RSYNC: u32 = 8;
    pub(crate) const SYNC: u32 = 16;
}

/// `fstflags`: which times are set, and to what.
pub(crate) mod fstflag {
    pub(crate) const ACCESS: u32 = 1;
    pub(crate) const ACCESS_NOW: u32 = 2;
    pub(crate) const MODIFICATION: u32 = 4;
    pub(crate) const MODIFICATION_NOW: u32 = 8;
}

/// The size of `fdstat`.
pub(crate) const FDSTAT_SIZE: u32 = 24;
/// The size of `filestat`.
pub(crate) const FILESTAT_SIZE: u32 = 64;
/// The size of `prestat`.
pub(crate) const PRESTAT_SIZE: u32 = 8;
/// The size of the fixed part of `dirent`.
pub(crate) const DIRENT_SIZE: usize = 24;
/// The size of `subscription`.
pub(crate) const SUBSCRIPTION_SIZE: u32 = 48;
/// The size of `event`.
pub(crate) const EVENT_SIZE: u32 = 32;
