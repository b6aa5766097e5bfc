//! Independent work on all processors.

use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};

/// Does `work` on every item, as many at a time as there are processors, each thread with a `room` of its own. What was found comes in the
/// order of the items and does not depend on the number of threads. A panic in `work` stays one.
pub fn on_all_processors<Item, Room, Found>(
    items: impl IntoIterator<Item = Item, IntoIter: ExactSizeIterator + Send>,
    room: impl Fn() -> Room + Sync,
    work: impl Fn(&mut Room, Item) -> Found + Sync,
) -> Vec<Found>
where
    Found: Send,
{
    let items = items.into_iter();
    let count = items.len();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(count.max(1));
    let queue = Mutex::new(items.enumerate());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let run = || {
        let mut room = room();
        let mut done = Vec::new();
        while let Some((position, item)) = next() {
            done.push((position, work(&mut room, item)));
        }
        done
    };
    let mut found: Vec<(usize, Found)> = Vec::with_capacity(count);
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        for thread in running {
            found.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
    });
    found.sort_unstable_by_key(|(position, _)| *position);
    found.into_iter().map(|(_, found)| found).collect()
}

#[cfg(test)]
mod tests {
    use super::on_all_processors;

    #[test]
    fn what_is_found_comes_in_the_order_of_the_items() {
        let found = on_all_processors(
            (0..1000_u32).map(u64::from),
            || 1,
            |one, item| {
                std::thread::sleep(std::time::Duration::from_micros(1000 - item));
                item + *one
            },
        );
        assert_eq!(found, (1..=1000).collect::<Vec<_>>());
        assert!(on_all_processors(Vec::<u8>::new(), || (), |(), item| item).is_empty());
    }
}
