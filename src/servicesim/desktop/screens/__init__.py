"""The screens, one file each; `app` says which one follows which."""
