-- Every log entry by which a party has, or once had, a signing key: statements show them, and a party may change its key often.
create table party.key_entry (
    party    text collate "C" not null,
    position bigint not null,
    primary key (party, position)
);
insert into party.key_entry (party, position)
select distinct id, unnest(array[position, key_position]) from party.party where did_key is not null;
alter table party.party drop column key_position;
