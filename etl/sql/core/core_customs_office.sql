-- Grain: customs office
SELECT customs_office_code, name, region_code, source
FROM reference.customs_offices
ORDER BY customs_office_code::INTEGER
