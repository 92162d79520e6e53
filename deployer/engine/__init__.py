"""Plan (pure), guards, apply, tasks and confirmations. No file here names a kind; ``deployer.app`` is its front."""
