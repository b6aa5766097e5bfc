//! Tables for whoever reads Arrow: the C stream interface (Apache Arrow, "The Arrow C stream interface"), one batch, numbers where they lie.
//!
//! The structures are those of the specification, field by field. A structure that is handed over is released by whoever took it, once; what it
//! points at lives in its private data until then.
#![allow(unsafe_code, reason = "the interface is three structures of C with functions that release them")]

use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::Arc;

use numpy::{PyReadonlyArray1, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// `struct ArrowSchema`.
#[repr(C)]
struct Schema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *mut *mut Schema,
    dictionary: *mut Schema,
    release: Option<unsafe extern "C" fn(*mut Schema)>,
    private_data: *mut c_void,
}

/// `struct ArrowArray`.
#[repr(C)]
struct Array {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut Array,
    dictionary: *mut Array,
    release: Option<unsafe extern "C" fn(*mut Array)>,
    private_data: *mut c_void,
}

/// `struct ArrowArrayStream`.
#[repr(C)]
struct Stream {
    get_schema: Option<unsafe extern "C" fn(*mut Stream, *mut Schema) -> c_int>,
    get_next: Option<unsafe extern "C" fn(*mut Stream, *mut Array) -> c_int>,
    get_last_error: Option<unsafe extern "C" fn(*mut Stream) -> *const c_char>,
    release: Option<unsafe extern "C" fn(*mut Stream)>,
    private_data: *mut c_void,
}

// SAFETY: the specification asks that a stream may be released on any thread; what ours owns (vectors and counted references to Python's
// objects, which pyo3 lets go of under the lock) may be.
unsafe impl Send for Stream {}

impl Drop for Stream {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: not released yet, else the pointer would be empty.
            unsafe { release(self) };
        }
    }
}

/// Nullable, as the specification numbers it.
const NULLABLE: i64 = 2;

/// Text end to end, with the place where each word begins and the last one ends.
struct Words {
    offsets: Vec<i32>,
    bytes: Vec<u8>,
}

impl Words {
    fn of(words: &[String]) -> Result<Self, std::num::TryFromIntError> {
        let mut held = Self { offsets: vec![0], bytes: Vec::new() };
        for word in words {
            held.bytes.extend_from_slice(word.as_bytes());
            held.offsets.push(i32::try_from(held.bytes.len())?);
        }
        Ok(held)
    }
}

/// Numbers of an array of Python's, or of our own where its numbers do not lie one after the other.
struct Numbers<T> {
    first: *const T,
    /// What the pointer needs: it is read no more.
    _owner: Option<Py<PyAny>>,
    _own: Vec<T>,
}

impl<T: Copy + numpy::Element> Numbers<T> {
    fn of(array: &PyReadonlyArray1<'_, T>) -> Self {
        match array.as_slice() {
            Ok(slice) => Self {
                first: slice.as_ptr(),
                _owner: Some(array.as_any().clone().unbind()),
                _own: Vec::new(),
            },
            Err(_) => {
                let own: Vec<T> = array.as_array().iter().copied().collect();
                Self { first: own.as_ptr(), _owner: None, _own: own }
            }
        }
    }
}

enum Cells {
    Numbers(Numbers<f64>),
    Coded(Numbers<i32>, Words),
    Plain(Words),
}

struct Held {
    name: CString,
    metadata: Vec<u8>,
    cells: Cells,
    /// A bit for each row, set where there is a value; empty where all have one.
    valid: Vec<u8>,
    missing: i64,
}

struct Frame {
    columns: Vec<Arc<Held>>,
    rows: i64,
}

/// Keys and values as the specification lays them out: counts and lengths in the machine's byte order.
fn metadata(pairs: &[(&str, &str)]) -> Result<Vec<u8>, std::num::TryFromIntError> {
    let mut found = i32::try_from(pairs.len())?.to_ne_bytes().to_vec();
    for text in pairs.iter().flat_map(|(key, value)| [key, value]) {
        found.extend_from_slice(&i32::try_from(text.len())?.to_ne_bytes());
        found.extend_from_slice(text.as_bytes());
    }
    Ok(found)
}

fn valid(rows: usize, is_there: impl Fn(usize) -> bool) -> (Vec<u8>, i64) {
    let mut bits = vec![0_u8; rows.div_ceil(8)];
    let mut missing = 0;
    for row in 0..rows {
        if is_there(row) {
            bits[row / 8] |= 1 << (row % 8);
        } else {
            missing += 1;
        }
    }
    if missing == 0 { (Vec::new(), 0) } else { (bits, missing) }
}

