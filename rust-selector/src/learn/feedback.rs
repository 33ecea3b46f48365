//! One score, judged: either it can be learnt or it says why it never can.

use crate::linear_state::{MAX_DIMENSION, MAX_FEATURE};
use crate::memory::MAX_MEMORY;
use crate::store::{Field, RawFeatures, RawFeedback};
use crate::task_counts::MAX_TASK;

/// As in an adapter's registration.
const MAX_ADAPTER_ID: usize = 128;

#[derive(Clone, Debug, PartialEq)]
pub struct Feedback {
    pub id: String,
    pub adapter: String,
    pub score: f64,
    pub gamma: f64,
    /// Of the request that was answered, if its policy goes by any.
    pub features: Option<Vec<f64>>,
    /// How many scores with features are remembered of the adapter, if its policy goes by them.
    pub memory: Option<usize>,
    /// Hash of what the caller named its task.
    pub task: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Poison {
    Policy,
    Adapter,
    Score,
    Gamma,
    Features,
    Memory,
    Task,
}

impl Poison {
    /// What is written on the item for whoever repairs it.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Policy => "policy is not the one in pending",
            Self::Adapter => "adapter_id is missing or not an id",
            Self::Score => "quality_score is missing or not a number from 0 to 1",
            Self::Gamma => "gamma is not a number from 0.5 to 1",
            Self::Features => "features is not the bytes of 1 to 64 finite numbers of at most 1e6",
            Self::Memory => "memory is not a whole number from 1 to 1024",
            Self::Task => "task is not a whole number from 0 to 2^53 - 1",
        }
    }
}

pub fn judge(policy: &str, raw: RawFeedback) -> Result<Feedback, Poison> {
    if raw.policy.as_deref() != Some(policy) {
        return Err(Poison::Policy);
    }
    let adapter = raw.adapter.filter(|id| is_adapter(id)).ok_or(Poison::Adapter)?;
    let score = raw
        .score
        .filter(|score| (0.0..=1.0).contains(score))
        .ok_or(Poison::Score)?;
    let gamma = match raw.gamma {
        Field::Missing => 1.0,
        Field::Number(gamma) if (0.5..=1.0).contains(&gamma) => gamma,
        Field::Number(_) | Field::Invalid => return Err(Poison::Gamma),
    };
    Ok(Feedback {
        id: raw.id,
        adapter,
        score,
        gamma,
        features: features(raw.features)?,
        memory: memory(raw.memory)?,
        task: task(raw.task)?,
    })
}

fn memory(raw: Field) -> Result<Option<usize>, Poison> {
    Ok(whole(raw, 1, MAX_MEMORY as u64, Poison::Memory)?.map(|size| size as usize))
}

fn task(raw: Field) -> Result<Option<u64>, Poison> {
    whole(raw, 0, MAX_TASK, Poison::Task)
}

fn whole(raw: Field, least: u64, most: u64, poison: Poison) -> Result<Option<u64>, Poison> {
    match raw {
        Field::Missing => Ok(None),
        Field::Number(value) if (least as f64..=most as f64).contains(&value) && value.fract() == 0.0 => {
            Ok(Some(value as u64))
        }
        Field::Number(_) | Field::Invalid => Err(poison),
    }
}

/// Little-endian floats of 32 bits.
fn features(raw: RawFeatures) -> Result<Option<Vec<f64>>, Poison> {
    let bytes = match raw {
        RawFeatures::Missing => return Ok(None),
        RawFeatures::Bytes(bytes) => bytes,
        RawFeatures::Invalid => return Err(Poison::Features),
    };
    let (words, rest) = bytes.as_chunks::<4>();
    let features: Vec<f64> = words
        .iter()
        .map(|word| f64::from(f32::from_le_bytes(*word)))
        .collect();
    let is_sound = rest.is_empty()
        && (1..=MAX_DIMENSION).contains(&features.len())
        && features.iter().all(|feature| feature.abs() <= MAX_FEATURE);
    if is_sound {
        Ok(Some(features))
    } else {
        Err(Poison::Features)
    }
}

