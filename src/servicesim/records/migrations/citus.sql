-- How records would be spread over the computers of a distributed PostgreSQL (Citus). This was not tried by us.
--
-- The distribution column is `attempt`: all that belongs to an attempt lies on one computer, and its key holds the organisation
-- as well, so that one organisation's attempts are spread too. The attempt's own row has the same number under the name `number`.
-- `texts` is small, and every computer has all of it. Run this as the owner, after `servicesim organisation upgrade`, and before
-- anything is kept.
--
-- Citus does not distribute a table with triggers unless it is told to, and demands that a unique key holds the distribution
-- column. So the uniqueness of `attempts.id` is given up there (the number is made from the id, and is unique itself).

SET search_path = records;
SET citus.enable_unsafe_triggers = on;

ALTER TABLE attempts DROP CONSTRAINT attempts_organisation_id_key;
-- What stays on one computer cannot refer to what is spread.
ALTER TABLE outbox DROP CONSTRAINT outbox_organisation_attempt_fkey;
ALTER TABLE deliveries DROP CONSTRAINT deliveries_organisation_attempt_fkey;
CREATE INDEX attempts_by_id ON attempts (organisation, id);

SELECT create_reference_table('texts');
SELECT create_reference_table('purged');
SELECT create_distributed_table('attempts', 'number');
SELECT create_distributed_table('events', 'attempt', colocate_with => 'attempts');
SELECT create_distributed_table('results', 'attempt', colocate_with => 'attempts');
SELECT create_distributed_table('reviews', 'attempt', colocate_with => 'attempts');
SELECT create_distributed_table('rescored', 'attempt', colocate_with => 'attempts');
SELECT create_distributed_table('collected', 'attempt', colocate_with => 'attempts');
SELECT create_distributed_table('told', 'attempt', colocate_with => 'attempts');
-- `exports`, `anonymous`, `outbox` and `deliveries` stay whole, on the computer that coordinates: the server fills neither queue.
