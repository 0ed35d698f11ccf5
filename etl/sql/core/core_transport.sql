-- Grain: mode of transport
SELECT transport_code, name, source
FROM reference.transport_modes
ORDER BY transport_code::INTEGER
