-- Grain: type of service
SELECT service_type_id, name_es, name_en, source
FROM reference.service_types
ORDER BY service_type_id
