# The network: four 3 x 3 convolutions of stride 2, each normalised and rectified, and a linear head.
FILTERS = <<FILTERS>>
OUTPUTS = <<OUTPUTS>>  # logits of the head
HAS_HEAD = <<HAS_HEAD>>
FLATTENS = <<FLATTENS>>  # whether the head sees every place of the last feature maps, or their mean
TRANSDUCTION = <<TRANSDUCTION>>  # whether query examples are normalised by one another
FEATURES = <<FEATURES>>


def first_weights(seed):
    """Normal weights, biases of zero."""
    rng, params = np.random.default_rng(seed), {}
    for block in range(4):
        channels = 1 if block == 0 else FILTERS
        inputs = 9 * channels
        params[f"conv{block}.weight"] = rng.normal(size=(FILTERS, channels, 3, 3)) * <<DEVIATION>>
        params[f"conv{block}.bias"] = np.zeros(FILTERS)  # taken away again by the normalisation
        params[f"norm{block}.gamma"], params[f"norm{block}.beta"] = np.ones(FILTERS), np.zeros(FILTERS)
    inputs = FEATURES
    if HAS_HEAD:
        params["head.weight"] = rng.normal(size=(inputs, OUTPUTS)) * <<DEVIATION>>
        params["head.bias"] = np.zeros(OUTPUTS)
<<RATES>>    return {name: jnp.asarray(value) for name, value in params.items()}


def network(params, x, reference):
    """[examples, 784] -> [examples, outputs]; normalised by the first `reference` examples."""
    x = x.reshape(-1, 1, 28, 28)
    for block in range(4):
        x = jax.lax.conv_general_dilated(
            x, params[f"conv{block}.weight"], (2, 2), ((1, 1), (1, 1)), dimension_numbers=("NCHW", "OIHW", "NCHW"))
        mean = x[:reference].mean((0, 2, 3), keepdims=True)
        variance = ((x[:reference] - mean) ** 2).mean((0, 2, 3), keepdims=True)
        x = (x - mean) / jnp.sqrt(variance + 1e-5)
        gamma, beta = params[f"norm{block}.gamma"], params[f"norm{block}.beta"]
        x = jax.nn.relu(x * gamma[:, None, None] + beta[:, None, None])
    x = x.reshape(len(x), -1) if FLATTENS else x.mean((2, 3))
    return x @ params["head.weight"] + params["head.bias"] if HAS_HEAD else x
