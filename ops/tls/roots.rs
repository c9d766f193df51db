//! Authorities that are believed from the start: those that are built in, those of the system, those of
//! NODE_EXTRA_CA_CERTS, or those that the program has put in their place. A thread reads them ahead.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, LazyLock, OnceLock};

use openssl::error::ErrorStack;
use openssl::x509::X509;
use openssl::x509::store::{X509Store, X509StoreBuilder};
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use crate::bind::error::ErrorClass;
use crate::bind::state::OptionValue;
use crate::bind::task::lock;
use crate::bind::{Bytes, Host};
use crate::crypto::error::{CryptoError, error_text};
use crate::sys::tls::certificates_from_pem;

/// Where certificates of the system are looked for.
const SYSTEM_FILE: &str = "/etc/ssl/cert.pem";
const SYSTEM_FOLDER: &str = "/etc/ssl/certs";

/// Those that are built in.
static BUNDLED: LazyLock<Vec<X509>> = LazyLock::new(|| {
    openssl::init();
    TLS_SERVER_ROOT_CERTS.iter().filter_map(|der| X509::from_der(der).ok()).collect()
});

/// What is read from files, once a runtime: by the thread that reads ahead, or by who needs it first.
#[derive(Default)]
struct Files {
    system: OnceLock<Vec<X509>>,
    extra: OnceLock<Result<Vec<X509>, String>>,
}

impl Files {
    fn system(&self, (file, folder): &(PathBuf, PathBuf)) -> &[X509] {
        self.system.get_or_init(|| {
            let mut found = read(file).unwrap_or_default();
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
            files.sort();
            for file in files {
                found.extend(read(&file).unwrap_or_default());
            }
            distinct(found)
        })
    }

    fn extra(&self, file: Option<&Path>) -> &Result<Vec<X509>, String> {
        self.extra.get_or_init(|| file.map_or_else(|| Ok(Vec::new()), read))
    }
}

/// A path that a variable of the environment names, absolute.
fn named(host: &Host, variable: &str) -> Option<PathBuf> {
    let name = lock(&host.env).get(OsStr::new(variable)).cloned().filter(|name| !name.is_empty())?;
    let path = PathBuf::from(name);
    Some(host.resolve(&path).unwrap_or(path))
}

/// File and folder of the system's certificates.
fn system_places(host: &Host) -> (PathBuf, PathBuf) {
    let place = |variable, default: &str| named(host, variable).unwrap_or_else(|| default.into());
    (place("SSL_CERT_FILE", SYSTEM_FILE), place("SSL_CERT_DIR", SYSTEM_FOLDER))
}

fn extra_file(host: &Host) -> Option<PathBuf> {
    named(host, "NODE_EXTRA_CA_CERTS")
}

/// The authorities of one runtime, read when they are first needed.
#[derive(Default)]
pub(super) struct Roots {
    files: Arc<Files>,
    /// Those of the program's choice.
    chosen: RefCell<Option<Vec<X509>>>,
    shared: RefCell<Option<Rc<X509Store>>>,
}

impl Roots {
    pub(super) fn of(host: &Host) -> Rc<Roots> {
        host.extension()
    }

    fn system(&self, host: &Host) -> &[X509] {
        self.files.system(&system_places(host))
    }

    /// Those of the file that the environment names, or why it cannot be read.
    fn extra(&self, host: &Host) -> &Result<Vec<X509>, String> {
        self.files.extra(extra_file(host).as_deref())
    }

    /// A new store with all that are believed.
    pub(super) fn new_store(&self, host: &Host) -> Result<X509Store, CryptoError> {
        let mut builder = X509StoreBuilder::new()?;
        let mut add = |certificates: &[X509]| {
            for certificate in certificates {
                // One that is known already does no harm.
                let _ = builder.add_cert(certificate.clone());
            }
        };
        if let Some(chosen) = &*self.chosen.borrow() {
            add(chosen);
        } else {
            if host.flag("--use-openssl-ca") {
                add(self.system(host));
            } else {
                add(&BUNDLED);
                if uses_system(host) {
                    add(self.system(host));
                }
            }
            if let Ok(extra) = self.extra(host) {
                add(extra);
            }
        }
        drop(ErrorStack::get());
        Ok(builder.build())
    }

    /// The store that contexts share as long as they add nothing to it.
    pub(super) fn shared_store(&self, host: &Host) -> Result<Rc<X509Store>, CryptoError> {
        if let Some(store) = &*self.shared.borrow() {
            return Ok(Rc::clone(store));
        }
        let store = Rc::new(self.new_store(host)?);
        *self.shared.borrow_mut() = Some(Rc::clone(&store));
        Ok(store)
    }
}

