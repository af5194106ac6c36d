"""The ways out of the product: e-mail and webhooks."""
