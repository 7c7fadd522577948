package org.tallystick.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The commitment that stands in the log for a text, against the vectors that other programs are held to. */
final class SaltedTextTest {
    private static final String SALT = "AAECAwQFBgcICQoLDA0ODw";

    @Test
    void theVectorsAreThoseOfToday() {
        List<Json> cases = new ArrayList<>();
        for (String text :
                List.of("", "by Zelda Quux", "home/grüße/日記.txt", "\uD83C\uDFBB", "line\nbreak", "x".repeat(300))) {
            SaltedText salted = new SaltedText(SALT, text);
            cases.add(Json.object()
                    .put("salt", SALT)
                    .put("text", text)
                    .put("commitment", salted.commitment().hex())
                    .build());
        }
        Vectors.matches(
                "salted-text.json", "SHA-256 over the 16 bytes of the salt (base64url) and the text in UTF-8.", cases);
    }

    @Test
    void theCommitmentIsThePlainHashOfSaltAndText() {
        byte[] text = "a name".getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[16 + text.length];
        for (int i = 0; i < 16; i++) {
            all[i] = (byte) i;
        }
        System.arraycopy(text, 0, all, 16, text.length);
        assertThat(new SaltedText(SALT, "a name").commitment()).isEqualTo(Sha256.hash(all));
    }

    @Test
    void everySaltIsAnother() {
        Set<Hash> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            seen.add(SaltedText.fresh("the same").commitment());
        }
        assertThat(seen).hasSize(1_000);
    }

    @Test
    void onlySixteenBytesAreASalt() {
        for (String salt :
                List.of("", "AAEC", SALT + "AA", SALT + "=", "AAECAwQFBgcICQoLDA0OD!", "AAECAwQFBgcICQoLDA0ODx")) {
            assertThatThrownBy(() -> new SaltedText(salt, "x")).as(salt).isInstanceOf(MalformedException.class);
        }
    }
}
