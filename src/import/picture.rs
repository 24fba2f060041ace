//! Image files, decoded to grey: PNG, JPEG, GIF (its first frame) and BMP, known by how they begin. WebP
//! alone would add more than a third to what all of this weighs in the browser.

use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, MemoryLimit};
use zune_bmp::BmpDecoder;
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::JpegDecoder;
use zune_png::PngDecoder;

use super::{MAX_IMAGE_SIDE, png};

/// Endings of the names of files that are opened.
pub(super) const EXTENSIONS: [&str; 5] = ["png", "jpg", "jpeg", "gif", "bmp"];

/// Luminance, row-major: 0 is black.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grey {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<u8>,
}

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// More pixels than are decoded.
    TooWide { width: usize, height: usize },
    /// Another format, or damaged.
    Damaged,
}

pub(super) fn decode(bytes: &[u8]) -> Result<Grey, Unreadable> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => png_file(bytes),
        [0xff, 0xd8, ..] => jpeg(bytes),
        [b'G', b'I', b'F', b'8', ..] => gif(bytes),
        [b'B', b'M', ..] => bmp(bytes),
        _ => Err(Unreadable::Damaged),
    }
}

fn damaged<E>(_: E) -> Unreadable {
    Unreadable::Damaged
}

fn options() -> DecoderOptions {
    let options = DecoderOptions::new_safe().png_set_strip_to_8bit(true);
    // The decoders' own limits are out of the way: `check` knows which image it was.
    let any = usize::from(u16::MAX);
    options.set_max_width(any).set_max_height(any).jpeg_set_out_colorspace(ColorSpace::Luma)
}

/// Dimensions that may be decoded.
fn check(dimensions: Option<(usize, usize)>) -> Result<(usize, usize), Unreadable> {
    match dimensions {
        None | Some((0, _) | (_, 0)) => Err(Unreadable::Damaged),
        Some((width, height)) if width > MAX_IMAGE_SIDE || height > MAX_IMAGE_SIDE => {
            Err(Unreadable::TooWide { width, height })
        }
        Some(dimensions) => Ok(dimensions),
    }
}

fn png_file(bytes: &[u8]) -> Result<Grey, Unreadable> {
    let dimensions = check(png::dimensions(bytes))?;
    let bytes = png::safe(bytes, dimensions).ok_or(Unreadable::Damaged)?;
    let mut decoder = PngDecoder::new_with_options(ZCursor::new(bytes), options());
    let samples = decoder.decode_raw().map_err(damaged)?;
    grey(dimensions, decoder.colorspace(), &samples)
}

fn jpeg(bytes: &[u8]) -> Result<Grey, Unreadable> {
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options());
    decoder.decode_headers().map_err(damaged)?;
    let dimensions = check(decoder.info().map(|info| (usize::from(info.width), usize::from(info.height))))?;
    let samples = decoder.decode().map_err(damaged)?;
    grey(dimensions, decoder.output_colorspace(), &samples)
}

fn bmp(bytes: &[u8]) -> Result<Grey, Unreadable> {
    let mut decoder = BmpDecoder::new_with_options(ZCursor::new(bytes), options());
    decoder.decode_headers().map_err(damaged)?;
    let dimensions = check(decoder.dimensions())?;
    let samples = decoder.decode().map_err(damaged)?;
    grey(dimensions, decoder.colorspace(), &samples)
}

fn gif(bytes: &[u8]) -> Result<Grey, Unreadable> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    options.check_frame_consistency(true);
    let most = (4 * MAX_IMAGE_SIDE * MAX_IMAGE_SIDE) as u64;
    options.set_memory_limit(MemoryLimit::Bytes(NonZeroU64::new(most).ok_or(Unreadable::Damaged)?));
    let mut decoder = options.read_info(bytes).map_err(damaged)?;
    let (width, height) = check(Some((usize::from(decoder.width()), usize::from(decoder.height()))))?;
    let frame = decoder.read_next_frame().map_err(damaged)?.ok_or(Unreadable::Damaged)?;
    let of = (usize::from(frame.width), usize::from(frame.height));
    let drawn = grey(check(Some(of))?, Some(ColorSpace::RGBA), &frame.buffer)?;

    let mut whole = Grey { width, height, values: vec![255; width * height] };
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    for (y, row) in drawn.values.chunks(drawn.width).enumerate() {
        let start = (top + y) * width + left;
        whole.values.get_mut(start..start + row.len()).ok_or(Unreadable::Damaged)?.copy_from_slice(row);
    }
    Ok(whole)
}

/// Luminance of `samples`, one byte a channel, lying on white paper.
fn grey((width, height): (usize, usize), colours: Option<ColorSpace>, samples: &[u8]) -> Result<Grey, Unreadable> {
    let pixels = width * height;
    let values: Vec<u8> = match colours {
        Some(ColorSpace::Luma) => samples.to_vec(),
        Some(ColorSpace::LumaA) => samples.as_chunks().0.iter().map(|&[grey, alpha]| on_white(grey, alpha)).collect(),
        Some(ColorSpace::RGB) => samples.as_chunks().0.iter().map(|&[r, g, b]| luminance(r, g, b)).collect(),
        Some(ColorSpace::RGBA) => {
            let pixels = samples.as_chunks().0.iter();
            pixels.map(|&[r, g, b, alpha]| on_white(luminance(r, g, b), alpha)).collect()
        }
        _ => return Err(Unreadable::Damaged),
    };
    if values.len() == pixels { Ok(Grey { width, height, values }) } else { Err(Unreadable::Damaged) }
}

/// ITU-R BT.601 in 16 bits, as Pillow's conversion to `L` has it.
fn luminance(r: u8, g: u8, b: u8) -> u8 {
    ((19595 * u32::from(r) + 38470 * u32::from(g) + 7471 * u32::from(b) + 0x8000) >> 16) as u8
}

fn on_white(grey: u8, alpha: u8) -> u8 {
    let (grey, alpha) = (u32::from(grey), u32::from(alpha));
    ((grey * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}
