-- Grain: unit of quantity
SELECT unit_code, abbreviation, name, source
FROM reference.units
ORDER BY unit_code::INTEGER
