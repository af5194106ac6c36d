"""An office that anything may happen in: random policies, people and verbs, for the stateful test."""
