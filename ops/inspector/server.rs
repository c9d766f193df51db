//! The server for debuggers: a thread of its own, so that it answers while JavaScript runs or is held.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::rc::Rc;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinHandle as TaskHandle, LocalSet, spawn_local};

use super::Inspector;
use super::desk::{Desk, Key};
use super::frames::{self, Message};
use super::http::{Answer, HEAD_LIMIT, Request};
use crate::bind::errno;
use crate::sys::openssl::random;

/// What a server shows of its runtime.
pub(super) struct Page {
    /// By which a debugger asks for a WebSocket.
    pub(super) id: String,
    pub(super) title: String,
    pub(super) url: String,
    /// Whether the page that tells the id is there.
    pub(super) is_listed: bool,
}

/// A server that is there.
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    page: Arc<Page>,
    commands: UnboundedSender<Command>,
    thread: Option<JoinHandle<()>>,
}

enum Command {
    /// No new debuggers.
    StopAccepting,
    /// The end of all connections.
    Stop,
}

/// What happens to a connection with a debugger.
enum Event {
    Text(String),
    Pong(Vec<u8>),
    /// Either side has said that nothing more comes.
    Close,
    /// The debugger has gone.
    Gone,
}

/// Takes what is for a debugger. Its end is the end of the session.
pub(super) struct Outbox(UnboundedSender<Event>);

impl Outbox {
    pub(super) fn send(&self, text: String) {
        let _ = self.0.send(Event::Text(text));
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        let _ = self.0.send(Event::Close);
    }
}

impl Server {
    /// Begins to listen; the error is what is to be printed.
    pub(super) fn start(host: &str, port: u16, desk: Arc<Desk>, page: Page) -> Result<Server, String> {
        let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let addresses: Vec<SocketAddr> = (inner, port)
            .to_socket_addrs()
            .map_err(|_| format!("Unable to resolve \"{host}\": unknown node or service"))?
            .collect();
        let failed = |error: io::Error| {
            let number = -error.raw_os_error().unwrap_or(libc::EINVAL);
            let text = errno::TABLE.iter().find(|row| row.0 == number).map_or("unknown error", |row| row.2);
            format!("Starting inspector on {host}:{port} failed: {text}")
        };
        let listener = TcpListener::bind(&addresses[..]).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let reactor = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let (commands, received) = unbounded_channel();
        let page = Arc::new(page);
        let state = State { page: Arc::clone(&page), desk, connections: RefCell::default() };
        let builder = std::thread::Builder::new().name("ironode-inspector".into());
        let thread = builder.spawn(move || {
            crate::sys::signal::block_all_on_this_thread();
            LocalSet::new().block_on(&reactor, serve(listener, received, Rc::new(state)));
        });
        let thread = Some(thread.map_err(failed)?);
        Ok(Server { host: host.to_owned(), port: address.port(), page, commands, thread })
    }

    /// Where a debugger finds the WebSocket.
    pub(super) fn url(&self) -> String {
        let brackets = self.host.contains(':') && !self.host.starts_with('[');
        let host = if brackets { format!("[{}]", self.host) } else { self.host.clone() };
        format!("ws://{host}:{}/{}", self.port, self.page.id)
    }

