def loss(predictions, y):
    """The mean squared error."""
    return jnp.mean((predictions - y) ** 2)
