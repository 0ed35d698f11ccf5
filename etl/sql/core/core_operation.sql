-- Grain: type of outgoing operation
SELECT operation_code, name, official_class, segment, note, source
FROM reference.operations
ORDER BY operation_code::INTEGER
