//! Every limit of the server, in one place.

use std::time::Duration;

/// Connections at once.
pub const CONNECTIONS: usize = 1_024;
/// Bytes of a request's body.
pub const BODY: usize = 16_384;
/// Characters of a request's address.
pub const ADDRESS: usize = 4_000;
/// A request's heads must have come by then.
pub const HEADERS: Duration = Duration::from_secs(5);
/// A request's body must have come by then.
pub const BODY_TIME: Duration = Duration::from_secs(5);
/// Whoever reads nothing of what is sent for so long is let go.
pub const STALLED: Duration = Duration::from_secs(20);
/// Longest life of a connection; one that asks nothing is closed once [`HEADERS`] have passed.
pub const LIFE: Duration = Duration::from_secs(3_600);
/// Moves that may wait.
pub const QUEUE: usize = 256;
/// How long a move waits before it is told to come again.
pub const WAIT: Duration = Duration::from_secs(1);
/// How long a state waits for its day, which is opened one at a time, before it is told to come again.
pub const DAY_WAIT: Duration = Duration::from_secs(8);
/// Jobs that may wait; they yield to moves.
pub const JOBS: usize = 8;
/// Days kept, of half a megabyte each.
pub const DAYS: usize = 24;
/// Answers kept, of some 200 kB each with their pictures: enough for undo and redo of a few readers. More would be memory for states that
/// nobody asks again.
pub const ANSWERS: usize = 64;
/// Runs behind a band.
pub const RUNS: usize = 200;
/// What is under way may end, once a stop is asked for.
pub const STOP: Duration = Duration::from_secs(3);
