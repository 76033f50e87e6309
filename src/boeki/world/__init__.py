"""Input–output tables of the world economy."""
