# The outer loop: from where the inner loop ends back to where it began.
def query_loss(params, task):
    """The loss on the query set after adapting to the support set."""
    adapted = adapt(params, task)
    support, query = task["support_x"], task["query_x"]
    if TRANSDUCTION:
        predictions = network(adapted, query, len(query))
    else:  # normalised by the support set, so that no query example sees another
        predictions = network(adapted, jnp.concatenate([support, query]), len(support))[len(support):]
    return loss(predictions, task["query_y"])


def meta_gradient(params, tasks):
    """The mean query loss over the tasks, and the mean of theta - theta_K, which the outer optimiser takes for a gradient."""
    value = jnp.mean(jax.vmap(lambda task: query_loss(params, task))(tasks))
    adapted = jax.vmap(lambda task: adapt(params, task))(tasks)
    return value, {name: params[name] - adapted[name].mean(0) for name in params}
