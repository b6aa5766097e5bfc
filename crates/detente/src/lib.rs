//! The open engine for trade wars and trade talks: the library.
