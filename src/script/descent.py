# The inner loop: gradient descent on the support set.
INNER_LR = <<INNER_LR>>
INNER_STEPS = <<INNER_STEPS>>
INNER_BATCH = <<INNER_BATCH>>  # support examples a step; 0: all of them


def mini_batch(values, step):
    """The examples of a step, going round and round."""
    if INNER_BATCH == 0 or INNER_BATCH >= len(values):
        return values
    start = step * INNER_BATCH % len(values)
    return values[(start + np.arange(INNER_BATCH)) % len(values)]


def adapts(name):
    """Whether the inner loop changes a parameter."""
    return <<ADAPTS>>


def support_loss(params, x, y):
    return loss(network(params, x, len(x)), y)


def adapt(params, task):
    """theta_{k+1} = theta_k - alpha * gradient of the support loss at theta_k."""
    for step in range(INNER_STEPS):
        x, y = mini_batch(task["support_x"], step), mini_batch(task["support_y"], step)
        gradient = <<GRADIENT>>
        moved = {name: params[name] - <<RATE>> * gradient[name] for name in params if adapts(name)}
        params = params | moved
    return params