    pub(super) fn stop_accepting(&self) {
        let _ = self.commands.send(Command::StopAccepting);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.commands.send(Command::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A new id, in the form of a UUID of version 4.
pub(super) fn new_id() -> String {
    let mut bytes = [0; 16];
    random::fill(&mut bytes);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// How long the end of a server waits for its last words to be written.
const FAREWELL: Duration = Duration::from_millis(100);

struct State {
    page: Arc<Page>,
    desk: Arc<Desk>,
    connections: RefCell<HashMap<u64, TaskHandle<()>>>,
}

async fn serve(listener: TcpListener, mut commands: UnboundedReceiver<Command>, state: Rc<State>) {
    let accepting = spawn_local(accept(listener, Rc::clone(&state)));
    if let Some(Command::StopAccepting) = commands.recv().await {
        accepting.abort();
        while let Some(Command::StopAccepting) = commands.recv().await {}
    }
    accepting.abort();
    let _ = accepting.await;
    // Who has been told of the end may still be reading it.
    let tasks: Vec<_> = state.connections.take().into_values().collect();
    for mut task in tasks {
        if tokio::time::timeout(FAREWELL, &mut task).await.is_err() {
            task.abort();
            let _ = task.await;
        }
    }
}

async fn accept(listener: TcpListener, state: Rc<State>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let mut number = 0;
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        number += 1;
        let own = Rc::clone(&state);
        let task = spawn_local(async move {
            // A connection that fails is one that has ended.
            let _ = talk(stream, &own).await;
            own.connections.borrow_mut().remove(&number);
        });
        state.connections.borrow_mut().insert(number, task);
    }
}

/// Answers requests until one opens a WebSocket.
async fn talk(stream: TcpStream, state: &State) -> io::Result<()> {
    let _ = stream.set_nodelay(true);
    let local = stream.local_addr()?;
    let address = match local {
        SocketAddr::V4(address) => address.to_string(),
        SocketAddr::V6(address) => format!("[{}]:{}", address.ip(), address.port()),
    };
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    loop {
        let Some(head) = read_head(&mut reader).await? else { return Ok(()) };
        let request = std::str::from_utf8(&head).ok().and_then(Request::parse);
        let answer = match &request {
            Some(request) => request.answer(&state.page, &address),
            None => Answer::refusal(),
        };
        match answer {
            Answer::Page(text) => writer.write_all(text.as_bytes()).await?,
            Answer::Refusal(text) => {
                writer.write_all(text.as_bytes()).await?;
                return writer.shutdown().await;
            }
            Answer::WebSocket(text) => {
                writer.write_all(text.as_bytes()).await?;
                return debug(reader, writer, &state.desk).await;
            }
        }
    }
}

/// The head of the next request without its empty line; `None` at the end.
async fn read_head(reader: &mut BufReader<OwnedReadHalf>) -> io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > HEAD_LIMIT {
            return Err(io::ErrorKind::InvalidData.into());
        }
        match reader.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    head.truncate(head.len() - 4);
    Ok(Some(head))
}

/// Ends a session, also when the task that serves it is given up.
struct Session<'a> {
    key: Key,
    desk: &'a Arc<Desk>,
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        let key = self.key;
        self.desk.post(move |scope| Inspector::of(scope).detach_debugger(scope, key));
    }
}

/// Carries messages between a debugger and the inspector.
async fn debug(
    mut reader: BufReader<OwnedReadHalf>,
    mut writer: OwnedWriteHalf,
    desk: &Arc<Desk>,
) -> io::Result<()> {
    let (sender, mut outgoing) = unbounded_channel();
    let outbox = Outbox(sender.clone());
    let key = desk.next_key();
    desk.post(move |scope| Inspector::of(scope).attach_debugger(scope, key, outbox));
    let session = Session { key, desk };
    let inbox = Arc::clone(desk);
    let reading = AbortOnDrop(spawn_local(async move {
        let last = loop {
            let event = match frames::read(&mut reader).await {
                Ok(Message::Text(text)) => {
                    let text = String::from_utf8_lossy(&text).into_owned();
                    inbox.post(move |scope| Inspector::of(scope).dispatch(scope, key, &text));
                    continue;
                }
                Ok(Message::Ping(data)) => Event::Pong(data),
                Ok(Message::Close) => break Event::Close,
                Err(_) => break Event::Gone,
            };
            if sender.send(event).is_err() {
                return;
            }
        };
        let _ = sender.send(last);
    }));
    while let Some(event) = outgoing.recv().await {
        match event {
            Event::Text(text) => frames::write_text(&mut writer, &text).await?,
            Event::Pong(data) => frames::write_pong(&mut writer, &data).await?,
            Event::Close => {
                frames::write_close(&mut writer).await?;
                break;
            }
            Event::Gone => break,
        }
    }
    drop(session);
    drop(reading);
    writer.shutdown().await
}

struct AbortOnDrop(TaskHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
