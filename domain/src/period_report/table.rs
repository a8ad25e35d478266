//! Records of text after RFC 4180: what reports are frozen and exported as. The rules are compiled without serde, which the
//! usual crate for this needs; other libraries read what is written here in the tests.

/// Adds a record, ended by CR LF. A field is quoted where it has to be.
pub(super) fn write(fields: &[&str], out: &mut String) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        // A record of one empty field would be an empty line, which readers pass over.
        if field.contains([',', '"', '\r', '\n']) || (fields.len() == 1 && field.is_empty()) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push_str("\r\n");
}

/// The records that [`write`] made; `None` for any other text, however close it comes.
pub(super) fn read(text: &str) -> Option<Vec<Vec<String>>> {
    let (mut records, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let mut record = Vec::new();
        loop {
            let (field, after) = field(rest)?;
            record.push(field);
            if let Some(next) = after.strip_prefix(',') {
                rest = next;
            } else {
                rest = after.strip_prefix("\r\n")?;
                break;
            }
        }
        records.push(record);
    }
    Some(records)
}

fn field(text: &str) -> Option<(String, &str)> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find([',', '"', '\r', '\n'])?;
        let (field, after) = text.split_at_checked(end)?;
        return Some((field.to_owned(), after));
    };
    let mut field = String::new();
    loop {
        let (part, after) = rest.split_once('"')?;
        field.push_str(part);
        match after.strip_prefix('"') {
            Some(next) => {
                field.push('"');
                rest = next;
            }
            None => return Some((field, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_written_is_read_again(records in proptest::collection::vec(proptest::collection::vec(".{0,12}|[,\"\r\n]{0,4}", 1..5), 0..6)) {
            let mut text = String::new();
            for record in &records {
                write(&record.iter().map(String::as_str).collect::<Vec<_>>(), &mut text);
            }
            prop_assert_eq!(read(&text), Some(records));
        }
    }

    #[test]
    fn other_text_is_not_read() {
        for text in ["a", "a\n", "\"a", "\"a\"b\r\n", "a\"b\r\n", "a,b\r"] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
