# The inner loop: Adam on the support set.
INNER_LR = <<INNER_LR>>
INNER_STEPS = <<INNER_STEPS>>
INNER_BATCH = <<INNER_BATCH>>  # support examples a step; 0: all of them
BETA_1, BETA_2 = <<MOMENTUM>>, 0.999


def mini_batch(values, step):
    """The examples of a step, going round and round."""
    if INNER_BATCH == 0 or INNER_BATCH >= len(values):
        return values
    start = step * INNER_BATCH % len(values)
    return values[(start + np.arange(INNER_BATCH)) % len(values)]


def support_loss(params, x, y):
    return loss(network(params, x, len(x)), y)


def adapt(params, task):
    """Adam (Kingma and Ba 2015, Algorithm 1); its steps count as constants."""
    first = {name: jnp.zeros_like(value) for name, value in params.items()}
    second = first
    for step in range(INNER_STEPS):
        x, y = mini_batch(task["support_x"], step), mini_batch(task["support_y"], step)
        gradient = <<GRADIENT>>
        first = {name: BETA_1 * first[name] + (1 - BETA_1) * gradient[name] for name in params}
        second = {name: BETA_2 * second[name] + (1 - BETA_2) * gradient[name] ** 2 for name in params}
        scale = {name: jnp.sqrt(second[name] / (1 - BETA_2 ** (step + 1))) + 1e-8 for name in params}
        unbiased = {name: first[name] / (1 - BETA_1 ** (step + 1)) for name in params}
        params = {name: params[name] - INNER_LR * unbiased[name] / scale[name] for name in params}
    return params
