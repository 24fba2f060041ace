//! TensorBoard event files.
//!
//! A file of records (TFRecord): the length of the data as a little-endian u64, the masked CRC-32C of those eight bytes, the
//! data, and the masked CRC-32C of it. Each holds an `Event` in protobuf's wire format: a time, a step, and a summary of
//! values with a tag each, a number or (as the text plugin of TensorBoard has it) a text.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use super::CliError;
use crate::experiment::{Accuracies, Check, CurvePoint};

/// Version of the format, the first event of every file.
const VERSION: &str = "brain.Event:2";

/// An event file that is being written.
pub(super) struct Board {
    file: BufWriter<File>,
    path: std::path::PathBuf,
    begun: Instant,
    steps: u32,
}

impl Board {
    /// A new file in a folder, which is made if it is not there, with a text in it.
    pub fn new(folder: &Path, tag: &str, text: &str) -> Result<Self, CliError> {
        let cannot = |error| CliError::Request(format!("{} cannot be written: {error}", folder.display()));
        std::fs::create_dir_all(folder).map_err(cannot)?;
        let (seconds, process) = (now().floor(), std::process::id());
        let path = folder.join(format!("events.out.tfevents.{seconds:.0}.kindling.{process}"));
        let file = BufWriter::new(File::create(&path).map_err(cannot)?);
        let mut board = Self { file, path, begun: Instant::now(), steps: 0 };
        board.put(&event(0, &[field_bytes(3, VERSION.as_bytes())]))?;
        board.put(&event(0, &[field_bytes(5, &text_value(tag, text))]))?;
        Ok(board)
    }

    /// Writes the figures of some meta-steps.
    pub fn add(&mut self, points: &[CurvePoint], checks: &[Check]) -> Result<(), CliError> {
        self.steps += points.len() as u32;
        let pace = f64::from(self.steps) / self.begun.elapsed().as_secs_f64().max(1e-6);
        let last = points.last().map(|point| point.meta_step);
        for CurvePoint { meta_step, before, after, accuracy } in points {
            let mut values = vec![("loss/before", *before), ("loss/after", *after)];
            if let Some(Accuracies { before, after }) = accuracy {
                values.extend([("accuracy/before", *before), ("accuracy/after", *after)]);
            }
            // One number a look is enough of the pace.
            values.extend((Some(*meta_step) == last).then_some(("speed/meta_steps_per_second", pace as f32)));
            self.put(&scalars(*meta_step, &values))?;
        }
        for Check { meta_step, loss, accuracy } in checks {
            let accuracy = accuracy.map(|share| ("validation/accuracy", share));
            let values: Vec<(&str, f32)> = [("validation/loss", *loss)].into_iter().chain(accuracy).collect();
            self.put(&scalars(*meta_step, &values))?;
        }
        self.file.flush().map_err(|error| self.cannot(error))
    }

    fn put(&mut self, data: &[u8]) -> Result<(), CliError> {
        self.file.write_all(&record(data)).map_err(|error| self.cannot(error))
    }

    fn cannot(&self, error: std::io::Error) -> CliError {
        CliError::Request(format!("{} cannot be written: {error}", self.path.display()))
    }
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

/// A record of the file.
fn record(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    let (head, tail) = (masked(&length).to_le_bytes(), masked(data).to_le_bytes());
    [&length[..], &head, data, &tail].concat()
}

/// A checksum as records have it: one of data that holds checksums would be weak.
fn masked(data: &[u8]) -> u32 {
    crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8)
}

/// CRC-32C (Castagnoli), reflected, as in RFC 3720, appendix B.4.
fn crc32c(data: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            let (mut rest, mut bit) = (byte as u32, 0);
            while bit < 8 {
                rest = if rest & 1 == 1 { (rest >> 1) ^ 0x82f6_3b78 } else { rest >> 1 };
                bit += 1;
            }
            table[byte] = rest;
            byte += 1;
        }
        table
    };
    !data.iter().fold(!0, |crc: u32, byte| TABLE[((crc ^ u32::from(*byte)) & 0xff) as usize] ^ (crc >> 8))
}

