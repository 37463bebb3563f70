//! What came of stories: for people, as JUnit, as JSON.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use serde_json::{Value as Json, json};

use super::expectation::Difference;

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As expected.
    Held,
    /// Answered, but not as expected.
    Differs(Vec<Difference>),
    /// An error where an answer was expected; the steps that follow are skipped.
    Broke(String),
    /// Not run, because a step before it broke.
    Skipped,
}

impl Verdict {
    pub(super) fn of(differences: Vec<Difference>) -> Verdict {
        if differences.is_empty() { Verdict::Held } else { Verdict::Differs(differences) }
    }

    fn word(&self) -> &'static str {
        match self {
            Verdict::Held => "ok",
            Verdict::Skipped => "skipped",
            Verdict::Differs(_) | Verdict::Broke(_) => "FAILED",
        }
    }
}

/// What came of one step.
#[derive(Clone, Debug)]
pub struct StepOutcome {
    /// What happened, in a sentence.
    pub say: String,
    /// Line of the step in the story.
    pub line: usize,
    /// How long it took.
    pub time: Duration,
    /// What came of it.
    pub verdict: Verdict,
}

/// What came of one story.
#[derive(Clone, Debug)]
pub struct StoryOutcome {
    /// The story's file.
    pub file: PathBuf,
    /// Its title.
    pub title: String,
    /// How long it took.
    pub time: Duration,
    /// Step by step.
    pub steps: Vec<StepOutcome>,
}

impl StoryOutcome {
    /// Whether everything came as expected.
    pub fn holds(&self) -> bool {
        self.steps.iter().all(|step| step.verdict == Verdict::Held)
    }

    /// One line for each thing that is not as expected, with file and line.
    fn faults(&self, step: &StepOutcome) -> Vec<String> {
        let file = self.file.display();
        match &step.verdict {
            Verdict::Held | Verdict::Skipped => Vec::new(),
            Verdict::Differs(found) => found.iter().map(|found| format!("{file}:{}: {found}", found.line)).collect(),
            Verdict::Broke(words) => vec![format!("{file}:{}: {}", step.line, words.replace('\n', "\n      "))],
        }
    }
}

impl fmt::Display for StoryOutcome {
    /// `ok` and the title; for a story that failed, every step that did, and why.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.holds() { "ok    " } else { "FAILED" };
        write!(f, "{word} {} ({} steps, {} ms)", self.title, self.steps.len(), self.time.as_millis())?;
        for (number, step) in (1..).zip(&self.steps).filter(|(_, step)| step.verdict != Verdict::Held) {
            write!(f, "\n    step {number} {}: {}", step.verdict.word(), step.say)?;
            for fault in self.faults(step) {
                write!(f, "\n      {fault}")?;
            }
        }
        Ok(())
    }
}

/// What came of a run of stories.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Story by story.
    pub stories: Vec<StoryOutcome>,
    /// How long they took together.
    pub time: Duration,
}

impl Report {
    /// How many stories did not hold.
    pub fn failed(&self) -> usize {
        self.stories.iter().filter(|story| !story.holds()).count()
    }

    /// JUnit: a story is a suite, a step a case.
    pub fn junit(&self) -> Result<String, String> {
        let mut report = quick_junit::Report::new("payersim");
        report.set_time(self.time);
        for story in &self.stories {
            let mut suite = TestSuite::new(story.title.as_str());
            suite.set_time(story.time);
            for (number, step) in (1..).zip(&story.steps) {
                let mut status = match &step.verdict {
                    Verdict::Held => TestCaseStatus::success(),
                    Verdict::Skipped => TestCaseStatus::skipped(),
                    Verdict::Differs(_) => TestCaseStatus::non_success(NonSuccessKind::Failure),
                    Verdict::Broke(_) => TestCaseStatus::non_success(NonSuccessKind::Error),
                };
                let faults = story.faults(step);
                if let Some(first) = faults.first() {
                    status.set_message(first.as_str()).set_description(faults.join("\n"));
                }
                let mut case = TestCase::new(format!("{number}. {}", step.say), status);
                case.set_classname(story.file.display().to_string()).set_time(step.time);
                suite.add_test_case(case);
            }
            report.add_test_suite(suite);
        }
        report.to_string().map_err(|error| error.to_string())
    }

    /// The same for machines.
    pub fn to_json(&self) -> Json {
        let step = |story: &StoryOutcome, step: &StepOutcome| {
            json!({
                "say": step.say, "line": step.line, "verdict": step.verdict.word(),
                "milliseconds": milliseconds(step.time), "faults": story.faults(step),
            })
        };
        let story = |story: &StoryOutcome| {
            json!({
                "file": story.file.display().to_string(), "title": story.title, "ok": story.holds(),
                "milliseconds": milliseconds(story.time),
                "steps": story.steps.iter().map(|found| step(story, found)).collect::<Json>(),
            })
        };
        json!({
            "stories": self.stories.iter().map(story).collect::<Json>(),
            "failed": self.failed(), "milliseconds": milliseconds(self.time),
        })
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let step =
            |say: &str, line, verdict| StepOutcome { say: say.into(), line, time: Duration::from_millis(2), verdict };
        let differs = Verdict::Differs(vec![Difference {
            line: 9,
            path: "determination.paid_cents".into(),
            expected: "0".into(),
            actual: "6100".into(),
        }]);
        let steps = vec![
            step("The clinic bills.", 3, Verdict::Held),
            step("It bills again.", 7, differs),
            step("It asks why.", 12, Verdict::Broke("NOT_FOUND: no such claim".into())),
            step("It goes home.", 15, Verdict::Skipped),
        ];
        let story = StoryOutcome {
            file: "stories/a.toml".into(),
            title: "A <story>".into(),
            time: Duration::from_millis(8),
            steps,
        };
        Report { stories: vec![story], time: Duration::from_millis(9) }
    }

    #[test]
    fn a_failed_story_tells_each_fault_with_its_place() {
        assert_eq!(
            report().stories[0].to_string(),
            "FAILED A <story> (4 steps, 8 ms)\n    step 2 FAILED: It bills again.\n      \
             stories/a.toml:9: determination.paid_cents: expected 0, got 6100\n    step 3 FAILED: It asks why.\n      \
             stories/a.toml:12: NOT_FOUND: no such claim\n    step 4 skipped: It goes home."
        );
    }

    #[test]
    fn junit_counts_failures_errors_and_skips_apart() {
        let junit = report().junit().unwrap();
        for part in [
            r#"<testsuite name="A &lt;story&gt;" tests="4" skipped="1" errors="1" failures="1""#,
            r#"<testcase name="2. It bills again." classname="stories/a.toml""#,
            r#"<failure message="stories/a.toml:9: determination.paid_cents: expected 0, got 6100""#,
        ] {
            assert!(junit.contains(part), "{part} is missing in\n{junit}");
        }
        assert_eq!(report().to_json()["failed"], 1);
    }
}
