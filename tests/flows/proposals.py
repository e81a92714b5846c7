"""The addresses of proposed rosters."""

from .address import Address

TEAM = {"team_id": "@team"}
PROPOSAL = {"proposal_id": "@proposal"}
PROPOSALS = (
    Address("roster:proposals", "coordinator", TEAM),
    Address("roster:propose", "coordinator", TEAM),
    Address("roster:mend", "leader", TEAM),
    Address("roster:propose_all", "province"),
    Address("roster:proposal_batch", "coordinator", {"batch_id": "@batch"}),
    Address("roster:proposal_batch", "coordinator", {"batch_id": "@ready_batch"}, label="ready"),
    Address("roster:publish_together", "coordinator", {"batch_id": "@batch"}, kind="act"),
    Address("roster:proposal", "coordinator", PROPOSAL),
    Address("roster:proposal", "leader", {"proposal_id": "@waiting"}, label="waiting"),
    Address("roster:proposed_shift", "coordinator", {**PROPOSAL, "shift_id": "@proposed_shift"}),
    *(
        Address(f"roster:{act}", "coordinator", PROPOSAL, kind="act")
        for act in (
            "change_proposal",
            "solve_again",
            "stop_proposal",
            "publish_proposal",
            "discard_proposal",
        )
    ),
)
