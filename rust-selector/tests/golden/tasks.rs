//! Situations of the strategies that hold a linear prediction to what an arm scored on the task that is named.

use crate::Case;
use crate::cases::{also, case, request};
use crate::linear::{GAMMAS, candidates, features};
use atp_selector::arm::ArmState;
use atp_selector::random::Sfc32;
use atp_selector::task_counts::MAX_TASK;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

struct Lesson {
    features: Vec<f64>,
    score: f64,
    task: Option<u64>,
}

const TASKS: [u64; 3] = [0, 4_503_599_627_370_497, MAX_TASK];

/// Every fifth names no task.
fn lessons_of(dimension: usize, seen: usize, tasks: &[u64], rng: &mut Sfc32) -> Vec<Lesson> {
    let one = |at: usize| Lesson {
        features: features(dimension, rng),
        score: (rng.next_unit() * 8.0).round() / 8.0,
        task: (at % 5 != 4 && !tasks.is_empty())
            .then(|| tasks[(rng.next_unit() * tasks.len() as f64) as usize]),
    };
    (0..seen).map(one).collect()
}

fn learn(lessons: &[Lesson], gamma: f64, memory: Option<usize>) -> ArmState {
    let mut arm = ArmState::default();
    for one in lessons {
        arm.observe_with(&one.features, one.score, gamma);
        arm.observe_task(one.task, one.score, gamma);
        if let Some(size) = memory {
            arm.remember(&one.features, one.score, size);
        }
    }
    arm
}

/// Each asked by every task, by one that nobody counted, and by none.
pub fn strategies() -> Vec<Case> {
    let mut rng = Sfc32::new(2_026);
    let forms = [
        ("linucb", json!({})),
        ("lin-thompson", json!({ "exploration": 0.5 })),
        (
            "epsilon-greedy",
            json!({ "likelihood": "linear", "epsilon": 0.3 }),
        ),
        ("greedy", json!({ "likelihood": "linear" })),
        ("fixed", json!({ "likelihood": "linear", "model": "seldom" })),
        ("knn", json!({})),
        ("thompson", json!({})),
    ];
    let mut cases = Vec::new();
    for (index, (strategy, params)) in forms.iter().enumerate() {
        let (dimension, gamma) = (2 + index, GAMMAS[index % GAMMAS.len()]);
        let mut learnt =
            |seen, tasks: &[u64], memory| learn(&lessons_of(dimension, seen, tasks, &mut rng), gamma, memory);
        let arms = vec![
            ("often".to_owned(), learnt(40, &TASKS, None)),
            ("seldom".to_owned(), learnt(7, &TASKS[..2], Some(4))),
            ("otherwise".to_owned(), learnt(3, &[], None)),
        ];
        let asked = TASKS.map(Some).into_iter().chain([Some(77), None]);
        let requests = asked.zip([16.0, 1.0, 250.0, 3.0, 3.0]).map(|(task, strength)| {
            let mut asked = also(
                request(strategy, 40 + index as u64, &candidates(&mut rng)),
                params,
            );
            asked["params"]["task_strength"] = json!(strength);
            asked["features"] = json!(features(dimension, &mut rng));
            if let Some(task) = task {
                asked["task"] = json!(task);
            }
            asked
        });
        let requests = requests.collect();
        cases.push(case(&format!("{strategy}, gamma {gamma}"), requests, 5, arms));
    }
    cases.push(by_default(&mut rng));
    cases
}

fn by_default(rng: &mut Sfc32) -> Case {
    let arm = learn(&lessons_of(3, 30, &TASKS, rng), 1.0, None);
    let mut asked = request("linucb", 4, &candidates(rng));
    asked["features"] = json!(features(3, rng));
    asked["task"] = json!(TASKS[1]);
    case(
        "strength by default",
        vec![asked],
        3,
        vec![("often".to_owned(), arm)],
    )
}

/// One a line: scores in the order of learning, and the state packed.
pub fn lessons() -> String {
    let mut rng = Sfc32::new(8);
    let many: Vec<u64> = (0..45).map(|task| task * 1_000_003).collect();
    let lines: Vec<String> = [
        (1, 9, &TASKS[..], 1.0, None),
        (2, 12, &TASKS[..], 0.9, Some(5)),
        (1, 120, &many[..], 1.0, None),
        (1, 120, &many[..], 0.99, None),
    ]
    .into_iter()
    .map(|(dimension, seen, tasks, gamma, memory)| {
        let lessons = lessons_of(dimension, seen, tasks, &mut rng);
        let told: Vec<Value> = lessons
            .iter()
            .map(|one| {
                let mut told = json!({ "features": one.features, "score": one.score });
                if let Some(task) = one.task {
                    told["task"] = json!(task);
                }
                told
            })
            .collect();
        let packed = STANDARD.encode(learn(&lessons, gamma, memory).pack());
        let mut line = json!({ "gamma": gamma, "lessons": told, "packed": packed });
        if let Some(memory) = memory {
            line["memory"] = json!(memory);
        }
        line.to_string()
    })
    .collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}
