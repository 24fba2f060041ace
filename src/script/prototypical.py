# The head that the support set makes: the mean features of each class.
INNER_LR = <<INNER_LR>>  # no step is taken inside


def features(params, task):
    """Scaled features of the support set and of the query set."""
    support, query = task["support_x"], task["query_x"]
    both = jnp.concatenate([support, query])
    if TRANSDUCTION:
        found = network(params, both, len(both))
    else:  # normalised by the support set, so that no query example sees another
        found = network(params, both, len(support))
    found = found * jnp.exp(params["prototype.log_scale"])
    return found[:len(support)], found[len(support):]


def query_loss(params, task):
    """-|f - c|^2 as logits; |f|^2 is the same for every class c, and is left out (eq. 8)."""
    support, query = features(params, task)
    members = jax.nn.one_hot(task["support_y"], WAYS, dtype=support.dtype)
    # Noise may leave a class without a member; its prototype is the origin.
    prototypes = members.T @ support / jnp.maximum(members.sum(0), 1)[:, None]
    return loss(2 * query @ prototypes.T - (prototypes**2).sum(1), task["query_y"])


def meta_gradient(params, tasks):
    """The mean query loss over the tasks, and its gradient with respect to the meta-parameters."""
    mean = lambda params: jnp.mean(jax.vmap(lambda task: query_loss(params, task))(tasks))
    return jax.value_and_grad(mean)(params)