/// Whether the authorities of the system are believed as well.
fn uses_system(host: &Host) -> bool {
    match host.option("--use-system-ca") {
        Some(OptionValue::Flag(on)) => *on,
        _ => lock(&host.env).get(OsStr::new("NODE_USE_SYSTEM_CA")).is_some_and(|value| value == "1"),
    }
}

/// The certificates of a file; the text of the library's error where it cannot be read.
fn read(path: &Path) -> Result<Vec<X509>, String> {
    // The library would begin by itself, and end with the process while this thread is in it.
    crate::sys::openssl::init();
    let bytes = std::fs::read(path).map_err(|error| {
        // As the library says it of a file that it opens itself.
        let number = error.raw_os_error().unwrap_or(libc::EIO);
        let text = crate::sys::file::describe_error(number);
        format!("error:{:08X}:system library::{text}", 0x8000_0000_u32 | number as u32)
    })?;
    let describe = |errors: &ErrorStack| errors.errors().first().map_or_else(String::new, error_text);
    let found = certificates_from_pem(&bytes).map_err(|errors| describe(&errors))?;
    if found.is_empty() {
        return X509::from_pem(&bytes).map(|one| vec![one]).map_err(|errors| describe(&errors));
    }
    Ok(found)
}

fn distinct(certificates: Vec<X509>) -> Vec<X509> {
    let mut known = std::collections::HashSet::new();
    let mut is_new = |certificate: &X509| certificate.to_der().is_ok_and(|der| known.insert(der));
    certificates.into_iter().filter(|certificate| is_new(certificate)).collect()
}

fn texts(certificates: &[X509]) -> Vec<String> {
    let text = |certificate: &X509| String::from_utf8(certificate.to_pem().ok()?).ok();
    certificates.iter().filter_map(text).collect()
}

/// `loadCertificates()`: has a thread read those that contexts believe by default, unless they are the system's
/// alone; returns their kinds.
pub(super) fn load_certificates(host: Rc<Host>) -> Vec<&'static str> {
    if host.flag("--use-openssl-ca") {
        return Vec::new();
    }
    let system = uses_system(&host).then(|| system_places(&host));
    let extra = extra_file(&host);
    let mut kinds = vec!["bundled"];
    kinds.extend(system.as_ref().map(|_| "system"));
    kinds.push("extra");
    let files = Arc::clone(&Roots::of(&host).files);
    let thread = std::thread::Builder::new().name("ironode-roots".into()).spawn(move || {
        LazyLock::force(&BUNDLED);
        if let Some(places) = system {
            files.system(&places);
        }
        let _ = files.extra(extra.as_deref());
    });
    // Without a thread they are read when they are needed.
    if thread.is_ok() { kinds } else { Vec::new() }
}

/// `bundledCertificates()`
pub(super) fn bundled_certificates() -> Vec<String> {
    let texts = texts(&BUNDLED);
    texts.into_iter().map(|text| text.trim_end().to_owned()).collect()
}

/// `systemCertificates()`
pub(super) fn system_certificates(host: Rc<Host>) -> Vec<String> {
    texts(Roots::of(&host).system(&host))
}

/// `extraCertificates()`: those of NODE_EXTRA_CA_CERTS, and why they cannot be read.
pub(super) fn extra_certificates(host: Rc<Host>) -> (Vec<String>, Option<String>) {
    match Roots::of(&host).extra(&host) {
        Ok(certificates) => (texts(certificates), None),
        Err(reason) => (Vec::new(), Some(reason.clone())),
    }
}

/// The latest of several errors: the one that says what was to be done.
fn last(errors: ErrorStack) -> CryptoError {
    match errors.errors().last() {
        Some(error) => CryptoError::Library { first: error.clone(), stack: Vec::new() },
        None => CryptoError::from(errors),
    }
}

/// `setDefaultCertificates(texts)`: believes these from now on, and nobody else; returns the texts of the
/// distinct ones.
pub(super) fn set_default_certificates(host: Rc<Host>, list: Vec<Bytes>) -> Result<Vec<String>, CryptoError> {
    let mut certificates = Vec::new();
    for text in &list {
        certificates.extend(certificates_from_pem(&text.0).map_err(last)?);
    }
    if certificates.is_empty() && !list.is_empty() {
        let message = "No valid certificates found in the provided array";
        return Err(CryptoError::node(ErrorClass::Error, "ERR_CRYPTO_OPERATION_FAILED", message));
    }
    let certificates = distinct(certificates);
    let texts = texts(&certificates);
    let roots = Roots::of(&host);
    *roots.chosen.borrow_mut() = Some(certificates);
    roots.shared.take();
    Ok(texts)
}
