"""Somebody at a desk that talks to a server without a network: enrolled, plays sealed editions, and sends what happened."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.testclient import TestClient

from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.scenario.model import scenario_from_canonical
from servicesim.scenario.principles import principles_from_canonical
from servicesim.server.house import House


@dataclass(slots=True)
class Seat:
    """One person's desk."""

    client: TestClient
    key: str
    told: dict[str, Any]
    """The answer to the enrolment."""

    @classmethod
    def taken(cls, house: House, client: TestClient, person: str = "kaveh", name: str = "Kaveh Rahimi") -> Seat:
        """The desk of a person who is new here."""
        learner = house.people.enrol(person, name, "Airport", "en")
        code = house.organisation.new_code(learner, by="farid", at=house.now())
        answer = client.post("/api/1/enrol", json={"code": code, "desk": "counter-3"})
        assert answer.status_code == 201, answer.text
        return cls(client, answer.json()["key"], answer.json())

    @property
    def learner(self) -> str:
        return str(self.told["person"]["learner"])

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(f"/api/1/{path}", headers=self._headers, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.client.post(f"/api/1/{path}", headers=self._headers, **({"json": body} if body is not None else more))

    def send(self, attempt: str, lines: Sequence[str], first: int = 0, **other: Any) -> Any:
        """The answer to these lines."""
        batch = {"first": first, "lines": list(lines), "untimed": False, "clock": 1} | other
        # As a desk writes it: half a character goes out as an escape.
        return self.post(f"attempts/{attempt}/events", content=json.dumps(batch).encode())

    def ticket(self, scenario: str = "late-parcel", language: str = "en") -> dict[str, Any]:
        """A ticket for an attempt at this encounter."""
        (offered,) = [one for one in self.get("encounters").json()["encounters"] if one["scenario"] == scenario]
        answer = self.post("tickets", {"editions": [offered["languages"][language]["edition"]]})
        (ticket,) = answer.json()["tickets"]
        return dict(ticket)

    def script(self, ticket: dict[str, Any]) -> Script:
        """The sealed edition that the ticket is for."""
        scenario, principles = (self.get(f"texts/{ticket[kind]}").json()["body"] for kind in ("edition", "principles"))
        return Script(scenario_from_canonical(scenario), principles_from_canonical(principles))

    def played(self, ticket: dict[str, Any], moves: Iterable[str], **manner: Any) -> list[str]:
        """The lines of a play by these moves."""
        return to_lines(rehearse(Encounter(self.script(ticket), seed=ticket["seed"], **manner), moves).events)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}
