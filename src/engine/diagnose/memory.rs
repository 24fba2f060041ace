//! Bytes held on the heap, counted while somebody asks.
//!
//! On the CPU every tensor is on the heap, natively and in wasm, so that the most bytes held at once during a meta-step
//! are what it needs. While nobody counts, an allocation costs one look at a flag.
#![allow(unsafe_code, reason = "an allocator is an unsafe trait; this one hands everything on to the system's")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicBool, AtomicI64, Ordering::Relaxed},
};

static COUNTING: AtomicBool = AtomicBool::new(false);
/// Bytes held beyond those held when counting began.
static HELD: AtomicI64 = AtomicI64::new(0);
static MOST: AtomicI64 = AtomicI64::new(0);

struct Counted;

#[global_allocator]
static ALLOCATOR: Counted = Counted;

fn add(bytes: usize) {
    if COUNTING.load(Relaxed) {
        let held = HELD.fetch_add(bytes as i64, Relaxed) + bytes as i64;
        MOST.fetch_max(held, Relaxed);
    }
}

fn take(bytes: usize) {
    if COUNTING.load(Relaxed) {
        HELD.fetch_sub(bytes as i64, Relaxed);
    }
}

// SAFETY: every call goes to the system's allocator unchanged, and what is counted touches no memory but its own.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: the caller's promise, handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: the caller's promise, handed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        take(layout.size());
        // SAFETY: the caller's promise, handed on.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both may be held while one is copied into the other.
        add(size);
        // SAFETY: the caller's promise, handed on.
        let moved = unsafe { System.realloc(pointer, layout, size) };
        take(layout.size());
        moved
    }
}

/// A count that goes on until it is asked for its result or dropped.
pub(super) struct Count(());

impl Count {
    /// Begins one; none while another goes on, as there is one heap.
    pub fn begin() -> Option<Self> {
        if COUNTING.swap(true, Relaxed) {
            return None;
        }
        HELD.store(0, Relaxed);
        MOST.store(0, Relaxed);
        Some(Self(()))
    }

    /// Most bytes held at once since it began, beyond those held then.
    pub fn most(self) -> f64 {
        MOST.load(Relaxed) as f64
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        COUNTING.store(false, Relaxed);
    }
}
