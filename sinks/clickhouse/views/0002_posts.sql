CREATE OR REPLACE VIEW posts
AS SELECT * FROM job_posts FINAL
WHERE taxonomy_version = (SELECT any(taxonomy_version) FROM active_taxonomy)
COMMENT 'Distinct posts, each at its first sighting, classified by the active taxonomy. Columns as in job_posts.';
