"""What other engines need to do the same work; each runs in an interpreter of its own, and knows nothing of ours."""
