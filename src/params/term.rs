//! Values with a name: parameters, and formulas that were given one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::go::Go;
use crate::plan::{Gate, Par};

/// A note that a value was placed, kept by the value and by the list that it is in.
#[derive(Clone, Debug, Default)]
pub struct Mark(Arc<AtomicBool>);

impl From<bool> for Mark {
    fn from(placed: bool) -> Self {
        Self(Arc::new(AtomicBool::new(placed)))
    }
}

impl Mark {
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A value with a name in the registry, which may be placed.
#[derive(Clone, Debug)]
pub struct Term<T> {
    pub(super) value: T,
    pub(super) name: String,
    pub(super) free: bool,
    pub(super) placed: Mark,
}

impl<T> Term<T> {
    pub(super) fn go(&self) -> Go {
        Go::Name(self.name.clone())
    }
}

impl Term<String> {
    /// The text, to be placed.
    pub fn par(&self) -> Par<String> {
        self.placed.set();
        Par::from(self.value.clone())
    }
}

impl Term<Vec<String>> {
    /// The words, to be placed one by one.
    pub fn par(&self) -> Par<Vec<String>> {
        self.placed.set();
        Par::new(self.value.clone())
    }
}

impl Term<bool> {
    /// The switch, to branch on.
    pub fn gate(&self) -> Gate {
        self.placed.set();
        Gate::new(self.value)
    }
}

impl Term<i64> {
    /// The number, to be placed. One that the type cannot hold, which no valid site has, becomes the nearest.
    pub fn par<N: Whole>(&self) -> Par<N> {
        self.placed.set();
        Par::new(N::nearest(self.value))
    }
}

/// A whole number as some field takes it.
pub trait Whole {
    /// The number, or the nearest that the type can hold.
    fn nearest(number: i64) -> Self;
}

macro_rules! whole {
    ($($type:ty),*) => {$(
        impl Whole for $type {
            fn nearest(number: i64) -> Self {
                Self::try_from(number).unwrap_or(if number < 0 { Self::MIN } else { Self::MAX })
            }
        }
    )*};
}
whole!(i32, i64, u16, u32, u64);
