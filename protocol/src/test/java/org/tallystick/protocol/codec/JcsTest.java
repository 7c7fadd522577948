package org.tallystick.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JcsTest {

    /** The number samples of RFC 8785 appendix B, by their IEEE 754 bits. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0000000000000000 | 0
        8000000000000000 | 0
        0000000000000001 | 5e-324
        8000000000000001 | -5e-324
        7fefffffffffffff | 1.7976931348623157e+308
        ffefffffffffffff | -1.7976931348623157e+308
        4340000000000000 | 9007199254740992
        c340000000000000 | -9007199254740992
        4430000000000000 | 295147905179352830000
        44b52d02c7e14af5 | 9.999999999999997e+22
        44b52d02c7e14af6 | 1e+23
        44b52d02c7e14af7 | 1.0000000000000001e+23
        444b1ae4d6e2ef4e | 999999999999999700000
        444b1ae4d6e2ef4f | 999999999999999900000
        444b1ae4d6e2ef50 | 1e+21
        3eb0c6f7a0b5ed8c | 9.999999999999997e-7
        3eb0c6f7a0b5ed8d | 0.000001
        41b3de4355555553 | 333333333.3333332
        41b3de4355555554 | 333333333.33333325
        41b3de4355555555 | 333333333.3333333
        41b3de4355555556 | 333333333.3333334
        41b3de4355555557 | 333333333.33333343
        becbf647612f3696 | -0.0000033333333333333333
        43143ff3c1cb0959 | 1424953923781206.2
        """)
    void printsNumbersAsEcmaScriptDoes(String bits, String text) {
        assertThat(Jcs.ecmaScript(Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16))))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"b":1,"a":[1.0,2.50,-0,1e2]}        | {"a":[1,2.5,0,100],"b":1}
        {"€":1,"\\r":2,"1":3,"ö":4}           | {"\\r":2,"1":3,"ö":4,"€":1}
        {"\\ufb33":2,"😀":1}                  | {"😀":1,"\ufb33":2}
        "\\u20ac$\\u000f\\u000aA'\\u0042\\u0022" | "€$\\u000f\\nA'B\\""
        [true,false,null,"",{}]              | [true,false,null,"",{}]
        0.005                                | 0.005
        """)
    void writesTheOneForm(String in, String out) {
        assertThat(Jcs.text(Json.parse(in))).isEqualTo(out);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0.1234567890123456789       | json/number-not-exact
        9007199254740993            | json/number-not-exact
        1e400                       | json/number-out-of-range
        1e-400                      | json/number-not-exact
        """)
    void refusesNumbersThatWouldChangeBySigning(String in, String reason) {
        assertThatThrownBy(() -> Jcs.bytes(Json.parse(in)))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"b":1,"a":2}
        {"a": 1}
        [1.0]
        ["\\u0041"]
        """)
    void knowsWhatIsNotCanonical(String text) {
        assertThatThrownBy(() -> Jcs.parseCanonical(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo("json/not-canonical"));
    }

    @Test
    void whatIsWrittenReadsBackTheSame() {
        Seeds.check(2_000, random -> {
            Json value = randomValue(random, 0);
            byte[] bytes = Jcs.bytes(value);
            Json back = Json.parse(bytes);
            assertThat(back).isEqualTo(value);
            assertThat(Jcs.bytes(back)).isEqualTo(bytes);
            assertThat(Jcs.parseCanonical(bytes)).isEqualTo(value);
        });
    }

    @Test
    void everyDoublePrintsAsItReads() {
        Seeds.check(20_000, random -> {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertThat(Double.parseDouble(Jcs.ecmaScript(value)) + 0.0).isEqualTo(value + 0.0);
            }
        });
    }

    static Json randomValue(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 4 ? 4 : 6)) {
            case 0 -> Json.of(randomText(random));
            case 1 -> Json.of(BigDecimal.valueOf(random.nextInt(-1_000_000, 1_000_000), random.nextInt(8)));
            case 2 -> Json.of(random.nextBoolean());
            case 3 -> Json.NULL;
            case 4 -> {
                List<Json> items = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    items.add(randomValue(random, depth + 1));
                }
                yield Json.array(items);
            }
            default -> {
                Json.Obj object = Json.object().build();
                for (int i = random.nextInt(5); i > 0; i--) {
                    object = object.with(randomText(random), randomValue(random, depth + 1));
                }
                yield object;
            }
        };
    }

    static String randomText(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            int point = random.nextInt(3) == 0 ? random.nextInt(0x110000) : random.nextInt(0x80);
            if (point < 0xD800 || point > 0xDFFF) {
                text.appendCodePoint(point);
            }
        }
        return text.toString();
    }
}
