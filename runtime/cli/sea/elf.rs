//! Puts a note into an executable of the ELF format: behind all that is there, in a segment and a section of its own.
//! Nothing is moved but the tables of segments and sections, which grow.

use ironode::embedded;

/// Segments begin at multiples of this.
const PAGE: usize = 4096;

/// The contents of the note begin at a multiple of this.
const ALIGNMENT: usize = 16;

const FILE_HEADER: usize = 64;
const SEGMENT: usize = 56;
const SECTION: usize = 64;

const LOAD: u32 = 1;
const NOTE: u32 = 4;
const TABLE: u32 = 6;
const READABLE: u32 = 4;

const SECTION_NOTE: u32 = 7;
const ALLOCATED: u64 = 2;

/// The name of the section.
const SECTION_NAME: &[u8] = b".note.node.sea\0";

/// The little-endian number of `SIZE` bytes at a place.
fn number<const SIZE: usize>(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes: &[u8; SIZE] = bytes.get(at..)?.first_chunk()?;
    let mut word = [0; size_of::<u64>()];
    word[..SIZE].copy_from_slice(bytes);
    usize::try_from(u64::from_le_bytes(word)).ok()
}

/// One entry of the table of segments.
#[derive(Clone, Copy)]
struct Segment {
    kind: u32,
    flags: u32,
    /// Where it begins in the file, where in memory, and how much of either it takes.
    offset: u64,
    address: u64,
    size: u64,
    size_in_memory: u64,
    alignment: u64,
}

impl Segment {
    fn read(bytes: &[u8], at: usize) -> Option<Self> {
        let word = |place: usize| number::<8>(bytes, at + place).map(|word| word as u64);
        Some(Segment {
            kind: number::<4>(bytes, at)? as u32,
            flags: number::<4>(bytes, at + 4)? as u32,
            offset: word(8)?,
            address: word(16)?,
            size: word(32)?,
            size_in_memory: word(40)?,
            alignment: word(48)?,
        })
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.kind.to_le_bytes());
        bytes.extend_from_slice(&self.flags.to_le_bytes());
        let words = [self.offset, self.address, self.address, self.size, self.size_in_memory, self.alignment];
        bytes.extend(words.into_iter().flat_map(u64::to_le_bytes));
    }
}

