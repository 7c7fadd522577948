package org.tallystick.edge.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.util.ReferenceCounted;
import java.nio.channels.FileChannel;

/**
 * The bytes of a work, held for one answer: in memory, or as an open file, which stays readable when the work is
 * evicted. Must be turned into a body or released, once.
 */
public sealed interface Work {

    /** Length of the whole work. */
    long length();

    /** The part to write, a {@link ByteBuf} or a {@link FileRegion}; unless it is arriving, this work must not be used afterwards. */
    ReferenceCounted body(long from, long length);

    /** Releases the work without sending any of it. */
    void release();

    /** A small work; the buffer is this answer's own reference. */
    record InMemory(ByteBuf bytes) implements Work {
        @Override
        public long length() {
            return bytes.readableBytes();
        }

        @Override
        public ReferenceCounted body(long from, long length) {
            return bytes.readerIndex(Math.toIntExact(from)).writerIndex(Math.toIntExact(from + length));
        }

        @Override
        public void release() {
            bytes.release();
        }

        @Override
        public String toString() {
            return "InMemory[" + ByteBufUtil.hexDump(bytes, 0, Math.min(8, bytes.readableBytes())) + "…]";
        }
    }

    /** A large work of which the first bytes are here and the rest is on its way: sent piece by piece as it arrives. */
    record Arriving(FileChannel file, long length, Arrival arrival) implements Work {
        /** A piece that is proven; the file stays open for the next one. */
        @Override
        public ReferenceCounted body(long from, long count) {
            return new DefaultFileRegion(file, from, count) {
                @Override
                protected void deallocate() {
                    // the file is closed with the work
                }
            };
        }

        @Override
        public void release() {
            new DefaultFileRegion(file, 0, 0).release();
        }
    }

    /** A large work, sent by the kernel straight from the file. */
    record OnDisk(FileChannel file, long length) implements Work {
        @Override
        public ReferenceCounted body(long from, long count) {
            return new DefaultFileRegion(file, from, count);
        }

        @Override
        public void release() {
            new DefaultFileRegion(file, 0, 0).release(); // closes the file, reporting as regions do
        }
    }
}
