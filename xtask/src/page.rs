//! The page: built by Trunk, whose hook builds the workers; served by Trunk while editing, else by us.

use std::{env, net::TcpListener, process::Command};

use anyhow::{Context as _, Result};

use crate::{
    command::{on_path, path_with, run},
    node::WebTools,
    project::Project,
    server,
    tools::Tools,
};

/// Flags of the page's programs alone: leptos then forgets the types of what it draws, and the page is a tenth smaller.
/// They are added to those of `.cargo/config.toml`, and the workers go without, whose dependencies they would compile
/// again.
pub const ERASED: (&str, &str) = ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "--cfg erase_components");

/// Writes the static site to `dist/`.
pub fn build(project: &Project) -> Result<()> {
    run(trunk(project)?.args(["build", "--release", "--dist"]).arg(project.dist()))?;
    println!("The site is in {}", project.dist().display());
    Ok(())
}

/// Builds the site and serves it until Ctrl-C.
pub fn serve(project: &Project, port: u16, open: bool) -> Result<()> {
    let listener = listen(port)?;
    build(project)?;
    let address = format!("http://{}/", listener.local_addr()?);
    println!("\nKindling is at {address} (Ctrl-C ends it)");
    if open {
        open_in_browser(&address);
    }
    server::serve(&listener, &project.dist())
}

/// Builds quickly, serves, and builds again on every change, until Ctrl-C.
pub fn serve_while_editing(project: &Project, port: u16, open: bool) -> Result<()> {
    drop(listen(port)?);
    let dist = project.target.join("page-while-editing");
    let mut trunk = trunk(project)?;
    trunk.args(["serve", "--cargo-profile", "page-dev", "--port", &port.to_string(), "--dist"]).arg(&dist);
    if open {
        trunk.arg("--open");
    }
    println!("\nKindling will be at http://127.0.0.1:{port}/ after the first build (Ctrl-C ends it)");
    run(&mut trunk)
}

/// Trunk with every tool on its path, so that it never downloads one.
fn trunk(project: &Project) -> Result<Command> {
    let tools = Tools::prepare(project)?;
    let web_tools = WebTools::prepare(project)?;
    // Trunk builds without the network; what Cargo.lock names has to be here before.
    run(project.cargo().args(["fetch", "--locked", "--quiet"]))?;
    let (flags, erased) = ERASED;
    let path = path_with(&[tools.trunk.clone(), tools.wasm_bindgen, web_tools.bin()])?;
    let program = tools.trunk.join(format!("trunk{}", env::consts::EXE_SUFFIX));
    let mut trunk = Command::new(program);
    trunk
        .current_dir(&project.root)
        .env("PATH", path)
        .env("CARGO_TARGET_DIR", &project.target)
        .env(flags, erased)
        .env("KINDLING_XTASK", env::current_exe()?)
        // Trunk refuses the customary value 1.
        .env_remove("NO_COLOR");
    Ok(trunk)
}

/// Takes the port before a build of minutes, rather than find it taken after.
fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port))
        .with_context(|| format!("port {port} cannot be had; choose another with --port"))
}

fn open_in_browser(address: &str) {
    let opened = if cfg!(target_os = "macos") {
        Command::new("open").arg(address).status()
    } else if cfg!(windows) {
        Command::new("cmd").args(["/C", "start", "", address]).status()
    } else {
        Command::new(on_path(&["xdg-open"]).unwrap_or_else(|| "xdg-open".into())).arg(address).status()
    };
    if !opened.is_ok_and(|status| status.success()) {
        println!("No browser could be opened; open that address yourself");
    }
}
