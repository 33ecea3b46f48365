//! The only place that reads the wall clock, and its form in signatures.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub fn since_epoch() -> Duration {
    #[expect(clippy::disallowed_methods, reason = "this is the module that may")]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Basic ISO 8601 in UTC, `20150830T123600Z`. Days to a date by H. Hinnant's `civil_from_days`.
pub fn basic_iso8601(epoch_seconds: u64) -> String {
    let (days, seconds) = (epoch_seconds / 86_400, epoch_seconds % 86_400);
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_the_calendars() {
        assert_eq!(basic_iso8601(0), "19700101T000000Z");
        assert_eq!(basic_iso8601(951_782_399), "20000228T235959Z");
        assert_eq!(basic_iso8601(951_782_400), "20000229T000000Z");
        assert_eq!(basic_iso8601(1_440_938_160), "20150830T123600Z");
        assert_eq!(basic_iso8601(4_107_542_399), "21000228T235959Z");
        assert_eq!(basic_iso8601(4_107_542_400), "21000301T000000Z");
    }
}
