//! What a stream has to send.

use std::collections::VecDeque;

use crate::bind::view::View;

/// Bytes to send.
pub(super) enum Chunk {
    View(View),
    Bytes(Vec<u8>),
}

impl Chunk {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Chunk::View(view) => view.bytes(),
            Chunk::Bytes(bytes) => bytes,
        }
    }
}

/// The state of a stream that the library does not keep.
#[derive(Default)]
pub(super) struct Outgoing {
    chunks: VecDeque<Chunk>,
    /// How many bytes of the first chunk are sent.
    begun: usize,
    /// How many bytes wait.
    pub(super) waiting: usize,
    /// Whether JavaScript waits for the end of a write.
    pub(super) is_writing: bool,
    /// Whether nothing follows what waits.
    pub(super) is_ended: bool,
    /// Whether trailers follow.
    pub(super) has_trailers: bool,
    /// Whether the program reads what comes.
    pub(super) is_reading: bool,
    /// What came while it did not.
    pub(super) unread: usize,
    /// How long its headers may be.
    pub(super) max_header_length: u32,
}

impl Outgoing {
    /// A new stream, whose headers may be so long.
    pub(super) fn new(max_header_length: u32) -> Outgoing {
        Outgoing { max_header_length, ..Outgoing::default() }
    }

    /// Adds a chunk.
    pub(super) fn push(&mut self, chunk: Chunk) {
        self.waiting += chunk.bytes().len();
        self.chunks.push_back(chunk);
    }

    /// Moves `count` bytes to `output`; whether that is the end of a write.
    pub(super) fn take(&mut self, count: usize, output: &mut Vec<u8>) -> bool {
        let mut left = count.min(self.waiting);
        self.waiting -= left;
        while left > 0 {
            let Some(chunk) = self.chunks.front() else { break };
            let bytes = &chunk.bytes()[self.begun..];
            if left < bytes.len() {
                output.extend_from_slice(&bytes[..left]);
                self.begun += left;
                left = 0;
            } else {
                output.extend_from_slice(bytes);
                left -= bytes.len();
                self.chunks.pop_front();
                self.begun = 0;
            }
        }
        self.waiting == 0 && std::mem::take(&mut self.is_writing)
    }
}
