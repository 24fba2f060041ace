//! Turns `www/locales` into the page's compile-time sentences. Without the feature `app` it does nothing.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "app")]
    if let Err(error) = locales() {
        println!("cargo::error=www/locales: {error}");
    }
}

/// Writes `OUT_DIR/i18n.rs`. A sentence that one language lacks, or that only one has, is an error.
#[cfg(feature = "app")]
fn locales() -> Result<(), Box<dyn std::error::Error>> {
    use leptos_i18n_parser::parse_locales::{
        options::{Config, ParseOptions},
        parse_locales,
    };

    println!("cargo::rerun-if-changed=www/locales");
    let config = Config::new("en")?
        .add_locale("zh")?
        .locales_path("www/locales")
        .parse_options(ParseOptions::new().interpolate_display(true));
    let parsed = parse_locales(None, config)?;
    for problem in parsed.diag.errors().iter() {
        println!("cargo::error=www/locales: {problem}");
    }
    for problem in parsed.diag.warnings().iter() {
        println!("cargo::error=www/locales: {problem}");
    }
    let attributes =
        "#![allow(missing_docs, unreachable_pub, unused_imports, dead_code, clippy::all, clippy::expect_used)]"
            .parse()?;
    let code = leptos_i18n_codegen::gen_code(&parsed, None, false, Some(&attributes), false)?;
    let file = std::path::PathBuf::from(std::env::var("OUT_DIR")?).join("i18n.rs");
    std::fs::write(file, code.to_string())?;
    Ok(())
}
