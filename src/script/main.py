def tasks():
    """The data above as arrays."""

    def tensor(kind, shape, text):
        raw = base64.b64decode(text)
        if kind == "bits":  # black and white pixels, eight a byte
            count = int(np.prod(shape))
            return jnp.asarray(np.unpackbits(np.frombuffer(raw, np.uint8))[:count].reshape(shape), jnp.float64)
        values = np.frombuffer(raw, kind).reshape(shape)
        if kind == "u1":  # shades of grey, or classes
            return jnp.asarray(values / 255.0) if len(shape) == 3 else jnp.asarray(values, jnp.int32)
        return jnp.asarray(values)

    return {name: tensor(*entry) for name, entry in DATA.items()}


def load(path):
    """The tensors of a safetensors file: the length of a header, the header in JSON, and the numbers."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        raw = file.read()
    header.pop("__metadata__", None)
    values = lambda entry: np.frombuffer(raw[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"])
    kept = {name: entry for name, entry in header.items() if not name.startswith(("optimizer.", "best."))}
    return {name: jnp.asarray(values(entry), jnp.float64) for name, entry in kept.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights", nargs="?", help="a .safetensors file of Kindling")
    parser.add_argument("--seed", type=int, default=1, help="of first weights, where no file is given")
    parser.add_argument("--json", metavar="FILE", help="write the loss and the meta-gradient")
    arguments = parser.parse_args()
    params = load(arguments.weights) if arguments.weights else first_weights(arguments.seed)
    value, gradient = jax.jit(meta_gradient)(params, tasks())
    print(f"query loss after adaptation, the mean over the tasks: {float(value):.6f}")
    for name, values in gradient.items():
        print(f"{name:24} {str(values.shape):18} gradient of norm {float(jnp.linalg.norm(values)):.6g}")
    if arguments.json:
        tensors = [{"name": name, "shape": values.shape, "data": np.asarray(values).ravel().tolist()}
                   for name, values in gradient.items()]
        with open(arguments.json, "w") as file:
            json.dump({"query_loss": float(value), "meta_gradient": tensors}, file)


if __name__ == "__main__":
    main()
