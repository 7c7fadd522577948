package org.tallystick.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``               | json/truncated
        {                | json/truncated
        {"a":1,"a":1}    | json/duplicate-member
        {"a":1,"\\u0061":2} | json/duplicate-member
        {"a":1,}         | json/syntax
        {a:1}            | json/syntax
        [1,]             | json/syntax
        [1 2]            | json/syntax
        [1]x             | json/trailing
        01               | json/trailing
        +1               | json/syntax
        1.               | json/syntax
        .5               | json/syntax
        1e               | json/syntax
        NaN              | json/syntax
        tru              | json/syntax
        "a               | json/truncated
        "\\x"            | json/syntax
        "\\u12G4"        | json/syntax
        "\\ud800"        | json/lone-surrogate
        "\\udc00\\ud800" | json/lone-surrogate
        1e999999999      | json/number-out-of-range
        1e99999999999999 | json/number-out-of-range
        """)
    void refusesWhatTwoParsersMightReadDifferently(String text, String reason) {
        assertReason(text.getBytes(StandardCharsets.UTF_8), reason);
    }

    @Test
    void refusesBytesThatAreNotUtf8ControlCharactersMarksAndDepth() {
        assertReason(new byte[] {'"', (byte) 0xc3, '"'}, "json/not-utf8");
        assertReason(new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}, "json/not-utf8");
        assertReason(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, '1'}, "json/syntax");
        assertReason(new byte[] {'"', 1, '"'}, "json/control-character");
        assertReason("[".repeat(100).getBytes(StandardCharsets.UTF_8), "json/too-deep");
        assertReason("[".repeat(1_000_000).getBytes(StandardCharsets.UTF_8), "json/too-deep");
        assertReason("1".repeat(65).getBytes(StandardCharsets.UTF_8), "json/number-too-long");
    }

    @Test
    void keepsNumbersExactly() {
        assertThat(Json.parse("0.10000000000000000000000000000000000001"))
                .isEqualTo(Json.of(new BigDecimal("0.10000000000000000000000000000000000001")));
        assertThat(Json.parse("1.0")).isEqualTo(Json.parse("1"));
    }

    @Test
    void anyBytesAreEitherReadOrRefusedWithAReason() {
        byte[] base = "{\"a\":[1,-2.5e3,\"x\\u00e9\\ud83d\\ude00\",true,null],\"b\":{\"c\":\"\"}}"
                .getBytes(StandardCharsets.UTF_8);
        Seeds.check(100_000, random -> {
            byte[] bytes = base.clone();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                Json.parse(bytes);
            } catch (MalformedException e) {
                assertThat(e.reason()).startsWith("json/");
            }
        });
    }

    @Test
    void fieldsSayWhatIsMissingMistypedOrUnknown() {
        Json value = Json.parse("{\"n\":1.5,\"s\":\"x\",\"o\":{\"deep\":1},\"t\":\"yesterday\",\"none\":null}");
        assertField(() -> Fields.of(value, "doc").text("absent"), "json/missing-member", "doc.absent is missing");
        assertField(() -> Fields.of(value, "doc").text("none"), "json/missing-member", "doc.none is missing");
        assertField(() -> Fields.of(value, "doc").text("n"), "json/wrong-type", "doc.n must be a string");
        assertField(
                () -> Fields.of(value, "doc").integer("n", 0, 9),
                "json/not-an-integer",
                "doc.n must be a whole number");
        assertField(
                () -> Fields.of(value, "doc").integer("n", 2, 9),
                "json/number-out-of-range",
                "doc.n must be between 2 and 9");
        assertField(
                () -> Fields.of(value, "doc").fields("o").text("deep"),
                "json/wrong-type",
                "doc.o.deep must be a string");
        assertField(
                () -> Fields.of(value, "doc").instant("t"), "time/malformed", "not an RFC 3339 time: \"yesterday\"");
        assertField(
                () -> {
                    Fields fields = Fields.of(value, "doc");
                    fields.number("n");
                    fields.noOthers();
                },
                "json/unknown-member",
                "doc.\"s\" is not known here");
        assertField(() -> Fields.of(Json.parse("[]"), "doc"), "json/not-an-object", "doc must be an object");
    }

    private static void assertField(Runnable read, String reason, String detail) {
        assertThatThrownBy(read::run).isInstanceOfSatisfying(MalformedException.class, e -> {
            assertThat(e.reason()).isEqualTo(reason);
            assertThat(e.detail()).isEqualTo(detail);
        });
    }

    private static void assertReason(byte[] bytes, String reason) {
        assertThatThrownBy(() -> Json.parse(bytes))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
