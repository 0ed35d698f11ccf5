-- Grain: sector of one of the three schemes
SELECT scheme, sector_id, name_es, name_en, group_id, sort::INTEGER AS sort, source
FROM reference.sectors
ORDER BY scheme, sort
