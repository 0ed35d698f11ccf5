"""Checks a quoted figure against every reading that published figures and the edition allow."""

from indicators.claims.claim import ABOUTS, Claim, read_claim, read_period
from indicators.claims.fields import Fields, claim_of, fields_of, period_text, read_rough_period
from indicators.claims.propose import propose
from indicators.claims.quantity import Quantity, read_quantity
from indicators.claims.readings import Reading, Unanswered
from indicators.claims.verdict import Verification, verify

__all__ = [
    "ABOUTS",
    "Claim",
    "Fields",
    "Quantity",
    "Reading",
    "Unanswered",
    "Verification",
    "claim_of",
    "fields_of",
    "period_text",
    "propose",
    "read_claim",
    "read_period",
    "read_quantity",
    "read_rough_period",
    "verify",
]
