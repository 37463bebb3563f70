//! The four characters that cut an interchange into segments, elements, repetitions and components.

/// Separators as the ISA declares them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delimiters {
    /// Between elements: the fourth byte of the ISA.
    pub element: u8,
    /// Between repetitions of an element: ISA11.
    pub repetition: u8,
    /// Between components of a composite element: ISA16.
    pub component: u8,
    /// After each segment: the byte after ISA16.
    pub terminator: u8,
}

impl Delimiters {
    /// The usual ones: `*`, `^`, `:` and `~`.
    pub const USUAL: Delimiters = Delimiters { element: b'*', repetition: b'^', component: b':', terminator: b'~' };

    /// Whether the byte is one of the four.
    pub fn contains(&self, byte: u8) -> bool {
        [self.element, self.repetition, self.component, self.terminator].contains(&byte)
    }
}

impl Default for Delimiters {
    fn default() -> Self {
        Self::USUAL
    }
}
