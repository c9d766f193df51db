//! A parsed URL: its serialisation and where the parts begin and end.

/// Stands for a port, query or fragment that there is not.
pub(super) const ABSENT: u32 = u32::MAX;

/// The offsets are bytes into `href`, which is ASCII:
///
/// ```text
/// https://user:pass@example.com:1234/foo?bar#baz
///       |     |    |           |    |   |   `- hash_start
///       |     |    |           |    |   `----- search_start
///       |     |    |           |    `--------- pathname_start
///       |     |    |           `-------------- host_end
///       |     |    `-------------------------- host_start, at the @ if there is one
///       |     `------------------------------- username_end
///       `------------------------------------- protocol_end, behind the colon
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Url {
    pub(super) href: String,
    pub(super) protocol_end: usize,
    pub(super) username_end: usize,
    pub(super) host_start: usize,
    pub(super) host_end: usize,
    pub(super) port: Option<u16>,
    pub(super) pathname_start: usize,
    pub(super) search_start: Option<usize>,
    pub(super) hash_start: Option<usize>,
}

impl Url {
    /// The offsets and the port, in the order that JavaScript knows.
    pub(super) fn components(&self) -> [u32; 8] {
        let optional = |offset: Option<usize>| offset.map_or(ABSENT, |offset| offset as u32);
        [
            self.protocol_end as u32,
            self.username_end as u32,
            self.host_start as u32,
            self.host_end as u32,
            self.port.map_or(ABSENT, u32::from),
            self.pathname_start as u32,
            optional(self.search_start),
            optional(self.hash_start),
        ]
    }

    /// The scheme, without the colon.
    pub(super) fn scheme(&self) -> &str {
        &self.href[..self.protocol_end - 1]
    }

    pub(super) fn has_host(&self) -> bool {
        self.username_end > self.protocol_end
    }

    /// User name and password as they are serialised, with the @ behind them.
    pub(super) fn credentials(&self) -> &str {
        if !self.has_credentials() {
            return "";
        }
        &self.href[self.protocol_end + 2..=self.host_start]
    }

    pub(super) fn has_credentials(&self) -> bool {
        self.href.as_bytes().get(self.host_start) == Some(&b'@') && self.has_host()
    }

    pub(super) fn username(&self) -> &str {
        if self.has_host() { &self.href[self.protocol_end + 2..self.username_end] } else { "" }
    }

    pub(super) fn password(&self) -> &str {
        if self.host_start > self.username_end {
            &self.href[self.username_end + 1..self.host_start]
        } else {
            ""
        }
    }

    /// The host without its port; empty if there is none.
    pub(super) fn hostname(&self) -> &str {
        &self.href[self.host_start + usize::from(self.has_credentials())..self.host_end]
    }

    pub(super) fn pathname(&self) -> &str {
        &self.href[self.pathname_start..self.search_start.or(self.hash_start).unwrap_or(self.href.len())]
    }

    /// The query with its question mark.
    pub(super) fn search(&self) -> Option<&str> {
        self.search_start.map(|start| &self.href[start..self.hash_start.unwrap_or(self.href.len())])
    }

    /// The fragment with its number sign.
    pub(super) fn hash(&self) -> Option<&str> {
        self.hash_start.map(|start| &self.href[start..])
    }

    /// Whether the path is not made of segments, as in `mailto:a@b`.
    pub(super) fn has_opaque_path(&self) -> bool {
        !self.has_host() && !self.href[self.protocol_end..].starts_with('/')
    }
}

/// The schemes that have rules of their own, with their default ports.
pub(super) fn is_special(scheme: &str) -> bool {
    matches!(scheme, "http" | "https" | "ws" | "wss" | "ftp" | "file")
}

pub(super) fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        "ftp" => Some(21),
        _ => None,
    }
}
