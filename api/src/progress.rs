//! Showing how far long work is: a spinner on a terminal, plain lines otherwise. Always on standard error.

use std::time::Duration;

use caodiem_storage::Step;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Progress of one command.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    plain: bool,
}

impl Progress {
    /// Begins; nothing is shown yet.
    #[must_use]
    pub fn begin() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let plain = bar.is_hidden();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            bar.set_style(style);
        }
        if !plain {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self { bar, plain }
    }

    /// Says what comes next.
    pub fn step(&self, what: &str) {
        if self.plain {
            eprintln!("… {what}");
        } else {
            self.bar.set_message(what.to_owned());
        }
    }

    /// Says how far work in storage is; plain lines would be too many.
    pub fn tell(&self, at: caodiem_storage::Progress) {
        let what = match at.step {
            Step::Rollup => "roll-up",
            Step::Tallies => "tallies",
            Step::Quotas => "quotas",
            Step::Units => "units",
        };
        self.bar.set_message(format!("{what} {done} of {of}", done = at.done, of = at.of));
    }

    /// Clears the line, so that results can be printed.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
