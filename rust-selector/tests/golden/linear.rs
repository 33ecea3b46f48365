//! Situations of the strategies that go by features: states of many sizes, made from a seed.

use crate::Case;
use crate::cases::{also, candidate, case, request};
use atp_selector::arm::ArmState;
use atp_selector::random::Sfc32;
use serde_json::{Value, json};

pub const GAMMAS: [f64; 3] = [1.0, 0.99, 0.7];
const LAMBDAS: [f64; 3] = [0.3, 7.0, 250.0];

/// Bias and others, in 64ths so that the files stay short.
pub fn features(dimension: usize, rng: &mut Sfc32) -> Vec<f64> {
    let one = |at| {
        if at == 0 {
            1.0
        } else {
            (rng.next_signed() * 64.0).round() / 64.0
        }
    };
    (0..dimension).map(one).collect()
}

fn arm(dimension: usize, seen: usize, gamma: f64, rng: &mut Sfc32) -> ArmState {
    let mut arm = ArmState::default();
    for _ in 0..seen {
        let features = features(dimension, rng);
        arm.observe_with(&features, (rng.next_unit() * 8.0).round() / 8.0, gamma);
    }
    arm
}

/// Candidates: two that learnt, the second less often, one that never did, one whose features were others.
pub fn candidates(rng: &mut Sfc32) -> Vec<Value> {
    ["often", "seldom", "never", "otherwise"]
        .map(|id| candidate(id, (rng.next_unit() * 100.0).round() / 100.0, 0.001, 100.0))
        .to_vec()
}

/// `params` are added to every request; `dimensions` are numbers of features.
pub fn strategy(strategy: &str, params: &Value, dimensions: &[usize]) -> Vec<Case> {
    let mut rng = Sfc32::new(2_024);
    let ask = |seed: usize, rng: &mut Sfc32, dimension, lambda: f64| {
        let mut asked = also(request(strategy, seed as u64, &candidates(rng)), params);
        asked["params"]["lambda"] = json!(lambda);
        asked["params"]["noise"] = json!(0.4);
        asked["features"] = json!(features(dimension, rng));
        asked
    };
    let mut cases = Vec::new();
    for (index, &dimension) in dimensions.iter().enumerate() {
        let gamma = GAMMAS[index % GAMMAS.len()];
        let mut arms = vec![
            (
                "often".to_owned(),
                arm(dimension, 3 * dimension + 5, gamma, &mut rng),
            ),
            (
                "otherwise".to_owned(),
                arm(dimension % 3 + 1 + dimension, 4, gamma, &mut rng),
            ),
        ];
        // The largest state would only make the file longer.
        if dimension < 64 {
            arms.push(("seldom".to_owned(), arm(dimension, 2, gamma, &mut rng)));
        } else {
            arms.pop();
        }
        let requests = LAMBDAS
            .iter()
            .map(|&lambda| ask(10 * dimension, &mut rng, dimension, lambda))
            .collect();
        cases.push(case(
            &format!("{dimension} features, gamma {gamma}"),
            requests,
            5,
            arms,
        ));
    }
    cases.push(case("by priors", vec![ask(1, &mut rng, 12, 2.0)], 0, Vec::new()));
    for exploration in [0.0, 3.0] {
        let asked = also(ask(2, &mut rng, 4, 0.5), &json!({ "exploration": exploration }));
        let arms = vec![("seldom".to_owned(), arm(4, 6, 0.9, &mut rng))];
        cases.push(case(&format!("exploration {exploration}"), vec![asked], 9, arms));
    }
    let mut scalar = ArmState::default();
    scalar.observe(1.0, 1.0);
    let sums_alone = vec![("often".to_owned(), scalar)];
    cases.push(case(
        "sums alone leave it to priors",
        vec![ask(3, &mut rng, 2, 1.5)],
        2,
        sums_alone,
    ));
    cases
}
