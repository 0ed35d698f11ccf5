-- Grain: words that tell a type of service
SELECT words, service_type_id, priority::INTEGER AS priority, note, source
FROM reference.service_rules
ORDER BY priority, words