/// Puts `contents` into the executable as the note that its start looks for.
pub(super) fn insert(mut file: Vec<u8>, contents: &[u8]) -> Result<Vec<u8>, String> {
    let is_elf = file.starts_with(b"\x7fELF\x02\x01") && file.len() > FILE_HEADER;
    if !is_elf {
        let is_other = [&b"MZ"[..], b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\x7fELF"];
        return Err(if is_other.iter().any(|magic| file.starts_with(magic)) {
            String::from("Executables of this format are not supported by Ironode yet")
        } else {
            String::from("Executable must be a supported format: ELF, PE, or Mach-O")
        });
    }
    blow_fuse(&mut file)?;
    let damaged = || String::from("The executable is damaged: its tables are not where it says");
    append(file, contents).ok_or_else(damaged)
}

/// Says in the executable that there is a note.
fn blow_fuse(file: &mut [u8]) -> Result<(), String> {
    let fuse = embedded::fuse();
    let sentinel = &fuse[..fuse.len() - b":0".len()];
    let shown = String::from_utf8_lossy(sentinel);
    let mut found = memchr::memmem::find_iter(file, sentinel);
    let (first, second) = (found.next(), found.next());
    let first = first.ok_or_else(|| format!("sentinel {shown} not found"))?;
    if second.is_some() {
        return Err(format!("found more than one occurrence of sentinel {shown}"));
    }
    let last = first + fuse.len() - 1;
    match file.get_mut(last) {
        Some(byte @ b'0') => {
            *byte = b'1';
            Ok(())
        }
        _ => Err(format!("note section {} already exists in the ELF executable", embedded::NOTE)),
    }
}

/// The bytes of the note, up to its contents.
fn head(size: usize) -> Option<Vec<u8>> {
    let name = [embedded::NOTE.as_bytes(), b"\0"].concat();
    let mut head = Vec::new();
    head.extend_from_slice(&(name.len() as u32).to_le_bytes());
    head.extend_from_slice(&u32::try_from(size).ok()?.to_le_bytes());
    head.extend_from_slice(&0_u32.to_le_bytes());
    head.extend_from_slice(&name);
    head.resize(head.len().next_multiple_of(4), 0);
    Some(head)
}

/// Grows the file to a multiple of `alignment`.
fn pad(file: &mut Vec<u8>, alignment: usize) {
    file.resize(file.len().next_multiple_of(alignment), 0);
}

fn append(mut file: Vec<u8>, contents: &[u8]) -> Option<Vec<u8>> {
    let (table, count) = (number::<8>(&file, 32)?, number::<2>(&file, 56)?);
    let segments: Option<Vec<_>> =
        (0..count).map(|index| Segment::read(&file, table + index * SEGMENT)).collect();
    let mut segments = segments?;
    let first = segments.iter().find(|segment| segment.kind == LOAD)?;
    // The system tells the table's address by that of the file's beginning: all between them has the same distance.
    let distance = first.address.checked_sub(first.offset)?;
    let loaded = segments.iter().filter(|segment| segment.kind == LOAD);
    let end = loaded.map(|segment| segment.address + segment.size_in_memory).max()?.checked_sub(distance)?;
    file.resize(file.len().max(usize::try_from(end).ok()?), 0);
    pad(&mut file, PAGE);

    let begin = file.len();
    let head = head(contents.len())?;
    let table_size = (count + 2) * SEGMENT;
    let contents_at = (begin + table_size + head.len()).next_multiple_of(ALIGNMENT);
    let note_at = contents_at - head.len();
    let note = Segment {
        kind: NOTE,
        flags: READABLE,
        offset: note_at as u64,
        address: note_at as u64 + distance,
        size: (head.len() + contents.len().next_multiple_of(4)) as u64,
        size_in_memory: (head.len() + contents.len().next_multiple_of(4)) as u64,
        alignment: 4,
    };
    let whole = note.offset + note.size - begin as u64;
    let load = Segment {
        kind: LOAD,
        flags: READABLE,
        offset: begin as u64,
        address: begin as u64 + distance,
        size: whole,
        size_in_memory: whole,
        alignment: PAGE as u64,
    };
    // Those that are loaded stand in the order of their addresses.
    let last = segments.iter().rposition(|segment| segment.kind == LOAD)?;
    segments.insert(last + 1, load);
    segments.push(note);
    for segment in &mut segments {
        if segment.kind == TABLE {
            let size = table_size as u64;
            let [offset, address] = [load.offset, load.address];
            *segment = Segment { offset, address, size, size_in_memory: size, ..*segment };
        }
        segment.write(&mut file);
    }
    file.resize(note_at, 0);
    file.extend_from_slice(&head);
    file.extend_from_slice(contents);
    pad(&mut file, 4);
    file[32..40].copy_from_slice(&(begin as u64).to_le_bytes());
    file[56..58].copy_from_slice(&u16::try_from(count + 2).ok()?.to_le_bytes());
    append_section(&mut file, &note)?;
    Some(file)
}

/// Names the note in the table of sections, for the tools that look there. Executables may have none.
fn append_section(file: &mut Vec<u8>, note: &Segment) -> Option<()> {
    let (table, count) = (number::<8>(file, 40)?, number::<2>(file, 60)?);
    let names_index = number::<2>(file, 62)?;
    if count == 0 || names_index >= count {
        return Some(());
    }
    let names_entry = table + names_index * SECTION;
    let (names, names_size) = (number::<8>(file, names_entry + 24)?, number::<8>(file, names_entry + 32)?);
    let old_names = file.get(names..names + names_size)?.to_vec();
    let old_table = file.get(table..table + count * SECTION)?.to_vec();

    let new_names = file.len();
    file.extend_from_slice(&old_names);
    file.extend_from_slice(SECTION_NAME);
    pad(file, size_of::<u64>());
    let new_table = file.len();
    file.extend_from_slice(&old_table);
    let names_entry = new_table + names_index * SECTION;
    let new_size = names_size + SECTION_NAME.len();
    file[names_entry + 24..names_entry + 32].copy_from_slice(&(new_names as u64).to_le_bytes());
    file[names_entry + 32..names_entry + 40].copy_from_slice(&(new_size as u64).to_le_bytes());

    file.extend_from_slice(&u32::try_from(names_size).ok()?.to_le_bytes());
    file.extend_from_slice(&SECTION_NOTE.to_le_bytes());
    for word in [ALLOCATED, note.address, note.offset, note.size, 0, 4, 0] {
        file.extend_from_slice(&word.to_le_bytes());
    }
    file[40..48].copy_from_slice(&(new_table as u64).to_le_bytes());
    file[60..62].copy_from_slice(&u16::try_from(count + 1).ok()?.to_le_bytes());
    Some(())
}
