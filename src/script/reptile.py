def meta_gradient(params, tasks):
    """The mean query loss over the tasks, and the mean of theta - theta_K, which the outer optimiser takes for a gradient."""
    value = jnp.mean(jax.vmap(lambda task: query_loss(params, task))(tasks))
    adapted = jax.vmap(lambda task: adapt(params, task))(tasks)
    return value, {name: params[name] - adapted[name].mean(0) for name in params}
