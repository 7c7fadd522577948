package org.tallystick.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.protocol.sign.JdkEd25519;

/** Private keys and other secrets: on disk for their owner only, and in no message. */
final class SigningKeyTest {
    /** RFC 8032 section 7.1, test 1. */
    private static final byte[] SEED =
            HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

    /** The same seed as openssl writes it. */
    private static final String PEM = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
            -----END PRIVATE KEY-----
            """;

    @TempDir
    Path folder;

    @Test
    void theKeyFileIsWhatOpensslWrites() throws IOException {
        Path file = folder.resolve("keys/a.pem");
        SigningKey.ofSeed(SEED).save(file);

        assertThat(Files.readString(file)).isEqualTo(PEM);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder.resolve("keys").toFile().list()).containsExactly("a.pem");
    }

    @Test
    void aKeyComesBackFromItsFile() throws IOException {
        Path file = folder.resolve("a.pem");
        SigningKey made = SigningKey.loadOrGenerate(file);
        SigningKey again = SigningKey.loadOrGenerate(file);

        assertThat(again).isEqualTo(made).hasSameHashCodeAs(made);
        byte[] signature = made.signer().sign(new byte[] {1});
        assertThat(JdkEd25519.verifier().verify(again.did().publicKey(), new byte[] {1}, signature))
                .isTrue();
        assertThat(made.signer(JdkEd25519::ofSeed).sign(new byte[] {1})).isEqualTo(signature);
        assertThat(SigningKey.generate()).isNotEqualTo(made);
    }

    @Test
    void aPrivateKeyIsInNoMessage() {
        assertThat(SigningKey.ofSeed(SEED).toString())
                .contains("did:key:z6Mk")
                .doesNotContain("9d61b19d")
                .doesNotContain("nWGx");
        assertThat(new EdgeRegistration(1, "tsk_secret").toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-------", "rwx------"})
    void aSecretOthersCanReadIsRefused(String mode) throws IOException {
        Path file = folder.resolve("secret");
        SecretFile.write(file, "x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        if (mode.equals("rw-------")) {
            assertThat(SecretFile.read(file)).isEqualTo("x");
        } else {
            assertThatThrownBy(() -> SecretFile.read(file)).hasMessageContaining("chmod 600");
        }
    }

    @Test
    void aSecretReplacesTheEarlierOne() throws IOException {
        Path file = folder.resolve("secret");
        SecretFile.write(file, "one");
        SecretFile.write(file, "two");
        assertThat(SecretFile.read(file)).isEqualTo("two");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VxBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                        + "-----END PRIVATE KEY-----",
                "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
                        + "-----END PUBLIC KEY-----"
            })
    void whatIsNoKeyFileIsRefused(String text) throws IOException {
        Path file = folder.resolve("a.pem");
        SecretFile.write(file, text);
        assertThatThrownBy(() -> SigningKey.load(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds no Ed25519 key");
    }

    @Test
    void aHugeFileIsNoSecret() throws IOException {
        Path file = folder.resolve("big");
        SecretFile.write(file, "x".repeat(70_000));
        assertThatThrownBy(() -> SecretFile.read(file)).hasMessageContaining("too large");
    }
}
