"""How a question is answered: plan, SQL, values, operators, answer."""
