//! The ends of channels: queues of messages that any thread may fill and one runtime at a time empties.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, Weak};

use crate::bind::readiness::Bell;
use crate::bind::task::lock;
use crate::structured_clone::Message;

/// What comes to an end of a channel.
pub enum Letter {
    /// A message for this end alone.
    Message(Message),
    /// A message that others receive too.
    Shared(Arc<Message>),
    /// The other end is closed; nothing comes after this.
    Close,
}

/// One end of a channel, or one member of a group that hears all that the others say.
#[derive(Default)]
pub struct End {
    inbox: Mutex<Inbox>,
    link: Mutex<Link>,
}

#[derive(Default)]
struct Inbox {
    letters: VecDeque<Letter>,
    /// Calls the runtime that empties this end.
    bell: Option<Bell>,
    closed: bool,
}

/// Where messages go.
#[derive(Default)]
enum Link {
    #[default]
    Nowhere,
    Peer(Weak<End>),
    Group(Arc<Group>),
}

/// The members of a group that are there.
#[derive(Default)]
pub struct Group(Mutex<Vec<Weak<End>>>);

impl End {
    /// Two ends of a new channel.
    pub fn pair() -> (Arc<End>, Arc<End>) {
        let (first, second) = (Arc::<End>::default(), Arc::<End>::default());
        *lock(&first.link) = Link::Peer(Arc::downgrade(&second));
        *lock(&second.link) = Link::Peer(Arc::downgrade(&first));
        (first, second)
    }

    /// A new member of `group`.
    pub fn member(group: &Arc<Group>) -> Arc<End> {
        let end = Arc::new(End { inbox: Mutex::default(), link: Mutex::new(Link::Group(Arc::clone(group))) });
        let mut members = lock(&group.0);
        members.retain(|member| member.strong_count() > 0);
        members.push(Arc::downgrade(&end));
        end
    }

    /// Sends a message to the other end, or to the other members.
    pub fn post(self: &Arc<Self>, message: Message) {
        // Nobody is called while a lock is held: whom the bell wakes would sleep again before it.
        let (peer, group) = match &*lock(&self.link) {
            Link::Nowhere => return,
            Link::Peer(peer) => (peer.upgrade(), None),
            Link::Group(group) => (None, Some(Arc::clone(group))),
        };
        if let Some(peer) = peer {
            peer.push(Letter::Message(message));
            return;
        }
        let Some(group) = group else { return };
        let message = Arc::new(message);
        let members: Vec<_> = lock(&group.0).iter().filter_map(Weak::upgrade).collect();
        for member in members.iter().filter(|member| !Arc::ptr_eq(member, self)) {
            member.push(Letter::Shared(Arc::clone(&message)));
        }
    }

    /// Whether `other` is the other end.
    pub fn is_peer(&self, other: &Arc<End>) -> bool {
        match &*lock(&self.link) {
            Link::Peer(peer) => std::ptr::eq(peer.as_ptr(), Arc::as_ptr(other)),
            Link::Nowhere | Link::Group(_) => false,
        }
    }

    fn push(&self, letter: Letter) {
        let mut inbox = lock(&self.inbox);
        if inbox.closed {
            drop(inbox);
            return;
        }
        inbox.letters.push_back(letter);
        let bell = inbox.bell.clone();
        drop(inbox);
        if let Some(bell) = bell {
            bell.ring();
        }
    }

    /// Has the runtime of `bell` called for what is there and for what comes. Without a bell nobody is called.
    pub fn set_bell(&self, bell: Option<Bell>) {
        let mut inbox = lock(&self.inbox);
        if let Some(bell) = &bell
            && !inbox.letters.is_empty()
        {
            bell.ring();
        }
        inbox.bell = bell;
    }

    /// How many letters wait.
    pub fn len(&self) -> usize {
        lock(&self.inbox).letters.len()
    }

    /// Whether no letter waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes the next letter; without `wants_messages` only that of the closing.
    pub fn take(&self, wants_messages: bool) -> Option<Letter> {
        let mut inbox = lock(&self.inbox);
        if !wants_messages && !matches!(inbox.letters.front(), Some(Letter::Close)) {
            return None;
        }
        inbox.letters.pop_front()
    }

    /// Takes the next message and leaves the closing to the event loop.
    pub fn take_message(&self) -> Option<Letter> {
        let mut inbox = lock(&self.inbox);
        if matches!(inbox.letters.front(), Some(Letter::Close)) {
            return None;
        }
        inbox.letters.pop_front()
    }

    /// Ends the channel: the other end learns of it, and what waits here is dropped.
    pub fn close(&self) {
        self.hang_up();
        let letters = std::mem::take(&mut lock(&self.inbox).letters);
        drop(letters);
    }

    /// Ends the channel, but leaves what waits here.
    pub fn hang_up(&self) {
        let mut inbox = lock(&self.inbox);
        inbox.closed = true;
        inbox.bell = None;
        drop(inbox);
        let link = std::mem::take(&mut *lock(&self.link));
        if let Link::Peer(peer) = link
            && let Some(peer) = peer.upgrade()
        {
            *lock(&peer.link) = Link::Nowhere;
            peer.push(Letter::Close);
        }
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.close();
    }
}

/// An end inside a message. Where the message never arrives, the channel ends.
pub struct Travelling {
    end: Arc<End>,
    arrived: std::sync::atomic::AtomicBool,
}

impl Travelling {
    /// Puts an end on its way.
    pub fn new(end: Arc<End>) -> Self {
        Travelling { end, arrived: std::sync::atomic::AtomicBool::new(false) }
    }

    /// The end has come to its new place.
    pub fn arrive(&self) -> Arc<End> {
        self.arrived.store(true, std::sync::atomic::Ordering::Relaxed);
        Arc::clone(&self.end)
    }
}

impl Drop for Travelling {
    fn drop(&mut self) {
        if !*self.arrived.get_mut() {
            self.end.close();
        }
    }
}
