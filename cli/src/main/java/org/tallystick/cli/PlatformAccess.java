package org.tallystick.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.sdk.PartyKeys;
import org.tallystick.sdk.ProblemException;
import org.tallystick.sdk.Retry;
import org.tallystick.sdk.SecretFile;
import org.tallystick.sdk.SigningKey;
import org.tallystick.sdk.TallystickClient;
import org.tallystick.sdk.UnreachableException;

/**
 * How commands about keys reach a platform: its address, the API key or signing key that was named for it, and sentences for
 * what goes wrong. A key goes only where it was named for.
 */
final class PlatformAccess {
    static final Option PLATFORM = Option.valued("--platform", "URL", "the platform");
    static final Option PLATFORM_KEY =
            Option.valued("--platform-key", "DID", "the platform's public key; as it states it at /keys by default");
    static final Option PARTY = Option.valued("--party", "ID", "whose key it is");
    static final Option SIGN_KEY = Option.valued("--sign-key", "FILE", "your signing key, PEM");
    static final Option KEY_FILE = Option.valued("--key-file", "FILE", "an API key, readable by its owner only");

    private final Arguments arguments;
    private final URI platform;

    PlatformAccess(Arguments arguments, Terminal terminal) {
        this.arguments = arguments;
        this.platform = arguments.address(PLATFORM.name());
        if (arguments.has(KEY_FILE.name()) && platform.getScheme().equals("http") && !isHere(platform)) {
            terminal.note("WARNING: " + platform + " is not encrypted; whoever listens reads your key");
        }
    }

    /** What is asked of a platform. */
    @FunctionalInterface
    interface Asked<T> {
        T run() throws IOException;
    }

    /** Whatever goes wrong becomes a sentence. */
    <T> T asking(String help, Asked<T> asked) {
        try {
            return asked.run();
        } catch (ProblemException e) {
            throw CommandFailure.wrong(Reasons.of(e), help);
        } catch (UnreachableException e) {
            throw CommandFailure.unavailable(
                    "the platform at " + platform + " does not answer: " + Reasons.of(e), "start it", e);
        } catch (MalformedException e) {
            throw CommandFailure.usage(e.detail(), help);
        } catch (IOException e) {
            throw CommandFailure.usage("a key cannot be read or written: " + Reasons.of(e), help);
        }
    }

    /** Without a key. */
    TallystickClient anybody() {
        return TallystickClient.builder(platform).retry(Retry.none()).build();
    }

    /** With the API key that was named. */
    TallystickClient holder() throws IOException {
        Path file = Path.of(arguments.required(KEY_FILE.name()));
        return anybody().as(SecretFile.read(file));
    }

    /** With the signing key that was named. */
    PartyKeys signer() throws IOException {
        return new PartyKeys(anybody(), arguments.required(PARTY.name()), signingKey(SIGN_KEY), platformKey());
    }

    Signer signingKey(Option option) throws IOException {
        return SigningKey.load(Path.of(arguments.required(option.name()))).signer(Ed25519::signer);
    }

    Optional<DidKey> platformKey() {
        return arguments.value(PLATFORM_KEY.name()).map(DidKey::parse);
    }

    private static boolean isHere(URI platform) {
        return List.of("127.0.0.1", "localhost", "[::1]").contains(platform.getHost());
    }
}
