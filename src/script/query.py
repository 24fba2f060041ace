# The outer loop: <<OUTER>>.
def query_loss(params, task):
    """The loss on the query set after adapting to the support set."""
    adapted = adapt(params, task)
    support, query = task["support_x"], task["query_x"]
    if TRANSDUCTION:
        predictions = network(adapted, query, len(query))
    else:  # normalised by the support set, so that no query example sees another
        predictions = network(adapted, jnp.concatenate([support, query]), len(support))[len(support):]
    return loss(predictions, task["query_y"])
