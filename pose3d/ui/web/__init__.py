"""What stands between the page and the network: plain ASGI, around all that Gradio answers.

Outermost first: `headers.SecurityHeaders`, `faults.Faults`, `bodies.Bodies`, `aliases.Aliases`.
"""
