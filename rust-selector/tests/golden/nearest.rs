//! Situations of the strategy that goes by the nearest past requests, and what is remembered for it.

use crate::Case;
use crate::cases::{also, case, request};
use crate::linear::{GAMMAS, candidates, features};
use atp_selector::arm::ArmState;
use atp_selector::random::Sfc32;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

type Lesson = (Vec<f64>, f64);

fn lesson(dimension: usize, rng: &mut Sfc32) -> Lesson {
    (features(dimension, rng), (rng.next_unit() * 8.0).round() / 8.0)
}

fn learn(lessons: &[Lesson], gamma: f64, size: usize) -> ArmState {
    let mut arm = ArmState::default();
    for (features, score) in lessons {
        arm.observe_with(features, *score, gamma);
        arm.remember(features, *score, size);
    }
    arm
}

fn arm(dimension: usize, seen: usize, gamma: f64, rng: &mut Sfc32) -> ArmState {
    let lessons: Vec<Lesson> = (0..seen).map(|_| lesson(dimension, rng)).collect();
    learn(&lessons, gamma, 24)
}

/// `dimensions` are numbers of features.
pub fn strategy(dimensions: &[usize]) -> Vec<Case> {
    let mut rng = Sfc32::new(2_025);
    let ask = |seed: usize, rng: &mut Sfc32, dimension, params: Value| {
        let mut asked = also(request("knn", seed as u64, &candidates(rng)), &params);
        asked["features"] = json!(features(dimension, rng));
        asked
    };
    let mut cases = Vec::new();
    for (index, &dimension) in dimensions.iter().enumerate() {
        let gamma = GAMMAS[index % GAMMAS.len()];
        let arms = vec![
            ("often".to_owned(), arm(dimension, 30, gamma, &mut rng)),
            (
                "otherwise".to_owned(),
                arm(dimension % 3 + 1 + dimension, 4, gamma, &mut rng),
            ),
            ("seldom".to_owned(), arm(dimension, 2, gamma, &mut rng)),
        ];
        let requests = [1, 5, 32]
            .iter()
            .map(|neighbours| {
                let params =
                    json!({ "neighbours": neighbours, "gamma": gamma, "noise": 0.4, "prior_strength": 2 });
                ask(10 * dimension, &mut rng, dimension, params)
            })
            .collect();
        cases.push(case(
            &format!("{dimension} features, gamma {gamma}"),
            requests,
            5,
            arms,
        ));
    }
    cases.push(case(
        "by priors",
        vec![ask(1, &mut rng, 12, json!({}))],
        0,
        Vec::new(),
    ));
    for changed in [
        json!({ "exploration": 0.0 }),
        json!({ "exploration": 3.0 }),
        json!({ "floor": 0.75 }),
        json!({ "prior_strength": 1e6 }),
    ] {
        let name = format!("with {changed}");
        let arms = vec![("seldom".to_owned(), arm(4, 6, 0.9, &mut rng))];
        let requests = (2..5)
            .map(|seed| ask(seed, &mut rng, 4, changed.clone()))
            .collect();
        cases.push(case(&name, requests, 9, arms));
    }
    let mut forgetful = ArmState::default();
    forgetful.observe_with(&[1.0, 0.5], 1.0, 1.0);
    let nothing_remembered = vec![("often".to_owned(), forgetful)];
    let asked = ask(3, &mut rng, 2, json!({}));
    cases.push(case(
        "without a memory the arm's own mean decides",
        vec![asked],
        2,
        nothing_remembered,
    ));
    cases.push(alike(&mut rng));
    cases
}

/// More equally near ones than count: the newest do.
fn alike(rng: &mut Sfc32) -> Case {
    let lessons: Vec<Lesson> = (0..9)
        .map(|i| (vec![1.0, 0.5, -0.25], f64::from(i) / 8.0))
        .collect();
    let mut asked = also(request("knn", 4, &candidates(rng)), &json!({ "neighbours": 3 }));
    asked["features"] = json!([1.0, 1.0, -0.5]);
    let arms = vec![("often".to_owned(), learn(&lessons, 1.0, 24))];
    case("of equally near ones the newest count", vec![asked], 3, arms)
}

/// One a line: scores in the order of learning, and the state packed.
pub fn lessons() -> String {
    let mut rng = Sfc32::new(7);
    let lines: Vec<String> = [(1, 3, 5, 1.0), (2, 5, 8, 0.9), (8, 12, 5, 1.0), (3, 1, 4, 0.7)]
        .iter()
        .map(|&(dimension, seen, memory, gamma)| {
            let mut lessons: Vec<Lesson> = (0..seen).map(|_| lesson(dimension, &mut rng)).collect();
            if dimension == 2 {
                lessons.insert(2, (vec![1.0, 0.0, 0.5], 0.25));
            }
            let told: Vec<Value> = lessons
                .iter()
                .map(|(features, score)| json!({ "features": features, "score": score }))
                .collect();
            let packed = STANDARD.encode(learn(&lessons, gamma, memory).pack());
            json!({ "gamma": gamma, "memory": memory, "lessons": told, "packed": packed }).to_string()
        })
        .collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}
