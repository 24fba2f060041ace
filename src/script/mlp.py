# The network: a multi-layer perceptron.
SIZES = <<SIZES>>  # widths from input to output
HAS_HEAD = <<HAS_HEAD>>  # whether the last layer is a head: without activation
NORMALIZES = <<NORMALIZES>>  # whether hidden layers are normalised by their batch
TRANSDUCTION = <<TRANSDUCTION>>  # whether query examples are normalised by one another
FEATURES = SIZES[-1]


def first_weights(seed):
    """Normal weights, biases of zero."""
    rng, params = np.random.default_rng(seed), {}
    for layer, (inputs, outputs) in enumerate(zip(SIZES, SIZES[1:])):
        params[f"layer{layer}.weight"] = rng.normal(size=(inputs, outputs)) * <<DEVIATION>>
        params[f"layer{layer}.bias"] = np.zeros(outputs)
        if NORMALIZES and (layer + 2 < len(SIZES) or not HAS_HEAD):
            params[f"norm{layer}.gamma"], params[f"norm{layer}.beta"] = np.ones(outputs), np.zeros(outputs)
<<RATES>>    return {name: jnp.asarray(value) for name, value in params.items()}


def network(params, x, reference):
    """[examples, inputs] -> [examples, outputs]; normalised by the first `reference` examples."""
    for layer in range(len(SIZES) - 1):
        x = x @ params[f"layer{layer}.weight"] + params[f"layer{layer}.bias"]
        if layer + 2 < len(SIZES) or not HAS_HEAD:  # hidden
            if NORMALIZES:
                mean = x[:reference].mean(0)
                variance = ((x[:reference] - mean) ** 2).mean(0)
                x = (x - mean) / jnp.sqrt(variance + 1e-5)
                x = x * params[f"norm{layer}.gamma"] + params[f"norm{layer}.beta"]
            x = <<ACTIVATION>>(x)
    return x
