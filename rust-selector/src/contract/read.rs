//! Reads an event of the form that callers write faster than serde does, which cannot know which key comes next. What is of another form (escapes, unknown or repeated keys, null in
//! place of a text, bad JSON) is none of its business: it says nothing, and serde reads it or says what is wrong.

use super::request::{Batch, Candidate, Number, Params, Request, Weights, always};
use std::borrow::Cow;

/// The event, where it is plain.
pub fn read(text: &str) -> Option<Batch<'_>> {
    let mut reader = Reader { text, at: 0 };
    let batch = reader.batch()?;
    reader.skip_blanks();
    (reader.at == text.len()).then_some(batch)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// Once only: a second value of a key is serde's to refuse.
#[inline]
fn set<T>(slot: &mut Option<T>, value: Option<T>) -> Option<()> {
    slot.replace(value?).is_none().then_some(())
}

/// Keys as they stand in front of a value, in the order in which callers write them: the next one is mostly guessed
/// right, and then needs no looking for its end.
const BATCH: [&str; 2] = ["\"contract\":", "\"requests\":"];
const REQUEST: [&str; 8] = [
    "\"id\":",
    "\"policy\":",
    "\"strategy\":",
    "\"params\":",
    "\"seed\":",
    "\"weights\":",
    "\"candidates\":",
    "\"features\":",
];
const PARAMS: [&str; 12] = [
    "\"prior_strength\":",
    "\"gamma\":",
    "\"exploration\":",
    "\"noise\":",
    "\"lambda\":",
    "\"epsilon\":",
    "\"floor\":",
    "\"neighbours\":",
    "\"memory\":",
    "\"likelihood\":",
    "\"variant\":",
    "\"model\":",
];
const WEIGHTS: [&str; 5] = [
    "\"quality\":",
    "\"cost\":",
    "\"latency\":",
    "\"cost_scale_usd\":",
    "\"latency_scale_ms\":",
];
const CANDIDATE: [&str; 5] = [
    "\"id\":",
    "\"prior_quality\":",
    "\"cost_usd\":",
    "\"latency_ms\":",
    "\"availability\":",
];
/// What room is made for at first.
const USUAL_CANDIDATES: usize = 16;
const USUAL_FEATURES: usize = 64;

impl<'a> Reader<'a> {
    fn batch(&mut self) -> Option<Batch<'a>> {
        let (mut contract, mut requests) = (None, None);
        self.object(&BATCH, |reader, key| match key {
            0 => set(&mut contract, reader.count()),
            _ => set(&mut requests, reader.array(0, Self::request)),
        })?;
        Some(Batch {
            contract: contract?,
            requests: requests?,
        })
    }

    fn request(&mut self) -> Option<Request<'a>> {
        let (mut id, mut policy, mut strategy, mut params) = (None, None, None, None);
        let (mut seed, mut weights, mut candidates, mut features) = (None, None, None, None);
        self.object(&REQUEST, |reader, key| match key {
            0 => set(&mut id, reader.string()),
            1 => set(&mut policy, reader.string()),
            2 => set(&mut strategy, reader.string()),
            3 => set(&mut params, reader.params()),
            4 => set(&mut seed, reader.number()),
            5 => set(&mut weights, reader.weights()),
            6 => set(&mut candidates, reader.array(USUAL_CANDIDATES, Self::candidate)),
            _ => set(&mut features, reader.array(USUAL_FEATURES, Self::long_number)),
        })?;
        Some(Request {
            id: Cow::Borrowed(id?),
            policy: Cow::Borrowed(policy?),
            strategy: Cow::Borrowed(strategy?),
            params: params.unwrap_or_default(),
            seed: seed?,
            weights: weights?,
            candidates: candidates?,
            features,
        })
    }

    fn params(&mut self) -> Option<Params<'a>> {
        let mut numbers: [Option<Number>; 9] = [None; 9];
        let (mut likelihood, mut variant, mut model) = (None, None, None);
        self.object(&PARAMS, |reader, key| match key {
            9 => set(&mut likelihood, reader.string()),
            10 => set(&mut variant, reader.string()),
            11 => set(&mut model, reader.string()),
            _ => set(numbers.get_mut(key)?, reader.number()),
        })?;
        let or = |at: usize, default: Number| numbers[at].unwrap_or(default);
        let defaults = Params::default();
        Some(Params {
            prior_strength: or(0, defaults.prior_strength),
            gamma: or(1, defaults.gamma),
            exploration: or(2, defaults.exploration),
            noise: or(3, defaults.noise),
            lambda: or(4, defaults.lambda),
            epsilon: or(5, defaults.epsilon),
            floor: or(6, defaults.floor),
            neighbours: or(7, defaults.neighbours),
            memory: or(8, defaults.memory),
            likelihood: likelihood.map_or(defaults.likelihood, Cow::Borrowed),
            variant: variant.map_or(defaults.variant, Cow::Borrowed),
            model: model.map(Cow::Borrowed),
        })
    }

    fn weights(&mut self) -> Option<Weights> {
        let mut numbers: [Option<Number>; 5] = [None; 5];
        self.object(&WEIGHTS, |reader, key| {
            set(numbers.get_mut(key)?, reader.number())
        })?;
        let [quality, cost, latency, cost_scale_usd, latency_scale_ms] = numbers;
        Some(Weights {
            quality: quality?,
            cost: cost?,
            latency: latency?,
            cost_scale_usd: cost_scale_usd?,
            latency_scale_ms: latency_scale_ms?,
        })
    }

    fn candidate(&mut self) -> Option<Candidate<'a>> {
        let mut id = None;
        let mut numbers: [Option<Number>; 5] = [None; 5];
        self.object(&CANDIDATE, |reader, key| match key {
            0 => set(&mut id, reader.string()),
            _ => set(numbers.get_mut(key)?, reader.number()),
        })?;
        let [_, prior_quality, cost_usd, latency_ms, availability] = numbers;
        Some(Candidate {
            id: Cow::Borrowed(id?),
            prior_quality: prior_quality?,
            cost_usd: cost_usd?,
            latency_ms: latency_ms?,
            availability: availability.unwrap_or_else(always),
        })
    }
}

impl<'a> Reader<'a> {
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

    /// `field` is told which of the keys it is that a value follows.
    #[inline]
    fn object<const N: usize>(
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

    #[inline]
    fn array<T>(&mut self, usual: usize, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.take(b'[')?;
        if self.takes(b']') {
            return Some(Vec::new());
        }
        let mut items = Vec::with_capacity(usual);
        loop {
            items.push(item(self)?);
            match self.next()? {
                b',' => {}
                b']' => return Some(items),
                _ => return None,
            }
        }
    }

    /// A text without escapes.
    #[inline]
    fn string(&mut self) -> Option<&'a str> {
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
    fn count(&mut self) -> Option<u64> {
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
    fn number(&mut self) -> Option<Number> {
        self.skip_blanks();
        let Some((value, length)) = short_number(self.bytes()) else {
            return self.long_number().map(Number);
        };
        self.at += length;
        Some(Number(value))
    }

    /// The same, where many digits are to be expected.
    #[inline]
    fn long_number(&mut self) -> Option<f64> {
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
