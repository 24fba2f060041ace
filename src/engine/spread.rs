//! Work on all cores of the machine.

use crate::model::Place;

/// `f` of every item, in order; on the CPU of a machine with several cores, side by side.
#[cfg(not(target_family = "wasm"))]
pub(super) fn spread<T: Send>(place: &Place, items: &[u32], f: impl Fn(u32) -> T + Sync) -> Vec<T> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    if !place.is_cpu() || items.len() < 2 || cores < 2 {
        return items.iter().map(|&item| f(item)).collect();
    }
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(&item) = items.get(place) else { return done };
            done.push((place, f(item)));
        }
    };
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..cores.min(items.len())).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        for other in others {
            match other.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, done)| done).collect()
}

#[cfg(target_family = "wasm")]
pub(super) fn spread<T>(_place: &Place, items: &[u32], f: impl Fn(u32) -> T) -> Vec<T> {
    items.iter().map(|&item| f(item)).collect()
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items_whoever_is_done_first() {
        let slow_first = |item: u32| {
            let busy = std::hint::black_box(8 - item) * 200_000;
            std::hint::black_box((0..busy).fold(0, u32::wrapping_add));
            10 * item
        };
        assert_eq!(spread(&Place::cpu(), &[0, 1, 2, 3, 4, 5, 6, 7], slow_first), [0, 10, 20, 30, 40, 50, 60, 70]);
        assert_eq!(spread(&Place::cpu(), &[], slow_first), [0; 0]);
    }
}
