package org.tallystick.platform.metering.fold;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.roaringbitmap.longlong.Roaring64NavigableMap;

/** 64-bit Roaring bitmaps to bytes and back, in the portable format that other languages read too. */
public final class Bitmaps64 {
    private Bitmaps64() {}

    public static byte[] encode(Roaring64NavigableMap bitmap) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            bitmap.runOptimize();
            bitmap.serializePortable(new DataOutputStream(out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public static Roaring64NavigableMap decode(byte[] bytes) {
        Roaring64NavigableMap bitmap = new Roaring64NavigableMap();
        try {
            bitmap.deserializePortable(new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bitmap;
    }
}
