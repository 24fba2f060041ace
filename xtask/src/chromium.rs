//! Chromium and its driver, for the tests in the browser.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, bail};

use crate::command::{on_path, output_of, run};

/// The browser and the program that drives it.
pub struct Chromium {
    pub browser: PathBuf,
    pub driver: PathBuf,
}

impl Chromium {
    /// Finds Chromium, or installs it where apt may be used without asking.
    pub fn prepare() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        if may_use_apt() {
            println!("Installing Chromium (once)");
            run(Command::new("apt-get").args(["update", "--quiet"]))?;
            run(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args([
                "install",
                "--yes",
                "--quiet",
                "--no-install-recommends",
                "chromium",
                "chromium-driver",
            ]))?;
            if let Some(found) = Self::find() {
                return Ok(found);
            }
        }
        bail!(
            "Chromium and chromedriver are missing; run `sudo apt-get install chromium chromium-driver`, \
             or install both and name them in KINDLING_CHROMIUM and CHROMEDRIVER"
        )
    }

    fn find() -> Option<Self> {
        const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
        let named = |variable: &str| env::var_os(variable).map(PathBuf::from);
        let browser = named("KINDLING_CHROMIUM")
            .or_else(|| on_path(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]))
            .or_else(|| Some(PathBuf::from(MAC)).filter(|path| path.is_file()))?;
        let driver = named("CHROMEDRIVER").or_else(|| on_path(&["chromedriver"]))?;
        Some(Self { browser, driver })
    }
}

/// Whether apt is there and this user is root.
fn may_use_apt() -> bool {
    let apt = on_path(&["apt-get"]).is_some_and(|path: PathBuf| Path::new(&path).is_file());
    apt && output_of(Command::new("id").arg("-u")).is_ok_and(|user| user == "0")
}
