//! The economics: exact hat algebra, gradients, games.