/// A column as Python gives it: name, unit, label, then numbers, or codes (−1: none) with what they stand for, or words.
#[derive(FromPyObject)]
pub struct Given<'py> {
    #[pyo3(item)]
    name: String,
    #[pyo3(item)]
    unit: String,
    #[pyo3(item)]
    label: String,
    #[pyo3(item)]
    numbers: Option<PyReadonlyArray1<'py, f64>>,
    #[pyo3(item)]
    codes: Option<PyReadonlyArray1<'py, i32>>,
    #[pyo3(item)]
    words: Vec<Option<String>>,
}

impl Given<'_> {
    fn rows(&self) -> usize {
        let numbers = self.numbers.as_ref().map(|held| held.len());
        numbers.or_else(|| self.codes.as_ref().map(|held| held.len())).unwrap_or(self.words.len())
    }

    fn held(&self) -> PyResult<Held> {
        let large =
            |_| pyo3::exceptions::PyValueError::new_err(format!("`{}`: more than 2 GB of text", self.name));
        let rows = self.rows();
        let plain: Vec<String> = self.words.iter().map(|word| word.clone().unwrap_or_default()).collect();
        let (cells, (valid, missing)) = match (&self.numbers, &self.codes) {
            (Some(numbers), _) => {
                let view = numbers.as_array();
                (Cells::Numbers(Numbers::of(numbers)), valid(rows, |row| !view[row].is_nan()))
            }
            (None, Some(codes)) => {
                let view = codes.as_array();
                let known = plain.len();
                let out = view.iter().any(|code| usize::try_from(*code).is_ok_and(|code| code >= known));
                if out {
                    return Err(pyo3::exceptions::PyValueError::new_err(format!(
                        "`{}`: a code beyond its {known} words",
                        self.name
                    )));
                }
                let words = Words::of(&plain).map_err(large)?;
                (Cells::Coded(Numbers::of(codes), words), valid(rows, |row| view[row] >= 0))
            }
            (None, None) => {
                let words = Words::of(&plain).map_err(large)?;
                (Cells::Plain(words), valid(rows, |row| self.words[row].is_some()))
            }
        };
        let pairs = [("detente.unit", self.unit.as_str()), ("detente.label", self.label.as_str())];
        Ok(Held {
            name: CString::new(self.name.as_str())?,
            metadata: metadata(&pairs).map_err(large)?,
            cells,
            valid,
            missing,
        })
    }
}

/// What a schema points at.
struct SchemaOwner {
    _held: Option<Arc<Held>>,
    children: Vec<*mut Schema>,
}

unsafe extern "C" fn release_schema(schema: *mut Schema) {
    // SAFETY: called once, by whoever holds the structure; its parts were made by `Box::into_raw` here, and a part that was moved out of its
    // place by the consumer has an empty `release` there.
    unsafe {
        let owner = Box::from_raw((*schema).private_data.cast::<SchemaOwner>());
        for part in
            owner.children.iter().copied().chain([(*schema).dictionary]).filter(|part| !part.is_null())
        {
            if let Some(release) = (*part).release {
                release(part);
            }
            drop(Box::from_raw(part));
        }
        (*schema).release = None;
    }
}

fn schema(
    format: &'static [u8],
    held: Option<&Arc<Held>>,
    children: Vec<*mut Schema>,
    dictionary: *mut Schema,
) -> Schema {
    let mut owner = Box::new(SchemaOwner { _held: held.cloned(), children });
    Schema {
        format: format.as_ptr().cast(),
        name: held.map_or(c"".as_ptr(), |held| held.name.as_ptr()),
        metadata: held.map_or(ptr::null(), |held| held.metadata.as_ptr().cast()),
        flags: if held.is_some() { NULLABLE } else { 0 },
        n_children: owner.children.len() as i64,
        children: owner.children.as_mut_ptr(),
        dictionary,
        release: Some(release_schema),
        private_data: Box::into_raw(owner).cast(),
    }
}

fn column_schema(held: &Arc<Held>) -> Schema {
    match held.cells {
        Cells::Numbers(_) => schema(b"g\0", Some(held), Vec::new(), ptr::null_mut()),
        Cells::Coded(..) => {
            let words = Box::into_raw(Box::new(schema(b"u\0", None, Vec::new(), ptr::null_mut())));
            schema(b"i\0", Some(held), Vec::new(), words)
        }
        Cells::Plain(_) => schema(b"u\0", Some(held), Vec::new(), ptr::null_mut()),
    }
}

/// What an array points at.
struct ArrayOwner {
    _held: Option<Arc<Held>>,
    buffers: Vec<*const c_void>,
    children: Vec<*mut Array>,
}

unsafe extern "C" fn release_array(array: *mut Array) {
    // SAFETY: as for schemas.
    unsafe {
        let owner = Box::from_raw((*array).private_data.cast::<ArrayOwner>());
        for part in owner.children.iter().copied().chain([(*array).dictionary]).filter(|part| !part.is_null())
        {
            if let Some(release) = (*part).release {
                release(part);
            }
            drop(Box::from_raw(part));
        }
        (*array).release = None;
    }
}

