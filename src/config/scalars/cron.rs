//! Schedules of a CronJob.

/// Name, least and greatest value, and the names that stand for numbers from the least on.
type Part = (&'static str, u32, u32, &'static [&'static str]);

const PARTS: [Part; 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    (
        "month",
        1,
        12,
        &[
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ],
    ),
    (
        "day of the week",
        0,
        6,
        &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    ),
];
const MACROS: [&str; 7] = [
    "@yearly",
    "@annually",
    "@monthly",
    "@weekly",
    "@daily",
    "@midnight",
    "@hourly",
];
const PATTERN: &str = r"^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|[0-9*/,?A-Za-z-]+( +[0-9*/,?A-Za-z-]+){4})$";

text_types! {
    /// A schedule in the notation of cron: minute, hour, day of the month, month, day of the week; or a word such as `@daily`.
    Cron { what: "a schedule", example: "30 3 * * *", pattern: Some(PATTERN), check: cron }
}

fn cron(text: &str) -> Result<(), String> {
    if text.starts_with('@') {
        if MACROS.contains(&text) {
            return Ok(());
        }
        return Err(format!("`{text}` is not one of {}", MACROS.join(", ")));
    }
    if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
        return Err("Kubernetes refuses a time zone in the schedule".to_owned());
    }
    if text.trim() != text || text.chars().any(|c| c.is_whitespace() && c != ' ') {
        return Err("spaces stand only between the five fields".to_owned());
    }
    let fields: Vec<&str> = text.split(' ').filter(|field| !field.is_empty()).collect();
    if fields.len() != PARTS.len() {
        let has = if fields.len() == 1 { "field" } else { "fields" };
        return Err(format!(
            "it has {} {has}; five are wanted: minute, hour, day of the month, month, day of the week",
            fields.len()
        ));
    }
    fields
        .iter()
        .zip(&PARTS)
        .try_for_each(|(field, part)| field.split(',').try_for_each(|item| range(item, part)))
}

fn range(item: &str, part: &Part) -> Result<(), String> {
    let (name, least, most, _) = *part;
    let (span, step) = match item.split_once('/') {
        Some((span, step)) => (span, Some(step)),
        None => (item, None),
    };
    let steps = |step: &str| number(step).is_some_and(|step| (1..=most).contains(&step));
    if step.is_some_and(|step| !steps(step)) {
        return Err(format!(
            "the step of `{item}` ({name}) is not a number from 1 to {most}"
        ));
    }
    let wildcard = span == "*"
        || span == "?" && least <= 1 && matches!(name, "day of the month" | "day of the week");
    if wildcard {
        return Ok(());
    }
    let value = |text: &str| {
        value(text, part).ok_or_else(|| {
            let hint = if name == "day of the week" && text == "7" {
                "; Sunday is 0"
            } else {
                ""
            };
            format!("`{text}` is not a {name} from {least} to {most}{hint}")
        })
    };
    match span.split_once('-') {
        None => value(span).map(drop),
        Some((from, to)) if value(from)? > value(to)? => {
            Err(format!("`{span}` ({name}) ends before it begins"))
        }
        Some(_) => Ok(()),
    }
}

fn value(text: &str, part: &Part) -> Option<u32> {
    let (_, least, most, names) = *part;
    let lower = text.to_ascii_lowercase();
    let by_name = names
        .iter()
        .zip(least..)
        .find(|(name, _)| **name == lower)
        .map(|(_, number)| number);
    by_name
        .or_else(|| number(text))
        .filter(|number| (least..=most).contains(number))
}

fn number(text: &str) -> Option<u32> {
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::scalars::text::tests::{bad_by_parser, good};

    #[test]
    fn schedules() {
        good::<Cron>(&[
            "30 3 * * *",
            "*/15 * * * *",
            "0 0 1,15 * *",
            "0 9-17/2 * * mon-fri",
            "0 0 ? * 0",
            "5 4 * JAN,Dec Sun",
            "@daily",
            "@hourly",
            "0  0  1  1  *",
            "10/5 * * * *",
        ]);
        bad_by_parser::<Cron>(&[
            ("", "0 fields"),
            ("* * * *", "4 fields"),
            ("* * * * * *", "6 fields"),
            ("60 * * * *", "minute from 0 to 59"),
            ("* 24 * * *", "hour"),
            ("* * 0 * *", "day of the month from 1"),
            ("* * * 13 *", "month"),
            ("* * * * 7", "Sunday is 0"),
            ("*/0 * * * *", "step"),
            ("*/x * * * *", "step"),
            ("5-1 * * * *", "ends before"),
            ("1,,2 * * * *", "``"),
            ("@never", "@daily"),
            ("TZ=UTC 0 0 * * *", "time zone"),
            ("0 0 * * mo", "`mo`"),
            ("0\t0 * * *", "spaces"),
            (" 0 0 * * *", "spaces"),
            ("? * * * *", "minute"),
            ("+1 * * * *", "`+1`"),
            ("1-2-3 * * * *", "`2-3`"),
        ]);
    }
}
