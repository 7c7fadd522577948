package org.tallystick.protocol.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Times;
import org.tallystick.protocol.receipt.Batch;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.SignedHeader;

/**
 * One entry of the log: either the header of a batch of receipts with the place of its bytes, or a document. Exactly one
 * byte string stands for each entry, so that an entry can be recognised by its hash.
 *
 * <p>A batch entry is {@code 0x01}, the bundle's SHA-256, offset and length as u32, the signed header. A document is
 * canonical JSON, {@code {"body":{…},"salt":"…","time":"…","type":"…"}}; a body longer than {@value #INLINE_MAX} bytes stays
 * outside, as a blob, and {@code "blob":"sha256:…"} stands in its place.
 */
public sealed interface LogEntry {
    /** Longest canonical body that stands in the entry itself, in bytes. */
    int INLINE_MAX = 32 * 1024;

    /** The bytes of the entry in the log, at most {@value EntryBundle#MAX_ENTRY}. */
    byte[] encode();

    /**
     * The bytes that the entry only names and that must be stored before the entry is; empty for all but long
     * documents.
     */
    default Optional<byte[]> blob() {
        return Optional.empty();
    }

    /**
     * {@link #encode} and {@link #blob} made at once.
     *
     * @param entry the bytes of the entry in the log
     * @param blob the bytes it only names
     */
    record Encoded(byte[] entry, Optional<byte[]> blob) {}

    /** What is to be stored of the entry. */
    default Encoded encoded() {
        return new Encoded(encode(), blob());
    }

    /**
     * A batch of receipts taken in.
     *
     * @param bundle SHA-256 of the bundle the batch came in
     * @param offset of the batch in the bundle, in bytes, below 2^32
     * @param length of the batch, header and leaves, in bytes
     * @param signed the header, as the edge signed it
     */
    record BatchEntry(Hash bundle, long offset, long length, SignedHeader signed) implements LogEntry {
        private static final byte FORMAT = 1;
        private static final int HEADER_AT = 1 + Hash.BYTES + 8;
        private static final int BYTES = HEADER_AT + SignedHeader.LENGTH;

        public BatchEntry {
            Objects.requireNonNull(bundle);
            if (offset < 0 || offset > 0xffffffffL) {
                throw new MalformedException("entry/offset", "the batch's offset " + offset + " does not fit 32 bits");
            }
            if (length != Batch.length(signed.header().form(), signed.header().count())) {
                throw new MalformedException(
                        "entry/length",
                        "a batch of " + signed.header().count() + " leaves has "
                                + Batch.length(
                                        signed.header().form(), signed.header().count()) + " bytes, not " + length);
            }
        }

        @Override
        public byte[] encode() {
            return ByteBuffer.allocate(BYTES)
                    .put(FORMAT)
                    .put(bundle.toBytes())
                    .putInt((int) offset)
                    .putInt((int) length)
                    .put(signed.encode())
                    .array();
        }

        private static BatchEntry decode(byte[] entry) {
            if (entry.length != BYTES) {
                throw new MalformedException(
                        entry.length < BYTES ? "entry/truncated" : "entry/trailing",
                        "a batch entry has " + BYTES + " bytes, not " + entry.length);
            }
            ByteBuffer numbers = ByteBuffer.wrap(entry, 1 + Hash.BYTES, 8);
            return new BatchEntry(
                    Hash.at(entry, 1),
                    Integer.toUnsignedLong(numbers.getInt()),
                    Integer.toUnsignedLong(numbers.getInt()),
                    SignedHeader.decode(entry, HEADER_AT));
        }
    }

    /**
     * Anything that is not a batch: a contract, a manifest, a statement.
     *
     * @param type which document, {@code [a-z][a-z0-9./-]*} of at most 64 characters
     * @param time when the platform took it in, to the millisecond
     * @param body the document
     * @param salt 16 bytes that nobody can guess, as 32 lower-case hexadecimal digits: the hash of an entry is public, and
     *     without them whoever guesses a short body could see that the guess is right. Empty in entries of older logs
     */
    record DocumentEntry(String type, Instant time, Json.Obj body, Optional<String> salt) implements LogEntry {
        private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9./-]{0,63}");
        private static final Pattern SALT = Pattern.compile("[0-9a-f]{32}");

