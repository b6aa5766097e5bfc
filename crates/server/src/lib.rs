//! The desk: a local page that answers while one moves it.
//!
//! One process, no store, no path from a request to the file system. [`guard`] says who may ask, [`routes`] what there is, [`work`] how much is
//! done at once, [`serve`] listens and stops. The library answers; this crate only carries. A room for two sides will stand beside the desk:
//! its events, its store and its streams are folders of their own here, and its routes an arm of [`routes`].

pub mod asset;
pub mod desk;
pub mod guard;
pub mod limits;
pub mod memory;
pub mod part;
pub mod reply;
pub mod routes;
pub mod serve;
pub mod site;
pub mod stalled;
pub mod work;
