//! A cursor over JSON of the plain form that programs write: texts without escapes, keys of a known order. Whatever
//! else it meets, it gives up.

use super::request::Number;

pub struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Of the whole text, in bytes.
    pub fn length(&self) -> usize {
        self.text.len()
    }

    /// Nothing but blanks is left.
    pub fn is_done(&mut self) -> bool {
        self.skip_blanks();
        self.at == self.text.len()
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    #[inline]
    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.text.as_bytes().get(self.at) {
            self.at += 1;
        }
    }

    /// The next byte that is no blank, taken.
    #[inline]
    fn next(&mut self) -> Option<u8> {
        self.skip_blanks();
        let byte = *self.text.as_bytes().get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    #[inline]
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    #[inline]
    fn takes(&mut self, byte: u8) -> bool {
        self.skip_blanks();
        let is_next = self.text.as_bytes().get(self.at) == Some(&byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Takes just this text, or nothing.
    #[inline(always)]
    pub fn literal<const N: usize>(&mut self, text: &[u8; N]) -> Option<()> {
        let is_next = self.bytes().first_chunk() == Some(text);
        self.at += if is_next { N } else { 0 };
        is_next.then_some(())
    }

    /// By `usual`, or else from the same place by `any`.
    #[inline]
    pub fn either<T>(
        &mut self,
        usual: impl FnOnce(&mut Self) -> Option<T>,
        any: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let place = self.at;
        if let Some(value) = usual(self) {
            return Some(value);
        }
        self.at = place;
        any(self)
    }

    /// An object by `read`, or, where the text of `last` stands here once more, what that one was.
    #[inline]
    pub fn again<T: Clone>(
        &mut self,
        last: &mut Option<(&'a str, T)>,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        if let Some((text, value)) = last
            && self.bytes().starts_with(text.as_bytes())
        {
            self.at += text.len();
            return Some(value.clone());
        }
        let place = self.at;
        let value = read(self)?;
        *last = Some((self.text.get(place..self.at)?, value.clone()));
        Some(value)
    }

    /// `field` is told which of the keys it is that a value follows.
    #[inline]
    pub fn object<const N: usize>(
        &mut self,
        keys: &'static [&'static str; N],
        mut field: impl FnMut(&mut Self, usize) -> Option<()>,
    ) -> Option<()> {
        self.take(b'{')?;
        if self.takes(b'}') {
            return Some(());
        }
        let mut guess = 0;
        loop {
            let key = self.key(keys, guess)?;
            field(self, key)?;
            guess = key + 1;
            match self.next()? {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }

    #[inline]
    fn key(&mut self, keys: &'static [&'static str], guess: usize) -> Option<usize> {
        if let Some(key) = keys.get(guess)
            && self.bytes().starts_with(key.as_bytes())
        {
            self.at += key.len();
            return Some(guess);
        }
        self.seek_key(keys)
    }

    #[cold]
    fn seek_key(&mut self, keys: &'static [&'static str]) -> Option<usize> {
        let name = self.string()?;
        self.take(b':')?;
        keys.iter()
            .position(|key| key.get(1..key.len() - 2) == Some(name))
    }

    /// `usual` is how many are expected, and becomes how many there are.
    #[inline]
    pub fn array<T>(
        &mut self,
        usual: &mut usize,
        mut item: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.take(b'[')?;
        if self.takes(b']') {
            return Some(Vec::new());
        }
        let mut items = Vec::with_capacity(*usual);
        loop {
            items.push(item(self)?);
            match self.next()? {
                b',' => {}
                b']' => break,
                _ => return None,
            }
        }
        *usual = items.len();
        Some(items)
    }

    /// A text without escapes.
    #[inline]
    pub fn string(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let bytes = self.bytes();
        let mut length = 0;
        while let Some(eight) = bytes.get(length..).and_then(<[u8]>::first_chunk) {
            let plain = plain(u64::from_le_bytes(*eight));
            length += plain;
            if plain < 8 {
                break;
            }
        }
        let is_plain = |byte: &&u8| **byte != b'"' && **byte != b'\\' && **byte >= b' ';
        length += bytes.iter().skip(length).take_while(is_plain).count();
        let text = self.text.get(self.at..self.at + length)?;
        self.at += length + 1;
        (bytes.get(length) == Some(&b'"')).then_some(text)
    }

    /// A whole number written as one.
    pub fn count(&mut self) -> Option<u64> {
        self.skip_blanks();
        let digits = self
            .bytes()
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let text = self.text.get(self.at..self.at + digits)?;
        self.at += digits;
        let is_json = digits == 1 || !text.starts_with('0');
        let goes_on = matches!(self.text.as_bytes().get(self.at), Some(b'.' | b'e' | b'E'));
        text.parse().ok().filter(|_| is_json && !goes_on)
    }

    /// The nearest double, or NaN for null.
    #[inline]
    pub fn number(&mut self) -> Option<Number> {
        self.skip_blanks();
        let Some((value, length)) = short_number(self.bytes()) else {
            return self.long_number().map(Number);
        };
        self.at += length;
        Some(Number(value))
    }

    /// The same, where many digits are to be expected.
    #[inline]
    pub fn long_number(&mut self) -> Option<f64> {
        self.skip_blanks();
        let bytes = self.bytes();
        if bytes.starts_with(b"null") {
            self.at += 4;
            return Some(f64::NAN);
        }
        // The parser knows more forms of numbers than JSON does.
        let sign = usize::from(bytes.first() == Some(&b'-'));
        let mut whole = sign;
        while bytes.get(whole).is_some_and(u8::is_ascii_digit) {
            whole += 1;
        }
        let has_zero_in_front = whole > sign + 1 && bytes.get(sign) == Some(&b'0');
        let ends_in_point =
            bytes.get(whole) == Some(&b'.') && !bytes.get(whole + 1).is_some_and(u8::is_ascii_digit);
        if whole == sign || has_zero_in_front || ends_in_point {
            return None;
        }
        let (value, length) = fast_float2::parse_partial::<f64, _>(bytes).ok()?;
        self.at += length;
        value.is_finite().then_some(value)
    }
}

/// How many of eight bytes come before a quote, a backslash or a control character.
#[inline]
fn plain(eight: u64) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const TOPS: u64 = 128 * ONES;
    // Each marks at least the first byte that it looks for; a byte beyond ASCII is none of them.
    let zeros = |bytes: u64| bytes.wrapping_sub(ONES) & !bytes & TOPS;
    let controls = eight.wrapping_sub(u64::from(b' ') * ONES) & !eight & TOPS;
    let found = zeros(eight ^ (u64::from(b'"') * ONES)) | zeros(eight ^ (u64::from(b'\\') * ONES)) | controls;
    (found.trailing_zeros() / 8) as usize
}

/// Digits, and as many behind a point, of which a double holds all: their quotient is exact (Clinger, "How to read
/// floating point numbers accurately", PLDI 1990). And their length.
#[inline]
fn short_number(bytes: &[u8]) -> Option<(f64, usize)> {
    const MOST: usize = 15;
    let mut digits: u64 = 0;
    let mut at = 0;
    let mut take = |at: &mut usize| {
        while let Some(digit) = bytes
            .get(*at)
            .map(|byte| byte.wrapping_sub(b'0'))
            .filter(|digit| *digit < 10)
        {
            if *at > MOST {
                return false;
            }
            digits = 10 * digits + u64::from(digit);
            *at += 1;
        }
        true
    };
    if !take(&mut at) || at == 0 || (at > 1 && bytes.first() == Some(&b'0')) {
        return None;
    }
    let point = at;
    let mut scale = 1.0;
    if bytes.get(point) == Some(&b'.') {
        at += 1;
        if !take(&mut at) || at == point + 1 {
            return None;
        }
        scale = *TENS.get(at - point - 1)?;
    }
    let goes_on = matches!(bytes.get(at), Some(b'e' | b'E'));
    (!goes_on).then_some((digits as f64 / scale, at))
}

const TENS: [f64; 17] = [
    1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
];
