-- What a buyer signs when it closes a job.
alter table delivery.job_closing add column acknowledgement text;
comment on column delivery.job_closing.acknowledgement is
    'which works arrived, signed by the buyer (a JWS); null where it signed nothing';
