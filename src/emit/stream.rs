//! Many documents as one stream.

use std::io::{self, Write};

use super::EmitError;

/// Writes YAML documents with a line `---` between them.
///
/// A reader that has seen enough and closes the pipe (`| head`) is no error; any other failure to write is.
pub fn stream<'a>(
    out: impl Write,
    documents: impl IntoIterator<Item = &'a str>,
) -> Result<(), EmitError> {
    match write_all(out, documents) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(EmitError::Stream),
    }
}

fn write_all<'a>(
    mut out: impl Write,
    documents: impl IntoIterator<Item = &'a str>,
) -> io::Result<()> {
    for (index, document) in documents.into_iter().enumerate() {
        if index > 0 {
            out.write_all(b"---\n")?;
        }
        out.write_all(document.as_bytes())?;
        if !document.ends_with('\n') {
            out.write_all(b"\n")?;
        }
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streamed(documents: &[&str]) -> String {
        let mut out = Vec::new();
        stream(&mut out, documents.iter().copied()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn documents_are_separated() {
        assert_eq!(streamed(&[]), "");
        assert_eq!(streamed(&["a: 1\n"]), "a: 1\n");
        assert_eq!(
            streamed(&["a: 1\n", "b: 2", "c: 3\n"]),
            "a: 1\n---\nb: 2\n---\nc: 3\n"
        );
    }

    struct Fails(io::ErrorKind);

    impl Write for Fails {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_closed_pipe_is_no_error_but_a_full_disk_is() {
        assert!(stream(Fails(io::ErrorKind::BrokenPipe), ["a"]).is_ok());
        assert!(stream(Fails(io::ErrorKind::BrokenPipe), []).is_ok());
        assert!(matches!(
            stream(Fails(io::ErrorKind::StorageFull), ["a"]),
            Err(EmitError::Stream(_))
        ));
    }
}
