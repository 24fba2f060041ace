WAYS = <<WAYS>>  # classes of a task


def loss(logits, y):
    """The mean cross-entropy of classes y; a network with more outputs is used as if it had no others."""
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits[:, :WAYS]), y[:, None], 1))