/// An event at a step, now: wall time 1, step 2, and what it holds.
fn event(step: u32, parts: &[Vec<u8>]) -> Vec<u8> {
    let time = [&key(1, 1)[..], &now().to_le_bytes()].concat();
    let step = [key(2, 0), varint(step.into())].concat();
    [time, step].into_iter().chain(parts.iter().cloned()).flatten().collect()
}

/// An event of numbers: summary 5, its values 1, each a tag 1 and a simple value 2.
fn scalars(step: u32, values: &[(&str, f32)]) -> Vec<u8> {
    let value = |(tag, value): &(&str, f32)| {
        let number = [&key(2, 5)[..], &value.to_le_bytes()].concat();
        field_bytes(1, &[field_bytes(1, tag.as_bytes()), number].concat())
    };
    event(step, &[field_bytes(5, &values.iter().flat_map(value).collect::<Vec<u8>>())])
}

/// A summary of a text: its value has a tag 1, a tensor 8 of one string, and metadata 9 that name the plugin.
fn text_value(tag: &str, text: &str) -> Vec<u8> {
    // A tensor of strings (type 7), of one dimension of size 1, holding the text.
    let dimension = field_bytes(2, &[key(1, 0), varint(1)].concat());
    let tensor =
        [[key(1, 0), varint(7)].concat(), field_bytes(2, &dimension), field_bytes(8, text.as_bytes())].concat();
    // Plugin data 1 with the plugin's name 1; data class 4: a tensor.
    let metadata = [field_bytes(1, &field_bytes(1, b"text")), key(4, 0), varint(2)].concat();
    let value = [field_bytes(1, tag.as_bytes()), field_bytes(8, &tensor), field_bytes(9, &metadata)].concat();
    field_bytes(1, &value)
}

/// The key of a field: its number and its wire type.
fn key(field: u64, wire: u64) -> Vec<u8> {
    varint(field << 3 | wire)
}

fn field_bytes(field: u64, bytes: &[u8]) -> Vec<u8> {
    [key(field, 2), varint(bytes.len() as u64), bytes.to_vec()].concat()
}

/// Seven bits a byte, the lowest first; all but the last have their highest bit set.
fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of RFC 3720, appendix B.4, and the check value of the CRC catalogue.
    #[test]
    fn the_checksum_is_that_of_the_published_vectors() {
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(&[0xff; 32]), 0x62a8_ab43);
        let ascending: Vec<u8> = (0..32).collect();
        assert_eq!(crc32c(&ascending), 0x46dd_794e);
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
    }

    #[test]
    fn a_record_is_its_length_and_its_data_each_with_a_masked_checksum() {
        let data = b"123456789";
        let record = record(data);
        assert_eq!((&record[..8], &record[12..21]), (&9u64.to_le_bytes()[..], &data[..]));
        let mask = |crc: u32| crc.rotate_right(15).wrapping_add(0xa282_ead8);
        assert_eq!(record[21..], mask(0xe306_9283).to_le_bytes());
        assert_eq!(record[8..12], mask(crc32c(&9u64.to_le_bytes())).to_le_bytes());
    }

    #[test]
    fn an_event_of_scalars_is_laid_out_as_the_schema_says() {
        let bytes = scalars(300, &[("a", 1.0)]);
        // Wall time is a double of eight bytes behind its key.
        assert_eq!(bytes[0], 0x09);
        assert_eq!(bytes[9..], [0x10, 0xac, 0x02, 0x2a, 10, 0x0a, 8, 0x0a, 1, b'a', 0x15, 0, 0, 0x80, 0x3f]);
    }

    #[test]
    fn a_text_names_its_plugin() {
        let bytes = text_value("experiment", "{}");
        let has = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        assert!(has(b"experiment") && has(b"\x0a\x06\x0a\x04text") && has(b"\x42\x02{}"), "{bytes:?}");
    }
}