        /** An entry without salt. */
        public DocumentEntry(String type, Instant time, Json.Obj body) {
            this(type, time, body, Optional.empty());
        }

        public DocumentEntry {
            Objects.requireNonNull(body);
            if (!salt.map(hex -> SALT.matcher(hex).matches()).orElse(true)) {
                throw new MalformedException("entry/salt", "a salt has 32 lower-case hexadecimal digits");
            }
            if (!TYPE.matcher(type).matches()) {
                throw new MalformedException("entry/type", Fields.shown(type) + " is not a document type");
            }
            if (!time.equals(time.truncatedTo(ChronoUnit.MILLIS))) {
                throw new MalformedException("entry/time", "an entry's time is in whole milliseconds");
            }
        }

        @Override
        public byte[] encode() {
            return encoded().entry();
        }

        @Override
        public Optional<byte[]> blob() {
            return encoded().blob();
        }

        @Override
        public Encoded encoded() {
            String content = Jcs.text(body);
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            boolean outside = bytes.length > INLINE_MAX;
            String where = outside ? "{\"blob\":" + Json.of(ContentId.of(bytes).toString()) : "{\"body\":" + content;
            String salted = salt.map(hex -> ",\"salt\":\"" + hex + "\"").orElse("");
            String entry = where + salted + ",\"time\":" + Json.of(time) + ",\"type\":" + Json.of(type) + "}";
            return new Encoded(entry.getBytes(StandardCharsets.UTF_8), outside ? Optional.of(bytes) : Optional.empty());
        }
    }

    /**
     * The blob an entry names in place of its body, if any.
     *
     * @throws MalformedException as {@link #decode}
     */
    static Optional<ContentId> blobOf(byte[] entry) {
        return isDocument(entry) ? fields(entry).optionalText("blob").map(ContentId::parse) : Optional.empty();
    }

    /**
     * Reads an entry.
     *
     * @param blobs gives the bytes of a blob the entry names; what it throws passes through
     * @throws MalformedException {@code entry/…}; {@code entry/blob} where the blob's bytes are not those named;
     *     {@code batch/…} and {@code json/…} for what lies inside
     */
    static LogEntry decode(byte[] entry, Function<ContentId, byte[]> blobs) {
        if (!isDocument(entry)) {
            return BatchEntry.decode(entry);
        }
        Fields fields = fields(entry);
        Optional<ContentId> blob = fields.optionalText("blob").map(ContentId::parse);
        Instant time = fields.instant("time");
        if (!Times.text(time).equals(fields.text("time"))) {
            throw new MalformedException("entry/time", "an entry's time is UTC in whole milliseconds");
        }
        Json.Obj body = blob.isPresent()
                ? bodyIn(blob.get(), blobs.apply(blob.get()))
                : fields.fields("body").object();
        String type = fields.text("type");
        Optional<String> salt = fields.optionalText("salt");
        fields.noOthers();
        DocumentEntry document = new DocumentEntry(type, time, body, salt);
        Encoded again = document.encoded();
        if (again.blob().isPresent() != blob.isPresent()) {
            throw new MalformedException("entry/blob-needless", "the body's length decides where it stands");
        }
        if (!Arrays.equals(again.entry(), entry)) {
            throw new MalformedException("entry/not-canonical", "the entry is not in its one canonical form");
        }
        return document;
    }

    private static Json.Obj bodyIn(ContentId id, byte[] content) {
        if (!ContentId.of(content).equals(id)) {
            throw new MalformedException("entry/blob", "the bytes given for " + id + " are others");
        }
        return Fields.of(Json.parse(content), "body").object();
    }

    private static boolean isDocument(byte[] entry) {
        if (entry.length == 0) {
            throw new MalformedException("entry/truncated", "an entry is not empty");
        }
        if (entry.length > EntryBundle.MAX_ENTRY) {
            throw new MalformedException("entry/too-long", "an entry of " + entry.length + " bytes");
        }
        if (entry[0] != '{' && entry[0] != BatchEntry.FORMAT) {
            throw new MalformedException("entry/format", "no entry begins with byte " + (entry[0] & 0xff));
        }
        return entry[0] == '{';
    }

    private static Fields fields(byte[] entry) {
        return Fields.of(Json.parse(entry), "entry");
    }
}
