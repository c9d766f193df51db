//! An event that lasts.

use std::borrow::Cow;

use super::category::Category;
use super::event::Event;
use super::{calls, log};

/// Records when something begins, and when it ends by being dropped.
#[must_use]
#[derive(Debug)]
pub struct Span(Kind);

#[derive(Debug)]
enum Kind {
    /// Nobody asks for it.
    Unseen,
    /// One event, which gets its duration in the end.
    Whole(u64),
    /// What happens meanwhile is recorded step by step.
    Steps,
    /// One event at either end.
    Ends(&'static Category, &'static str),
}

impl Span {
    /// One event for the whole of it.
    #[inline]
    pub fn whole(category: &'static Category, name: &'static str) -> Span {
        if category.is_on() {
            Span(Kind::Whole(log::record(Event::new('X', category, name))))
        } else {
            Span::unseen()
        }
    }

    /// An event at its beginning and one at its end. `args` is a JSON object that the first one has.
    #[inline]
    pub fn with_ends(category: &'static Category, name: &'static str, args: impl FnOnce() -> String) -> Span {
        if !category.is_on() {
            return Span::unseen();
        }
        log::record(Event::new('B', category, Cow::Borrowed(name)).args(args()));
        Span(Kind::Ends(category, name))
    }

    /// What happens meanwhile on this thread, step by step.
    pub(super) fn of_steps() -> Span {
        calls::set_in_steps(true);
        Span(Kind::Steps)
    }

    /// Nothing.
    #[inline]
    pub fn unseen() -> Span {
        Span(Kind::Unseen)
    }
}

impl Drop for Span {
    #[inline]
    fn drop(&mut self) {
        match &self.0 {
            Kind::Unseen => {}
            Kind::Whole(number) => log::end(*number),
            Kind::Steps => calls::set_in_steps(false),
            Kind::Ends(category, name) => {
                log::record(Event::new('E', category, *name));
            }
        }
    }
}
