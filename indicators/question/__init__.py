"""What is asked: question, parts, rules, scope, dimensions, calendar, codes and their names."""
