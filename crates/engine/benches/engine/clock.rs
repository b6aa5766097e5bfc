//! Medians of a thread's own processor time, which a machine with other work to do stretches less than the clock on the wall.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Seconds that this thread spent on a processor.
#[cfg(target_os = "linux")]
pub fn thread_seconds() -> f64 {
    #[repr(C)]
    struct Time {
        seconds: i64,
        nanoseconds: i64,
    }
    unsafe extern "C" {
        fn clock_gettime(clock: i32, time: *mut Time) -> i32;
    }
    const THREAD: i32 = 3;
    let mut time = Time { seconds: 0, nanoseconds: 0 };
    // SAFETY: the C library fills the structure that it is given, which has the layout of its timespec.
    unsafe { clock_gettime(THREAD, &raw mut time) };
    time.seconds as f64 + 1e-9 * time.nanoseconds as f64
}

/// Seconds by the clock on the wall, where a thread's own are not asked for.
#[cfg(not(target_os = "linux"))]
pub fn thread_seconds() -> f64 {
    use std::sync::OnceLock;
    static BEGIN: OnceLock<Instant> = OnceLock::new();
    BEGIN.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// Seconds of one run: the median of at least five and, while they take less than a second together, at most 501.
pub fn median<T>(mut action: impl FnMut() -> T) -> f64 {
    let wall = Instant::now();
    let mut times = Vec::new();
    while times.len() < 5 || (wall.elapsed() < Duration::from_secs(1) && times.len() < 501) {
        let begin = thread_seconds();
        black_box(action());
        times.push(thread_seconds() - begin);
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
