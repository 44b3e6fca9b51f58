"""A linear classifier with a prior: weights stay near what was known before, as far as examples do not say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

STEPS = 200


def compute_probabilities(features: Array, weights: Array, *, single: bool) -> Array:
    """Probability of each label for each row: of exactly one label (softmax) if `single`, else of each by itself (logistic)."""
    import numpy as np
    from scipy.special import expit, softmax

    scores = features @ weights.T
    found: Array = np.asarray(softmax(scores, axis=1) if single else expit(scores))
    return found


def fit_weights(
    features: Array, labels: Array, prior: Array, ridge: Array, *, share: Array, single: bool
) -> Array:  # fmt: skip
    """Weights (labels x features) of the highest posterior probability: cross-entropy, and a normal prior around `prior`.

    Parameters
    ----------
    features : array of n x d
    labels : array of n x k
        1 where a row has the label, else 0.
    prior : array of k x d
        Weights before any example.
    ridge : array of d
        How firmly each column holds to the prior.
    share : array of n
        What each row counts for.
    single : bool
        Whether a row has exactly one label.

    References
    ----------
    C. Chelba, A. Acero, Adaptation of Maximum Entropy Capitalizer, EMNLP 2004.
    """
    import numpy as np
    from scipy.optimize import minimize

    def cost(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(prior.shape)
        chance = compute_probabilities(features, weights, single=single)
        wrong, moved = (chance - labels) * share[:, None], weights - prior
        held = np.where(labels > 0, chance, 1.0 if single else 1 - chance)
        loss = -(share[:, None] * np.log(np.clip(held, 1e-12, None))).sum() + (ridge * moved**2).sum() / 2
        return float(loss), (wrong.T @ features + ridge * moved).ravel()

    found = minimize(cost, prior.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    weights: Array = found.x.reshape(prior.shape)
    return weights
