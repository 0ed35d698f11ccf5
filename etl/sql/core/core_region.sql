-- Grain: region, or a code that stands in the place of one
SELECT region_code, name, official_name, iso_code, is_region::BOOLEAN AS is_region, north_to_south::INTEGER AS north_to_south, source
FROM reference.regions
ORDER BY north_to_south, region_code
