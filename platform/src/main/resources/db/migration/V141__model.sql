-- A model inherits the terms of the contracts its jobs were opened under.
create index job_by_model on delivery.job (buyer, model, position);
