//! A plain HTTP/1.1 client for driving servers: one request a connection, the answer as text.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Sends requests such as `GET http://127.0.0.1:3000/home` at once, in the order given, and returns their answers
/// in that order.
pub(crate) fn together(requests: &[String]) -> Vec<(String, String)> {
    let threads = requests.iter().cloned().map(|request| {
        let sent = open(&request);
        let reader = thread::spawn(move || {
            let answer = sent.and_then(|stream| answer(stream).map_err(|error| error.kind().to_string()));
            (request, answer.unwrap_or_else(|error| format!("no answer: {error}\n")))
        });
        // The server accepts in the order of arrival; the connections must arrive in the order of the list.
        thread::sleep(Duration::from_millis(if requests.len() > 1 { 50 } else { 0 }));
        reader
    });
    let threads: Vec<_> = threads.collect();
    threads.into_iter().map(|thread| thread.join().expect("a request does not panic")).collect()
}

fn open(request: &str) -> Result<TcpStream, String> {
    let (method, url) = request.split_once(' ').ok_or("not `METHOD http://host:port/path`")?;
    let rest = url.strip_prefix("http://").ok_or("not an http:// address")?;
    let (host, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    let mut stream = TcpStream::connect(host).map_err(|error| error.kind().to_string())?;
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n");
    stream.set_read_timeout(Some(PATIENCE)).map_err(|error| error.to_string())?;
    stream.write_all(head.as_bytes()).map_err(|error| error.kind().to_string())?;
    Ok(stream)
}

/// The head, an empty line and the body; chunks are joined.
fn answer(stream: TcpStream) -> std::io::Result<String> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    loop {
        let start = head.len();
        if reader.read_line(&mut head)? == 0 {
            return Ok(format!("{head}connection closed\n"));
        }
        if &head[start..] == "\r\n" {
            break;
        }
    }
    let field = |name: &str| {
        let prefix = format!("{name}: ");
        head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix(&prefix).map(str::to_owned))
    };
    let mut body = Vec::new();
    if let Some(length) = field("content-length").and_then(|it| it.parse().ok()) {
        reader.take(length).read_to_end(&mut body)?;
    } else if field("transfer-encoding").as_deref() == Some("chunked") {
        while let length @ 1.. = chunk_length(&mut reader)? {
            let start = body.len();
            body.resize(start + length, 0);
            reader.read_exact(&mut body[start..])?;
            reader.read_line(&mut String::new())?;
        }
    }
    Ok(head.replace("\r\n", "\n") + &String::from_utf8_lossy(&body))
}

fn chunk_length(reader: &mut impl BufRead) -> std::io::Result<usize> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    usize::from_str_radix(line.trim_end(), 16).map_err(std::io::Error::other)
}
