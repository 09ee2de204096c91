//! What a virtual display shows, read from the file it keeps its pixels in.
//!
//! `Xvfb -fbdir` writes a window dump (`XWDFile.h`, version 7): a header of 32-bit numbers in
//! big-endian order, a colour map, then rows of pixels. Reading it needs no program for
//! screenshots.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// More colours than an empty window or an error page of a few lines has.
const COLOURS: usize = 24;

/// One picture, rows of red, green and blue.
#[derive(PartialEq, Eq)]
pub(crate) struct Screen {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Screen {
    /// Reads the dump as it is now.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        Self::parse(&fs::read(file)?)
    }

    fn parse(dump: &[u8]) -> Result<Self> {
        let field = |place: usize| -> Result<u32> {
            let bytes = dump
                .get(place * 4..place * 4 + 4)
                .context("the dump is cut off")?;
            Ok(u32::from_be_bytes(bytes.try_into()?))
        };
        let (header, width, height) = (field(0)?, field(4)?, field(5)?);
        let (little_endian, bits, row, colours) =
            (field(7)? == 0, field(11)?, field(12)?, field(19)?);
        ensure!(
            field(1)? == 7 && bits == 32,
            "the dump is of a kind that is not known here"
        );
        let start = (header + colours * 12) as usize;
        let mut pixels = Vec::with_capacity((width * height * 3) as usize);
        for y in 0..height {
            let from = start + (y * row) as usize;
            let line = dump
                .get(from..from + (width * 4) as usize)
                .context("the dump is cut off")?;
            for pixel in line.chunks_exact(4) {
                match (little_endian, pixel) {
                    (true, [blue, green, red, _]) | (false, [_, red, green, blue]) => {
                        pixels.extend([red, green, blue]);
                    }
                    _ => unreachable!("chunks are of four bytes"),
                }
            }
        }
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// Whether there is more to see than an empty window.
    pub(crate) fn is_painted(&self) -> bool {
        self.pixels.chunks_exact(3).collect::<HashSet<_>>().len() > COLOURS
    }

    /// Writes the picture as a PNG.
    pub(crate) fn save(&self, file: &Path) -> Result<()> {
        let mut encoder =
            png::Encoder::new(BufWriter::new(File::create(file)?), self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header()?.write_image_data(&self.pixels)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A dump of one row, as Xvfb writes it on a little-endian computer.
    fn dump(pixels: &[[u8; 4]]) -> Vec<u8> {
        let mut fields = [0_u32; 25];
        let width = pixels.len() as u32;
        (fields[0], fields[1], fields[4], fields[5]) = (100, 7, width, 1);
        (fields[11], fields[12], fields[19]) = (32, width * 4, 1);
        let mut bytes: Vec<u8> = fields
            .iter()
            .flat_map(|field| field.to_be_bytes())
            .collect();
        bytes.extend([0; 12]);
        bytes.extend(pixels.iter().flatten());
        bytes
    }

    #[test]
    fn a_dump_is_read_after_its_header_and_colour_map() {
        let screen = Screen::parse(&dump(&[[1, 2, 3, 0], [4, 5, 6, 0]])).unwrap();
        assert_eq!((screen.width, screen.height), (2, 1));
        assert_eq!(screen.pixels, [3, 2, 1, 6, 5, 4]);
    }

    #[test]
    fn an_empty_window_is_not_painted() {
        assert!(
            !Screen::parse(&dump(&[[9, 9, 9, 0]; 100]))
                .unwrap()
                .is_painted()
        );
        let many: Vec<[u8; 4]> = (0..100).map(|shade| [shade, 0, 0, 0]).collect();
        assert!(Screen::parse(&dump(&many)).unwrap().is_painted());
    }

    #[test]
    fn a_dump_that_is_cut_off_is_refused() {
        let whole = dump(&[[1, 2, 3, 0]]);
        assert!(Screen::parse(&whole[..whole.len() - 1]).is_err());
        assert!(Screen::parse(&[]).is_err());
    }
}
