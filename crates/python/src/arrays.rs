//! Arrays that are views of what an answer holds: nothing is copied, and the answer lives as long as a view of it.
#![allow(unsafe_code, reason = "a view of memory that its base keeps alive is what numpy calls unsafe")]

use numpy::ndarray::ArrayView;
use numpy::{PyArray1, PyArray3, PyArrayMethods};
use pyo3::prelude::*;

/// `[importer, exporter, sector]` of values that lie sector by sector, importer by importer; read-only, kept alive by `owner`.
///
/// `values` must belong to `owner` and never be written or moved while that lives: answers are frozen.
pub fn cells<'py>(
    owner: &Bound<'py, PyAny>,
    values: &[f64],
    economies: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let sectors = values.len() / (economies * economies).max(1);
    let view = ArrayView::from_shape((sectors, economies, economies), values)
        .map_err(|error| pyo3::exceptions::PyValueError::new_err(error.to_string()))?;
    // SAFETY: the owner is a frozen class that holds the values for as long as it lives, and becomes the base of the array.
    let array: Bound<'py, PyArray3<f64>> = unsafe { PyArray3::borrow_from_array(&view, owner.clone()) };
    array.readwrite().make_nonwriteable();
    array.as_any().call_method1("transpose", (1, 2, 0))
}

/// `[economy, sector]` of values that lie sector by sector.
pub fn pairs<'py>(py: Python<'py>, values: &[f64], economies: usize) -> PyResult<Bound<'py, PyAny>> {
    let flat = PyArray1::from_slice(py, values);
    let shaped = flat.reshape([values.len() / economies.max(1), economies])?;
    shaped.as_any().call_method1("transpose", (1, 0))
}
