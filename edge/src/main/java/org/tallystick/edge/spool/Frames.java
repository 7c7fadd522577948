package org.tallystick.edge.spool;

import java.nio.ByteBuffer;

/**
 * Reads the frames of a segment one after another and says how they end: whole, cut short by a crash, or damaged. Zeros
 * stand where the file was lengthened for frames to come. A cut leaves bytes missing or zeros where data was to come. No
 * payload holds a run of 64 zeros: in a leaf at most 36 stand together behind the hash of its work, in a set at most 31, in a
 * header 44. None ends in zeros: today's end in a mark, the older ones in a salt that is a hash. Not thread-safe.
 */
final class Frames {
    private static final int ZERO_RUN = 64;

    /** What follows the frames read so far. */
    enum Next {
        FRAME,
        END,
        /** The bytes end, or turn to zeros, inside a frame: it was never synced. */
        TORN,
        /** All bytes are there and are not what was written; the frame's length is known. */
        DAMAGED,
        /** The frame's own head is not what was written, so that where the next frame begins is unknown. */
        LOST
    }

    private final byte[] data;
    private final int end;
    private int next;
    private int at;
    private int kind;
    private int length;

    /**
     * @param start where the first frame begins
     * @param end where the data ends
     */
    Frames(byte[] data, int start, int end) {
        this.data = data;
        this.end = end;
        this.next = start;
        this.at = start;
    }

    /**
     * Moves to the next frame and says what it found; after {@link Next#DAMAGED} the next call goes on behind the
     * damage.
     */
    Next advance() {
        at = next;
        if (end - at < SegmentFormat.FRAME) {
            return zeros(at, end) ? Next.END : Next.TORN;
        }
        ByteBuffer head = ByteBuffer.wrap(data, at, SegmentFormat.FRAME);
        kind = head.getInt();
        length = head.getInt();
        int payloadCrc = head.getInt();
        boolean known = switch (kind) {
            case SegmentFormat.OLD_BATCH, SegmentFormat.OLD_QUOTA -> true;
            case SegmentFormat.BATCH, SegmentFormat.SETS -> length >= SegmentFormat.MARK;
            default -> false;
        };
        if (head.getInt() != SegmentFormat.crc(data, at, 12) || !known || length < 0) {
            return zeros(at, end) ? Next.END : isHeadUnfinished() ? Next.TORN : Next.LOST;
        }
        if (length > end - at - SegmentFormat.FRAME) {
            return Next.TORN;
        }
        next = at + SegmentFormat.FRAME + length;
        if (payloadCrc != SegmentFormat.crc(data, payload(), length)) {
            return hasZeroRun(payload(), next) || isUnfinished() ? Next.TORN : Next.DAMAGED;
        }
        return Next.FRAME;
    }

    /** Where the frame reached last begins. */
    int at() {
        return at;
    }

    /** Where the frame reached last ends. */
    int frameEnd() {
        return next;
    }

    boolean isBatch() {
        return kind == SegmentFormat.BATCH || kind == SegmentFormat.OLD_BATCH;
    }

    /** Whether it holds sets of works; else, where it is no batch, the older counts. */
    boolean isSets() {
        return kind == SegmentFormat.SETS;
    }

    /** Where its payload begins. */
    int payload() {
        return at + SegmentFormat.FRAME;
    }

    /** Length of its payload without the mark. */
    int length() {
        return isMarked() ? length - SegmentFormat.MARK : length;
    }

    private boolean isMarked() {
        return kind == SegmentFormat.BATCH || kind == SegmentFormat.SETS;
    }

    private boolean isHeadUnfinished() {
        return zeros(at, Math.min(end, at + ZERO_RUN)) || zeros(at + SegmentFormat.FRAME, end);
    }

    /** Whether the frame ends in zeros, as no whole one does, and nothing follows it. */
    private boolean isUnfinished() {
        int tail = isMarked() ? SegmentFormat.MARK : Integer.BYTES;
        return zeros(Math.max(payload(), next - tail), end);
    }

    private boolean hasZeroRun(int from, int to) {
        int run = 0;
        for (int i = from; i < to; i++) {
            run = data[i] == 0 ? run + 1 : 0;
            if (run == ZERO_RUN) {
                return true;
            }
        }
        return false;
    }

    private boolean zeros(int from, int to) {
        for (int i = from; i < to; i++) {
            if (data[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
