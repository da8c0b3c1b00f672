//! deployment.cfg, executed as the application does it.

use std::process::Command;

use crate::support::tools::{shared, tool};

/// Executes deployment.cfg behind an image's invenio.cfg; gives the settings as JSON.
fn execute(major: u32, image: &str, spoil: &str) -> Result<serde_json::Value, String> {
    let python = tool("python3").ok_or("no python3")?;
    let folder = tempfile::tempdir().unwrap();
    let secrets = folder.path().join("secrets");
    for (name, value) in [
        ("app/secret-key", "k"),
        ("app/password-salt", "s\n"),
        ("app/jwt-secret", "j"),
        ("app/login-salt", "l"),
        ("app/confirm-salt", "c"),
        ("app/reset-salt", "r"),
        ("app/change-salt", "ch"),
        ("app/remember-salt", "re"),
        ("app/csrf-salt", "cs"),
        ("postgresql/password", "p@ss/w:rd#1 %"),
        ("redis/password", "012345"),
        ("rabbitmq/password", "ü?&=+"),
        ("mail/password", "mail\n\n"),
    ] {
        let path = secrets.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, if name == spoil { "\n" } else { value }).unwrap();
    }
    super::write(folder.path(), major, |_, text| {
        text.replace("/run/secrets/invgen", secrets.to_str().unwrap())
    });
    std::fs::write(folder.path().join("invenio.cfg"), image).unwrap();
    let run = Command::new("sh")
        .arg(folder.path().join("compose.sh"))
        .arg(folder.path().join("composed.cfg"))
        .env("INVENIO_INSTANCE_PATH", folder.path())
        .output()
        .unwrap();
    if !run.status.success() {
        return Err(String::from_utf8_lossy(&run.stderr).into_owned());
    }
    let print = "import json, runpy, sys\n\
        settings = runpy.run_path(sys.argv[1])\n\
        print(json.dumps({k: [type(v).__name__, v] for k, v in settings.items() if k.isupper()}))";
    let run = Command::new(python)
        .args(["-c", print])
        .arg(folder.path().join("composed.cfg"))
        .output()
        .unwrap();
    if !run.status.success() {
        return Err(String::from_utf8_lossy(&run.stderr).into_owned());
    }
    Ok(serde_json::from_slice(&run.stdout).unwrap())
}

#[test]
fn every_key_is_one_that_invenio_rdm_knows_and_has_its_type() {
    let (Some(shared), Some(_)) = (shared(), tool("python3")) else {
        return;
    };
    // Read without a default: by Flask-Mail, by invenio-base, and by flask-security for a salt.
    let no_default = [
        "MAIL_SERVER",
        "MAIL_PORT",
        "MAIL_USE_TLS",
        "MAIL_USE_SSL",
        "MAIL_USERNAME",
        "MAIL_PASSWORD",
        "PROXYFIX_CONFIG",
        "SECURITY_REMEMBER_SALT",
    ];
    // Their defaults are unset, or computed at run time.
    let other_type = [
        "SEARCH_CLIENT_CONFIG",
        "LOGGING_CONSOLE_LEVEL",
        "SECURITY_EMAIL_SENDER",
        "FILES_REST_DEFAULT_QUOTA_SIZE",
        "FILES_REST_DEFAULT_MAX_FILE_SIZE",
        "RDM_FILES_DEFAULT_QUOTA_SIZE",
        "RDM_FILES_DEFAULT_MAX_FILE_SIZE",
    ];
    for major in [12, 13, 14] {
        let path = shared.join(format!(
            "data/invenio-config-keys/config_keys_v{major}.json"
        ));
        let known: serde_json::Value =
            serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let settings = execute(major, "", "").unwrap();
        for (key, value) in settings.as_object().unwrap() {
            if no_default.contains(&key.as_str()) {
                continue;
            }
            assert!(
                known.get(key).is_some(),
                "InvenioRDM {major} has no key {key}"
            );
            if !other_type.contains(&key.as_str()) {
                assert_eq!(value[0], known[key]["type"], "InvenioRDM {major}, {key}");
            }
        }
    }
}

#[test]
fn passwords_are_read_from_files_and_quoted_in_urls() {
    if tool("python3").is_none() {
        return;
    }
    let settings = execute(14, "", "").unwrap();
    let text = |key: &str| {
        settings[key][1]
            .as_str()
            .unwrap_or_else(|| panic!("{key}"))
            .to_owned()
    };
    assert_eq!(
        text("SQLALCHEMY_DATABASE_URI"),
        "postgresql+psycopg2://invenio:p%40ss%2Fw%3Ard%231%20%25@lab-postgresql:5432/invenio"
    );
    assert_eq!(
        text("ACCOUNTS_SESSION_REDIS_URL"),
        "redis://:012345@lab-redis:6379/1"
    );
    assert_eq!(
        text("BROKER_URL"),
        "amqp://invenio:%C3%BC%3F%26%3D%2B@lab-rabbitmq:5672/%2F"
    );
    assert_eq!(text("CELERY_BROKER_URL"), text("BROKER_URL"));
    assert_eq!(
        text("SECURITY_PASSWORD_SALT"),
        "s",
        "one line break at the end belongs to the file"
    );
    assert_eq!(text("MAIL_PASSWORD"), "mail\n");
    assert_eq!(text("THEME_SITENAME"), "Lab Research Data");
    assert_eq!(
        settings["SQLALCHEMY_ENGINE_OPTIONS"][1]["connect_args"]["options"],
        "-c timezone=UTC"
    );
}

#[test]
fn an_empty_secret_stops_the_application() {
    if tool("python3").is_none() {
        return;
    }
    let message = execute(13, "", "app/secret-key").unwrap_err();
    assert!(message.contains("secret-key is empty"), "{message}");
}

#[test]
fn the_images_own_settings_stay_and_ours_win() {
    if tool("python3").is_none() {
        return;
    }
    let image = "def _(text):\n    return text\n\
        RDM_CUSTOM_FIELDS = [_('x')]\n\
        SECRET_KEY = 'CHANGE_ME'\n\
        RATELIMIT_STORAGE_URL = 'redis://elsewhere'\n\
        APP_ALLOWED_HOSTS = ['elsewhere']\n\
        SEARCH_CLIENT_CONFIG = {'hosts': ['elsewhere']}\n\
        APP_DEFAULT_SECURE_HEADERS = {'content_security_policy': {'default-src': ['https://maps.example.org']}, 'force_https': False}";
    let settings = execute(13, image, "").unwrap();
    assert_eq!(settings["RDM_CUSTOM_FIELDS"][1][0], "x");
    assert_eq!(settings["SECRET_KEY"][1], "k");
    assert!(settings.get("RATELIMIT_STORAGE_URL").is_none());
    assert!(settings.get("APP_ALLOWED_HOSTS").is_none());
    assert!(settings["SEARCH_CLIENT_CONFIG"][1].get("hosts").is_none());
    let headers = &settings["APP_DEFAULT_SECURE_HEADERS"][1];
    assert_eq!(
        headers["content_security_policy"]["default-src"][0],
        "https://maps.example.org"
    );
    assert_eq!(headers["force_https"], true);
    assert_eq!(headers["frame_options"], "sameorigin");
}

#[test]
fn a_slip_in_the_images_file_is_shown_with_its_line() {
    if tool("python3").is_none() {
        return;
    }
    let message = execute(13, "A = 1\nB = (\n", "").unwrap_err();
    assert!(
        message.contains("invenio.cfg") && message.contains("line 2"),
        "{message}"
    );
}
