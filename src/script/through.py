def meta_gradient(params, tasks):
    """The mean query loss over the tasks, and its gradient with respect to the meta-parameters."""
    mean = lambda params: jnp.mean(jax.vmap(lambda task: query_loss(params, task))(tasks))
    return jax.value_and_grad(mean)(params)
