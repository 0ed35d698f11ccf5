-- Grain: port, airport or border crossing
SELECT port_code, name, kind, country_code, country_name, zone, region_code, note, source
FROM reference.ports
ORDER BY port_code::INTEGER
