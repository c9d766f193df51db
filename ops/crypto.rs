//! Native half of `js/crypto.js`.

pub mod error;
