#![expect(clippy::result_large_err, reason = "figment's jail demands its own error")]

use figment::Jail;

use super::*;

fn load(flags: &Settings) -> Result<Config, String> {
    Config::load(Mode::Service, None, flags).map_err(|failure| failure.to_string())
}

#[test]
fn flags_beat_environment_beats_file_beats_default() {
    Jail::expect_with(|jail| {
        jail.create_file("caodiem.toml", "port = 1111\nissuer = \"file\"\naudience = \"file\"")?;
        jail.set_env("CAODIEM_PORT", "2222");
        jail.set_env("CAODIEM_ISSUER", "environment");
        let flags = Settings { port: Some(3333), ..Settings::default() };
        let config = load(&flags)?;
        assert_eq!((config.port, config.issuer.as_str(), config.audience.as_str()), (3333, "environment", "file"));
        assert_eq!(config.keep_alive, Duration::from_secs(15));
        Ok(())
    });
}

#[test]
fn the_database_stands_in_the_data_folder_unless_it_is_named() {
    Jail::expect_with(|jail| {
        assert_eq!(load(&Settings::default())?.database_url, "sqlite:data/caodiem.db");
        jail.set_env("CAODIEM_DATA_DIR", "elsewhere");
        assert_eq!(load(&Settings::default())?.database_url, "sqlite:elsewhere/caodiem.db");
        jail.set_env("DATABASE_URL", "postgres://u:secret@db/caodiem?sslmode=require");
        let config = load(&Settings::default())?;
        assert_eq!(config.database_for_print(), "postgres://db/caodiem");
        assert!(!format!("{config:?}").contains("secret"));
        Ok(())
    });
}

#[test]
fn every_complaint_comes_at_once_under_the_name_it_was_written_with() {
    Jail::expect_with(|jail| {
        jail.create_file("caodiem.toml", "prot = 1\nkeep_alive_seconds = 0\ntoday = \"yesterday\"")?;
        jail.set_env("CAODIEM_PORT", "eighty");
        jail.set_env("CAODIEM_WORKERS", "0");
        jail.set_env("DATABASE_URL", "mysql://secret@db");
        let flags = Settings { host: Some("localhost".into()), ..Settings::default() };
        let text = load(&flags).map_or_else(|text| text, |config| format!("{config:?}"));
        let parts = [
            "prot",
            "caodiem.toml",
            "CAODIEM_PORT",
            "CAODIEM_WORKERS",
            "--host",
            "DATABASE_URL",
            "keep_alive",
            "today",
        ];
        for part in parts {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        assert!(!text.contains("secret"), "{text}");
        Ok(())
    });
}

#[test]
fn insecure_choices_need_to_be_allowed() {
    Jail::expect_with(|_| {
        let mut flags =
            Settings { host: Some("0.0.0.0".into()), today: Some("2023-05-10".into()), ..Settings::default() };
        let text = load(&flags).map_or_else(|text| text, |config| format!("{config:?}"));
        assert!(text.contains("--host") && text.contains("--today") && text.contains("allow_insecure"), "{text}");
        flags.allow_insecure = Some(true);
        assert_eq!(load(&flags)?.insecure_choices().len(), 2);
        Ok(())
    });
}

#[test]
fn a_demonstration_heeds_neither_file_nor_environment() {
    Jail::expect_with(|jail| {
        jail.create_file("caodiem.toml", "nonsense = 1")?;
        jail.set_env("DATABASE_URL", "postgres://real/data");
        let config = Config::load(Mode::Demo, None, &Settings::default()).map_err(|failure| failure.to_string())?;
        assert_eq!(config.database_url, "sqlite:data/demo/caodiem.db");
        Ok(())
    });
}

#[test]
fn a_day_means_eight_in_the_morning_in_viet_nam() {
    assert_eq!(parse_moment("2023-05-10"), "2023-05-10T01:00:00Z".parse().ok());
    assert_eq!(parse_moment("2023-05-10T15:30:00+07:00"), "2023-05-10T08:30:00Z".parse().ok());
    assert_eq!(parse_moment("10/5/2023"), None);
}

#[test]
fn other_issuers_come_from_the_file_or_in_one_array_from_the_environment() {
    Jail::expect_with(|jail| {
        jail.create_file(
            "caodiem.toml",
            "[[external_issuers]]\nissuer = \"https://a\"\naudience = \"caodiem\"\nkeys = \"a.json\"\n\
             algorithms = [\"RS256\", \"EdDSA\"]\nsecond_factor = { acr = [\"loa3\"] }\n",
        )?;
        let issuers = load(&Settings::default())?.external_issuers;
        let [one] = issuers.as_slice() else { return Err(format!("{issuers:?}").into()) };
        assert_eq!((one.issuer.as_str(), one.max_age_seconds), ("https://a", 600));
        assert_eq!(one.algorithms, [external::Algorithm::Rs256, external::Algorithm::EdDsa]);
        assert_eq!(one.second_factor.get("acr"), Some(&vec!["loa3".to_owned()]));
        let array = "[{issuer=\"https://b\",audience=\"x\",keys=\"b.json\",require={amr=[\"otp\"]}}]";
        jail.set_env("CAODIEM_EXTERNAL_ISSUERS", array);
        let issuers = load(&Settings::default())?.external_issuers;
        let [one] = issuers.as_slice() else { return Err(format!("{issuers:?}").into()) };
        assert_eq!((one.issuer.as_str(), &one.algorithms[..]), ("https://b", &[external::Algorithm::Es256][..]));
        Ok(())
    });
}

#[test]
fn what_is_wrong_with_another_issuer_is_told() {
    let told = |settings: &str| {
        let mut answer = String::new();
        Jail::expect_with(|jail| {
            jail.create_file("caodiem.toml", &format!("[[external_issuers]]\n{settings}"))?;
            answer = load(&Settings::default()).map_or_else(|text| text, |config| format!("{config:?}"));
            Ok(())
        });
        answer
    };
    let good = "issuer = \"https://a\"\naudience = \"x\"\nkeys = \"a.json\"\n";
    for (settings, part) in [
        ("audience = \"x\"\nkeys = \"a.json\"\n".to_owned(), "issuer"),
        (format!("{good}algorithms = [\"HS256\"]"), "HS256"),
        (format!("{good}algorithms = [\"none\"]"), "none"),
        (format!("{good}algorithms = []"), "algorithms must not be empty"),
        (format!("{good}jwks_url = \"https://a/jwks\""), "jwks_url"),
        (format!("{good}max_age_seconds = 5"), "30 to 3600"),
        (format!("{good}require = {{ acr = [] }}"), "has to list values"),
        (format!("{good}second_factor = {{ acr = [] }}"), "has to list values"),
        (format!("{good}[[external_issuers]]\n{good}"), "named twice"),
        (good.replace("https://a", "caodiem"), "our own tokens"),
        (good.replace("https://a", "a b"), "without spaces"),
        (good.replace("\"x\"", "\"\""), "audience must not be empty"),
    ] {
        let text = told(&settings);
        assert!(text.contains("external_issuers") && text.contains(part), "{part} is not in\n{text}");
    }
}
