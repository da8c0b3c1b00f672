//! Host names in free text: where they stand, and with which port.

/// A word of letters, digits, dots and hyphens that could be a host name.
#[derive(Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub host: &'a str,
    /// The port after a colon, else the default port of the URL's scheme.
    pub port: Option<u16>,
    pub place: Place,
}

/// Where a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// After `://`, or after the `@` of a URL.
    Url,
    /// Before a colon and a number.
    WithPort,
    /// Anywhere else, but not inside a path.
    Bare,
}

/// The words of a text that could be host names. Words in paths, with underscores or with outer hyphens are left out.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-' || c == '_';
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(start) = text[rest..].find(part).map(|at| at + rest) {
        let end = text[start..]
            .find(|c| !part(c))
            .map_or(text.len(), |at| at + start);
        rest = end;
        found.extend(token(text, start, end));
    }
    found
}

fn token(text: &str, start: usize, end: usize) -> Option<Token<'_>> {
    let host = text[start..end].trim_end_matches('.');
    let (before, after) = (&text[..start], &text[end..]);
    if host.is_empty() || host.contains('_') || host.starts_with(['-', '.']) || host.ends_with('-')
    {
        return None;
    }
    let scheme = scheme(before);
    // A colon that begins a number ends the host; `user:password@host` is no host with a port.
    let digits = after.strip_prefix(':').map_or("", |tail| {
        &tail[..tail
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(tail.len())]
    });
    let ends = |c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-' && c != '@' && c != ':';
    let closed = after
        .get(1 + digits.len()..)
        .is_none_or(|tail| tail.is_empty() || tail.starts_with(ends));
    let port = digits.parse().ok().filter(|_| closed);
    if let Some(scheme) = scheme {
        let user = after.starts_with('@')
            || after.starts_with(':') && port.is_none() && after.contains('@');
        return (!user).then(|| Token {
            host,
            port: port.or_else(|| default_port(scheme)),
            place: Place::Url,
        });
    }
    if before.ends_with('/') || before.ends_with('$') {
        return None;
    }
    match port {
        Some(_) => Some(Token {
            host,
            port,
            place: Place::WithPort,
        }),
        None if after.starts_with(['/', '@']) => None,
        None => Some(Token {
            host,
            port: None,
            place: Place::Bare,
        }),
    }
}

/// The scheme of the URL whose host begins after this text, if it does.
fn scheme(before: &str) -> Option<&str> {
    let stop = |c: char| c.is_whitespace() || "\"'`,;<>[]".contains(c);
    let word = &before[before.rfind(stop).map_or(0, |at| at + 1)..];
    let (scheme, tail) = word.rsplit_once("://")?;
    let host_begins = tail.is_empty() || tail.ends_with('@') && !tail.contains('/');
    let start = scheme
        .rfind(|c: char| !c.is_ascii_alphanumeric() && c != '+')
        .map_or(0, |at| at + 1);
    host_begins.then_some(&scheme[start..])
}

fn default_port(scheme: &str) -> Option<u16> {
    let known = [
        ("http", 80),
        ("https", 443),
        ("amqp", 5672),
        ("amqps", 5671),
        ("pyamqp", 5672),
        ("redis", 6379),
        ("rediss", 6379),
        ("postgresql", 5432),
        ("postgres", 5432),
    ];
    let plain = scheme.split('+').next().unwrap_or(scheme);
    known
        .iter()
        .find(|(name, _)| *name == plain)
        .map(|(_, port)| *port)
}

#[test]
fn hosts_are_found_where_they_stand() {
    let url = |host, port| Token {
        host,
        port,
        place: Place::Url,
    };
    let with = |host, port| Token {
        host,
        port: Some(port),
        place: Place::WithPort,
    };
    let bare = |host| Token {
        host,
        port: None,
        place: Place::Bare,
    };
    for (text, expected) in [
        (
            "http://lab-web:8080/ping",
            vec![bare("http"), url("lab-web", Some(8080))],
        ),
        (
            "amqps://u:$(PW)@lab-rabbitmq/vhost",
            vec![url("lab-rabbitmq", Some(5671))],
        ),
        (
            "amqp://u:p@lab-rabbitmq:5672//",
            vec![url("lab-rabbitmq", Some(5672))],
        ),
        (
            "server lab-web:5000;",
            vec![bare("server"), with("lab-web", 5000)],
        ),
        (
            "hosts = a:1,b.c:22",
            vec![bare("hosts"), with("a", 1), with("b.c", 22)],
        ),
        ("/etc/lab-web/x lab-rdm-", vec![]),
        ("lab-redis.", vec![bare("lab-redis")]),
        ("12:30:45", vec![]),
    ] {
        let other = ["amqp", "amqps", "u", "PW", "vhost"];
        let number = |host: &str| host.chars().all(|c| c.is_ascii_digit());
        let found = tokens(text)
            .into_iter()
            .filter(|token| !other.contains(&token.host) && !number(token.host));
        let found: Vec<Token> = found.collect();
        assert_eq!(found, expected, "{text}");
    }
}
