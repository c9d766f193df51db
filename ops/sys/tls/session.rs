//! Sessions: what a later connection resumes.

use std::ffi::c_long;
use std::ptr::NonNull;

use openssl_sys as sys;

use super::ffi;

/// A session, shared with the connections that use it.
pub struct Session(NonNull<sys::SSL_SESSION>);

impl Session {
    /// Reads what [`Session::to_der`] has written.
    pub fn from_der(der: &[u8]) -> Option<Session> {
        let mut position = der.as_ptr();
        let length = c_long::try_from(der.len()).ok()?;
        // SAFETY: the position and the length are a slice's.
        let session = unsafe { sys::d2i_SSL_SESSION(std::ptr::null_mut(), &raw mut position, length) };
        NonNull::new(session).map(Session)
    }

    /// Its serialisation.
    pub fn to_der(&self) -> Vec<u8> {
        // SAFETY: the session is alive; without a place to write there is only a length.
        let length = unsafe { sys::i2d_SSL_SESSION(self.0.as_ptr(), std::ptr::null_mut()) };
        let mut der = vec![0; usize::try_from(length).unwrap_or(0)];
        if !der.is_empty() {
            let mut position = der.as_mut_ptr();
            // SAFETY: there is room for exactly what the call before has announced.
            unsafe { sys::i2d_SSL_SESSION(self.0.as_ptr(), &raw mut position) };
        }
        der
    }

    /// Its number.
    pub fn id(&self) -> &[u8] {
        let mut length = 0;
        // SAFETY: the session is alive.
        let data = unsafe { sys::SSL_SESSION_get_id(self.0.as_ptr(), &raw mut length) };
        if data.is_null() {
            return &[];
        }
        // SAFETY: the id has that length and lives as long as the session.
        unsafe { std::slice::from_raw_parts(data, length as usize) }
    }

    /// The server's ticket for it.
    pub fn ticket(&self) -> Option<&[u8]> {
        let (mut data, mut length) = (std::ptr::null(), 0);
        // SAFETY: the session is alive.
        unsafe { ffi::SSL_SESSION_get0_ticket(self.0.as_ptr(), &raw mut data, &raw mut length) };
        if data.is_null() {
            return None;
        }
        // SAFETY: the ticket has that length and lives as long as the session.
        Some(unsafe { std::slice::from_raw_parts(data, length) })
    }

    /// The protocol's version in the library's numbers.
    pub fn version(&self) -> i32 {
        // SAFETY: the session is alive.
        unsafe { ffi::SSL_SESSION_get_protocol_version(self.0.as_ptr()) }
    }

    /// Takes over a reference.
    ///
    /// # Safety
    /// The pointer is a session of which the caller owns a reference.
    pub(super) unsafe fn from_owned(session: *mut sys::SSL_SESSION) -> Option<Session> {
        NonNull::new(session).map(Session)
    }

    /// Shares a session that somebody else keeps.
    ///
    /// # Safety
    /// The pointer is a session that is alive.
    pub(super) unsafe fn share(session: *mut sys::SSL_SESSION) -> Option<Session> {
        let session = NonNull::new(session)?;
        // SAFETY: the caller says that it is alive.
        unsafe { sys::SSL_SESSION_up_ref(session.as_ptr()) };
        Some(Session(session))
    }

    pub(super) fn as_ptr(&self) -> *mut sys::SSL_SESSION {
        self.0.as_ptr()
    }

    /// Gives the reference away.
    pub(super) fn into_ptr(self) -> *mut sys::SSL_SESSION {
        let pointer = self.0.as_ptr();
        std::mem::forget(self);
        pointer
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: this is the reference that the value owns.
        unsafe { sys::SSL_SESSION_free(self.0.as_ptr()) };
    }
}
