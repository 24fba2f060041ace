"""<<LESSON>>

A program of its own, written by Kindling from the experiment
<<LINK>>

    pip install numpy jax
    python <<NAME>>.py                        # from first weights of its own
    python <<NAME>>.py weights.safetensors    # from weights that Kindling saved
    python <<NAME>>.py weights.safetensors --json gradient.json

It computes the meta-gradient on the tasks at the end of this file, in float64. With the weights that
Kindling saved together with it, that is the gradient of Kindling's own next meta-step.
"""
import argparse
import base64
import json

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