/// '#' begins the keys of items that are no arms.
fn is_adapter(id: &str) -> bool {
    let printable = id.bytes().all(|byte| byte.is_ascii_graphic());
    (1..=MAX_ADAPTER_ID).contains(&id.len()) && printable && !id.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw() -> RawFeedback {
        RawFeedback {
            id: "t#1".to_owned(),
            policy: Some("default".to_owned()),
            adapter: Some("gpt-4".to_owned()),
            score: Some(0.5),
            ..RawFeedback::default()
        }
    }

    fn packed(features: &[f32]) -> RawFeatures {
        RawFeatures::Bytes(features.iter().flat_map(|one| one.to_le_bytes()).collect())
    }

    #[test]
    fn features_are_taken_as_the_floats_they_are() {
        let with = |features| judge("default", RawFeedback { features, ..raw() }).map(|one| one.features);
        assert_eq!(with(RawFeatures::Missing), Ok(None));
        assert_eq!(
            with(packed(&[1.0, -0.1])),
            Ok(Some(vec![1.0, f64::from(-0.1f32)]))
        );
        assert_eq!(
            with(packed(&[1e6; 64])).map(|all| all.map(|all| all.len())),
            Ok(Some(64))
        );
        let flawed = [
            RawFeatures::Invalid,
            RawFeatures::Bytes(vec![0; 7]),
            packed(&[]),
            packed(&[1.0; 65]),
            packed(&[1.0, f32::NAN]),
            packed(&[f32::INFINITY]),
            packed(&[-1.1e6]),
        ];
        for features in flawed {
            assert_eq!(with(features), Err(Poison::Features));
        }
    }

    #[test]
    fn a_memory_is_a_whole_number() {
        let with = |memory| judge("default", RawFeedback { memory, ..raw() }).map(|one| one.memory);
        assert_eq!(with(Field::Missing), Ok(None));
        assert_eq!(with(Field::Number(1.0)), Ok(Some(1)));
        assert_eq!(with(Field::Number(1_024.0)), Ok(Some(1_024)));
        for flawed in [0.0, 1.5, 1_025.0, f64::NAN, f64::INFINITY] {
            assert_eq!(with(Field::Number(flawed)), Err(Poison::Memory));
        }
        assert_eq!(with(Field::Invalid), Err(Poison::Memory));
    }

    #[test]
    fn a_task_is_a_whole_number_that_json_can_hold() {
        let with = |task| judge("default", RawFeedback { task, ..raw() }).map(|one| one.task);
        assert_eq!(with(Field::Missing), Ok(None));
        assert_eq!(with(Field::Number(0.0)), Ok(Some(0)));
        assert_eq!(with(Field::Number(MAX_TASK as f64)), Ok(Some(MAX_TASK)));
        for flawed in [-1.0, 0.5, 9_007_199_254_740_992.0, f64::NAN, f64::INFINITY] {
            assert_eq!(with(Field::Number(flawed)), Err(Poison::Task));
        }
        assert_eq!(with(Field::Invalid), Err(Poison::Task));
    }

    #[test]
    fn a_sound_score_is_taken() {
        let feedback = judge(
            "default",
            RawFeedback {
                gamma: Field::Number(0.99),
                ..raw()
            },
        )
        .unwrap();
        assert_eq!(
            (feedback.adapter.as_str(), feedback.score, feedback.gamma),
            ("gpt-4", 0.5, 0.99)
        );
        assert_eq!(judge("default", raw()).unwrap().gamma, 1.0);
    }

    #[test]
    fn each_flaw_has_its_reason() {
        let cases = [
            (
                RawFeedback {
                    policy: None,
                    ..raw()
                },
                Poison::Policy,
            ),
            (
                RawFeedback {
                    policy: Some("other".to_owned()),
                    ..raw()
                },
                Poison::Policy,
            ),
            (
                RawFeedback {
                    adapter: None,
                    ..raw()
                },
                Poison::Adapter,
            ),
            (
                RawFeedback {
                    adapter: Some("#head".to_owned()),
                    ..raw()
                },
                Poison::Adapter,
            ),
            (RawFeedback { score: None, ..raw() }, Poison::Score),
            (
                RawFeedback {
                    score: Some(1.01),
                    ..raw()
                },
                Poison::Score,
            ),
            (
                RawFeedback {
                    score: Some(f64::NAN),
                    ..raw()
                },
                Poison::Score,
            ),
            (
                RawFeedback {
                    gamma: Field::Number(0.0),
                    ..raw()
                },
                Poison::Gamma,
            ),
            (
                RawFeedback {
                    gamma: Field::Invalid,
                    ..raw()
                },
                Poison::Gamma,
            ),
        ];
        for (raw, poison) in cases {
            assert_eq!(judge("default", raw), Err(poison));
        }
    }
}
