package org.tallystick.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.sdk.Party;
import org.tallystick.sdk.Registration;
import org.tallystick.sdk.Role;
import org.tallystick.sdk.SigningKey;

/**
 * {@code tallystick party}: a party shows that it has the key it wants to be registered with, and an operator registers it. The
 * file that goes from one to the other holds no secret.
 */
final class PartyCommand {
    private static final String HELP = "tallystick party --help";
    private static final List<String> ROLES = List.of("creator", "curator", "buyer", "auditor", "operator");

    private PartyCommand() {}

    static Command command() {
        return new Command(
                "party",
                "proof|register [FILE]",
                1,
                2,
                "be registered as a creator, curator, buyer or auditor; register one (operator)",
                List.of(
                        "proof signs with your key that you want to be registered, and prints what the operator needs;"
                                + " the key",
                        "file is made where there is none. register FILE registers who made it:",
                        "",
                        "  tallystick party proof --platform URL --id buyer-7 --role buyer --name 'A Lab' --sign-key"
                                + " my.pem > me.json",
                        "  tallystick party register me.json --platform URL --key-file operator.key",
                        "",
                        "Then you ask for your API key yourself: tallystick key new. The operator never sees it."),
                List.of(
                        PlatformAccess.PLATFORM,
                        PlatformAccess.PLATFORM_KEY,
                        Option.valued("--id", "ID", "proof: who you want to be, on this platform for ever"),
                        Option.valued("--role", "ROLE", "proof: creator, curator, buyer, auditor or operator"),
                        Option.valued("--name", "TEXT", "proof: what people call you"),
                        PlatformAccess.SIGN_KEY,
                        Option.valued("--key-file", "FILE", "register: the operator's API key")),
                PartyCommand::run);
    }

    private static ExitCode run(Arguments arguments, Terminal terminal) {
        PlatformAccess access = new PlatformAccess(arguments, terminal);
        String what = arguments.operands().getFirst();
        return switch (what) {
            case "proof" -> proof(arguments, access, terminal);
            case "register" -> register(arguments, access, terminal);
            default -> throw CommandFailure.usage("there is no party " + what, HELP);
        };
    }

    private static ExitCode proof(Arguments arguments, PlatformAccess access, Terminal terminal) {
        String role = arguments.required("--role");
        if (!ROLES.contains(role)) {
            throw CommandFailure.usage("--role is one of " + String.join(", ", ROLES), HELP);
        }
        String id = arguments.required("--id");
        String name = arguments.required("--name");
        Path file = Path.of(arguments.required(PlatformAccess.SIGN_KEY.name()));
        Registration registration = access.asking(HELP, () -> {
            Optional<DidKey> pinned = access.platformKey();
            DidKey platform =
                    pinned.isPresent() ? pinned.get() : access.anybody().keys().platform();
            SigningKey key = SigningKey.loadOrGenerate(file);
            Instant now = InstantSource.system().instant();
            return Registration.sign(
                    id, Role.valueOf(role.toUpperCase(Locale.ROOT)), name, key.signer(Ed25519::signer), platform, now);
        });
        terminal.line(registration.json().toString());
        terminal.note("Next: give this to the operator, then: tallystick key new --party " + id);
        return ExitCode.OK;
    }

    private static ExitCode register(Arguments arguments, PlatformAccess access, Terminal terminal) {
        if (arguments.operands().size() != 2) {
            throw CommandFailure.usage("register needs the file that party proof made", HELP);
        }
        Registration registration = registration(arguments.operandPath(1));
        Party party = access.asking(HELP, () -> access.holder().registry().register(registration));
        terminal.line(party.id() + " is registered as " + party.role().word() + " with the key "
                + party.key().map(DidKey::toString).orElse("-"));
        return ExitCode.OK;
    }

    private static Registration registration(Path file) {
        try {
            return Registration.of(Json.parseObject(Files.readAllBytes(file)));
        } catch (MalformedException e) {
            throw CommandFailure.usage(file + " is not what party proof makes: " + e.detail(), HELP);
        } catch (IOException e) {
            throw CommandFailure.usage(file + " cannot be read: " + Reasons.of(e), HELP);
        }
    }
}
