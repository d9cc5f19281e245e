//! Epoch numbers: YYYYMMDDHHMM of a quarter of an hour in UTC.

use crate::clock::WINDOW_SECONDS;

/// Whether the number names a quarter of an hour of the calendar from 1970 on.
pub fn is_epoch(epoch: u64) -> bool {
    let (date, time) = (epoch / 10_000, epoch % 10_000);
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
    let (hour, minute) = (time / 100, time % 100);
    (1970..10_000).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && minute.is_multiple_of(15)
}

/// The epoch that contains a moment, in Unix seconds.
pub fn epoch_of(unix: u64) -> u64 {
    let (mut days, seconds) = (unix / 86_400, unix % 86_400 / WINDOW_SECONDS * WINDOW_SECONDS);
    // Years of 400 repeat; 1970 to 2369 is one such period, and it has 146,097 days.
    let mut year = 1970 + 400 * (days / 146_097);
    days %= 146_097;
    while days >= days_in_year(year) {
        days -= days_in_year(year);
        year += 1;
    }
    let mut month = 1;
    while days >= days_in_month(year, month) {
        days -= days_in_month(year, month);
        month += 1;
    }
    let date = year * 10_000 + month * 100 + days + 1;
    date * 10_000 + seconds / 3_600 * 100 + seconds % 3_600 / 60
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_year(year: u64) -> u64 {
    365 + u64::from(is_leap(year))
}

fn days_in_month(year: u64, month: u64) -> u64 {
    match month {
        2 => 28 + u64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments() {
        assert_eq!(epoch_of(0), 197001010000);
        assert_eq!(epoch_of(951_782_400), 200002290000);
        assert_eq!(epoch_of(951_782_399), 200002282345);
        assert_eq!(epoch_of(1_463_055_300 + 899), 201605121215);
        assert_eq!(epoch_of(4_107_542_400), 210003010000);
        assert_eq!(epoch_of(13_569_465_600), 240001010000);
    }

    #[test]
    fn every_quarter_of_an_hour_is_an_epoch_and_they_ascend() {
        let mut last = 0;
        for unix in (0..4_200_000_000u64).step_by(900 * 97) {
            let epoch = epoch_of(unix);
            assert!(is_epoch(epoch) && epoch > last);
            last = epoch;
        }
    }

    #[test]
    fn refuses_what_no_calendar_has() {
        for epoch in [
            0,
            196912312345,
            201613011200,
            201600121200,
            201604311200,
            201502291200,
            201605122400,
            201605121260,
            201605121214,
            20160512121500,
        ] {
            assert!(!is_epoch(epoch), "{epoch}");
        }
    }
}
