//! WebSocket's frames, as a server reads and writes them.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What a client has sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Message {
    Text(Vec<u8>),
    Ping(Vec<u8>),
    Close,
}

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;

/// The largest message that is taken: more than any heap's profile or source that a debugger sends back.
const LIMIT: usize = 256 << 20;

/// Reads until a whole message has come; pongs are passed over.
pub(super) async fn read<Stream: AsyncReadExt + Unpin>(stream: &mut Stream) -> io::Result<Message> {
    let mut text = Vec::new();
    loop {
        let mut head = [0; 2];
        stream.read_exact(&mut head).await?;
        let [first, second] = head;
        let size = match second & !MASKED {
            126 => usize::from(stream.read_u16().await?),
            127 => usize::try_from(stream.read_u64().await?).unwrap_or(usize::MAX),
            size => usize::from(size),
        };
        // A client has to mask what it sends, and no extension gives a meaning to the other bits.
        if second & MASKED == 0 || first & 0x70 != 0 || size.saturating_add(text.len()) > LIMIT {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut mask = [0; 4];
        stream.read_exact(&mut mask).await?;
        let start = text.len();
        let mut control = Vec::new();
        let is_control = first & 0x08 != 0;
        let payload = if is_control { &mut control } else { &mut text };
        let begin = if is_control { 0 } else { start };
        payload.resize(begin + size, 0);
        stream.read_exact(&mut payload[begin..]).await?;
        for (index, byte) in payload[begin..].iter_mut().enumerate() {
            *byte ^= mask[index % 4];
        }
        match first & 0x0f {
            CONTINUATION | TEXT | BINARY if first & FINAL != 0 => return Ok(Message::Text(text)),
            CONTINUATION | TEXT | BINARY | PONG => {}
            PING => return Ok(Message::Ping(control)),
            CLOSE => return Ok(Message::Close),
            _ => return Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

/// Writes a text.
pub(super) async fn write_text<Stream: AsyncWriteExt + Unpin>(
    stream: &mut Stream,
    text: &str,
) -> io::Result<()> {
    write(stream, TEXT, text.as_bytes()).await
}

/// Answers a ping.
pub(super) async fn write_pong<Stream: AsyncWriteExt + Unpin>(
    stream: &mut Stream,
    data: &[u8],
) -> io::Result<()> {
    write(stream, PONG, data).await
}

/// Says that nothing more comes.
pub(super) async fn write_close<Stream: AsyncWriteExt + Unpin>(stream: &mut Stream) -> io::Result<()> {
    write(stream, CLOSE, &[]).await
}

async fn write<Stream: AsyncWriteExt + Unpin>(stream: &mut Stream, kind: u8, data: &[u8]) -> io::Result<()> {
    let mut frame = Vec::with_capacity(data.len() + 10);
    frame.push(FINAL | kind);
    match data.len() {
        size @ 0..126 => frame.push(size as u8),
        size @ 126..65536 => {
            frame.push(126);
            frame.extend_from_slice(&(size as u16).to_be_bytes());
        }
        size => {
            frame.push(127);
            frame.extend_from_slice(&(size as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(data);
    stream.write_all(&frame).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(first: u8, data: &[u8]) -> Vec<u8> {
        let mask = [1, 2, 3, 4];
        let mut frame = vec![first, MASKED | data.len() as u8];
        frame.extend_from_slice(&mask);
        frame.extend(data.iter().enumerate().map(|(index, byte)| byte ^ mask[index % 4]));
        frame
    }

    fn read_all(bytes: &[u8]) -> io::Result<Message> {
        let mut bytes = bytes;
        tokio::runtime::Builder::new_current_thread().build()?.block_on(read(&mut bytes))
    }

    #[test]
    fn fragments_are_joined_around_control_frames() -> io::Result<()> {
        let bytes = [masked(TEXT, b"ab"), masked(FINAL | PONG, b"x"), masked(FINAL, b"cd")].concat();
        assert_eq!(read_all(&bytes)?, Message::Text(b"abcd".to_vec()));
        Ok(())
    }

    #[test]
    fn what_is_not_masked_is_refused() {
        assert!(read_all(&[FINAL | TEXT, 1, b'a']).is_err());
    }
}
