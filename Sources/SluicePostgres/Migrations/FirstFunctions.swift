// Schema 1: what the database does by itself. Usage is counted by triggers, so that nobody who writes an attachment can forget it.

extension PostgresMigration {
    static let functions = """
        -- A guess that was sent ahead: fails where it was wrong.
        CREATE FUNCTION sluice_expect(holds boolean) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
        BEGIN
            IF holds THEN RETURN true; END IF;
            RAISE EXCEPTION 'a question has another answer than was expected' USING ERRCODE = 'SL001';
        END $$;
        -- A connection that its node has given up.
        CREATE FUNCTION sluice_fence(holds boolean) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
        BEGIN
            IF holds THEN RETURN true; END IF;
            RAISE EXCEPTION 'the mark of this connection is gone' USING ERRCODE = 'SL002';
        END $$;

        CREATE FUNCTION sluice_attachment_added() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO ticket_usage AS kept (ticket, attachments, size) VALUES (NEW.ticket, 1, NEW.size)
            ON CONFLICT (ticket) DO UPDATE
                SET attachments = kept.attachments + 1, size = kept.size + excluded.size;
            IF NEW.source = 'endpoint' THEN
                INSERT INTO submitter_usage AS kept (submitter, day, attachments, size)
                VALUES (coalesce(NEW.submitter, ''), NEW.received_at / 86400000000, 1, NEW.size)
                ON CONFLICT (submitter, day) DO UPDATE
                    SET attachments = kept.attachments + 1, size = kept.size + excluded.size;
            END IF;
            RETURN NULL;
        END $$;

        CREATE FUNCTION sluice_attachment_removed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE ticket_usage SET attachments = attachments - 1, size = size - OLD.size WHERE ticket = OLD.ticket;
            RETURN NULL;
        END $$;

        CREATE FUNCTION sluice_refusal_added() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO submitter_usage AS kept (submitter, day, attachments, size)
            VALUES (coalesce(NEW.submitter, ''), NEW.received_at / 86400000000, 1, 0)
            ON CONFLICT (submitter, day) DO UPDATE SET attachments = kept.attachments + 1;
            RETURN NULL;
        END $$;

        """

    static let triggers = """
        CREATE TRIGGER attachment_added AFTER INSERT ON attachment
            FOR EACH ROW EXECUTE FUNCTION sluice_attachment_added();
        CREATE TRIGGER attachment_removed AFTER DELETE ON attachment
            FOR EACH ROW EXECUTE FUNCTION sluice_attachment_removed();
        -- A refusal keeps no bytes, and it is counted as an attachment: rows fill disks as well. Not what a reviewer deletes: that was counted when it came,
        -- and its row is younger than its arrival.
        CREATE TRIGGER refusal_added AFTER INSERT ON decision
            FOR EACH ROW WHEN (NEW.source = 'endpoint' AND NEW.last_at = NEW.received_at)
            EXECUTE FUNCTION sluice_refusal_added();

        """
}