fn array(
    length: i64,
    missing: i64,
    held: Option<&Arc<Held>>,
    buffers: Vec<*const c_void>,
    children: Vec<*mut Array>,
    dictionary: *mut Array,
) -> Array {
    let mut owner = Box::new(ArrayOwner { _held: held.cloned(), buffers, children });
    Array {
        length,
        null_count: missing,
        offset: 0,
        n_buffers: owner.buffers.len() as i64,
        n_children: owner.children.len() as i64,
        buffers: owner.buffers.as_mut_ptr(),
        children: owner.children.as_mut_ptr(),
        dictionary,
        release: Some(release_array),
        private_data: Box::into_raw(owner).cast(),
    }
}

fn column_array(held: &Arc<Held>, rows: i64) -> Array {
    let valid: *const c_void = if held.valid.is_empty() { ptr::null() } else { held.valid.as_ptr().cast() };
    let text = |words: &Words| [words.offsets.as_ptr().cast(), words.bytes.as_ptr().cast()];
    match &held.cells {
        Cells::Numbers(numbers) => array(
            rows,
            held.missing,
            Some(held),
            vec![valid, numbers.first.cast()],
            Vec::new(),
            ptr::null_mut(),
        ),
        Cells::Coded(codes, words) => {
            let [offsets, bytes] = text(words);
            let count = words.offsets.len() as i64 - 1;
            let known =
                array(count, 0, Some(held), vec![ptr::null(), offsets, bytes], Vec::new(), ptr::null_mut());
            let known = Box::into_raw(Box::new(known));
            array(rows, held.missing, Some(held), vec![valid, codes.first.cast()], Vec::new(), known)
        }
        Cells::Plain(words) => {
            let [offsets, bytes] = text(words);
            array(rows, held.missing, Some(held), vec![valid, offsets, bytes], Vec::new(), ptr::null_mut())
        }
    }
}

/// A stream's table, and whether its one batch was given.
struct StreamOwner {
    frame: Frame,
    given: bool,
}

unsafe extern "C" fn get_schema(stream: *mut Stream, out: *mut Schema) -> c_int {
    // SAFETY: the stream is one of ours that is not released, and `out` is room for a schema, as the specification asks.
    unsafe {
        let owner = &*(*stream).private_data.cast::<StreamOwner>();
        let children = owner.frame.columns.iter().map(|held| Box::into_raw(Box::new(column_schema(held))));
        out.write(schema(b"+s\0", None, children.collect(), ptr::null_mut()));
    }
    0
}

unsafe extern "C" fn get_next(stream: *mut Stream, out: *mut Array) -> c_int {
    // SAFETY: as above. After the one batch the end is told by an array that is released.
    unsafe {
        let owner = &mut *(*stream).private_data.cast::<StreamOwner>();
        let rows = owner.frame.rows;
        if owner.given {
            let mut end = array(0, 0, None, Vec::new(), Vec::new(), ptr::null_mut());
            release_array(&raw mut end);
            out.write(end);
        } else {
            owner.given = true;
            let children =
                owner.frame.columns.iter().map(|held| Box::into_raw(Box::new(column_array(held, rows))));
            out.write(array(rows, 0, None, vec![ptr::null()], children.collect(), ptr::null_mut()));
        }
    }
    0
}

unsafe extern "C" fn get_last_error(_: *mut Stream) -> *const c_char {
    ptr::null()
}

unsafe extern "C" fn release_stream(stream: *mut Stream) {
    // SAFETY: called once; the private data were made by `Box::into_raw` here.
    unsafe {
        drop(Box::from_raw((*stream).private_data.cast::<StreamOwner>()));
        (*stream).release = None;
    }
}

/// A table as a capsule `arrow_array_stream`: one batch; numbers at the address where they lie, not-a-number as missing, codes as dictionaries.
#[pyfunction]
pub fn arrow_stream<'py>(py: Python<'py>, given: Vec<Given<'py>>) -> PyResult<Bound<'py, PyCapsule>> {
    let rows = given.first().map_or(0, Given::rows);
    if let Some(other) = given.iter().find(|column| column.rows() != rows) {
        return Err(pyo3::exceptions::PyValueError::new_err(format!(
            "`{}` has {} rows, the first column {rows}",
            other.name,
            other.rows()
        )));
    }
    let columns = given.iter().map(|column| column.held().map(Arc::new)).collect::<PyResult<Vec<_>>>()?;
    let owner = StreamOwner { frame: Frame { columns, rows: rows as i64 }, given: false };
    let stream = Stream {
        get_schema: Some(get_schema),
        get_next: Some(get_next),
        get_last_error: Some(get_last_error),
        release: Some(release_stream),
        private_data: Box::into_raw(Box::new(owner)).cast(),
    };
    PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
}
