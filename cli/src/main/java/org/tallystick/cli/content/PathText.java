package org.tallystick.cli.content;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The text of a file name whatever bytes it holds and whatever the locale. File systems store bytes, and Java decodes
 * them by the locale, losing what does not fit; a path's URI keeps them all. Bytes that are not UTF-8 and control
 * characters come out as {@code %XX}.
 */
final class PathText {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PathText() {}

    /** The text of one name (not of a path with several). */
    static String of(Path name) {
        if (!name.getFileSystem().equals(FileSystems.getDefault())) {
            return ofText(name.toString());
        }
        String uri = name.toUri().getRawPath();
        String last = uri.replaceFirst("/$", "");
        return ofBytes(percentDecoded(last.substring(last.lastIndexOf('/') + 1)));
    }

    /** Text that came as text, for example from an archive. */
    static String ofText(String name) {
        return ofBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    static String ofBytes(byte[] bytes) {
        boolean utf8 = isUtf8(bytes);
        if (utf8) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (text.codePoints().noneMatch(Character::isISOControl)) {
                return text;
            }
            StringBuilder escaped = new StringBuilder();
            text.codePoints().forEach(c -> {
                if (Character.isISOControl(c)) {
                    escaped.append('%').append(HEX.toHexDigits((byte) c));
                } else {
                    escaped.appendCodePoint(c);
                }
            });
            return escaped.toString();
        }
        StringBuilder escaped = new StringBuilder();
        for (byte b : bytes) {
            if (b < 0x20 || b == 0x7f) {
                escaped.append('%').append(HEX.toHexDigits(b));
            } else {
                escaped.append((char) b);
            }
        }
        return escaped.toString();
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static byte[] percentDecoded(String raw) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                out.write(HexFormat.fromHexDigits(raw, i + 1, i + 3));
                i += 2;
            } else {
                out.write(c);
            }
        }
        return out.toByteArray();
    }
}
