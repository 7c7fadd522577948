package org.tallystick.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Table;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Times;
import org.tallystick.sdk.KeyInfo;
import org.tallystick.sdk.PartyKeys;
import org.tallystick.sdk.SecretFile;
import org.tallystick.sdk.SigningKey;

/**
 * {@code tallystick key}: API keys, which a party asks for, lists and ends with its signing key, and the change of that key. What
 * needs the signing key works when every API key is lost.
 */
final class KeyCommand {
    private static final String HELP = "tallystick key --help";
    private static final Option OUT = Option.valued("--out", "FILE", "new, issue, change: where the API key goes");
    private static final Option NEW_KEY =
            Option.valued("--new-sign-key", "FILE", "change: the signing key to be, made where there is none");
    private static final int MOST_DAYS = 3_650;

    private KeyCommand() {}

    static Command command() {
        return new Command(
                "key",
                "new|list|revoke|change|issue [KEY]",
                1,
                2,
                "ask for an API key, list and revoke keys, change your signing key",
                List.of(
                        "new asks for an API key, signed with your signing key; it is made here and goes to a file."
                                + " list shows",
                        "your keys, revoke KEY ends one at once, also when you have lost it. change hands over to"
                                + " another",
                        "signing key, which ends all API keys, and asks for a new one. issue is for operators: a key"
                                + " for an",
                        "edge, an auditor or an operator, who sign nothing.",
                        "",
                        "  tallystick key new --platform URL --party buyer-7 --sign-key my.pem --out buyer.key",
                        "  tallystick key list --platform URL --party buyer-7 --sign-key my.pem",
                        "  tallystick key revoke 9f2c41d07ab3e865 --platform URL --party buyer-7 --sign-key my.pem",
                        "",
                        "An operator lists and revokes with --key-file in place of --sign-key."),
                List.of(
                        PlatformAccess.PLATFORM,
                        PlatformAccess.PLATFORM_KEY,
                        PlatformAccess.PARTY,
                        PlatformAccess.SIGN_KEY,
                        NEW_KEY,
                        PlatformAccess.KEY_FILE,
                        OUT,
                        Option.valued("--name", "TEXT", "new: what to call it"),
                        Option.valued("--days", "N", "new: how long it is good; until it is revoked by default"),
                        Option.valued("--replaces", "KEY", "new: id of the key that ends with this"),
                        Option.flag("--json", "list: as JSON lines")),
                KeyCommand::run);
    }

    private static ExitCode run(Arguments arguments, Terminal terminal) {
        PlatformAccess access = new PlatformAccess(arguments, terminal);
        String party = arguments.required(PlatformAccess.PARTY.name());
        String what = arguments.operands().getFirst();
        return access.asking(HELP, () -> switch (what) {
            case "new" -> create(access.signer(), wish(arguments), arguments, terminal);
            case "list" -> {
                List<KeyInfo> keys = arguments.has(PlatformAccess.SIGN_KEY.name())
                        ? access.signer().list()
                        : access.holder().registry().keys(party);
                lines(keys, arguments.has("--json")).forEach(terminal::line);
                yield ExitCode.OK;
            }
            case "revoke" -> {
                String key = key(arguments);
                if (arguments.has(PlatformAccess.SIGN_KEY.name())) {
                    access.signer().revoke(key);
                } else {
                    access.holder().registry().revokeKey(party, key);
                }
                terminal.line(key + " is worth nothing any more");
                yield ExitCode.OK;
            }
            case "change" -> {
                Path out = Path.of(arguments.required(OUT.name()));
                SigningKey next = SigningKey.loadOrGenerate(Path.of(arguments.required(NEW_KEY.name())));
                PartyKeys after = access.signer().changeTo(next.signer(Ed25519::signer));
                SecretFile.write(out, after.create() + "\n");
                terminal.line(party + " signs with " + next.did() + " from now on; its API key is in " + out);
                yield ExitCode.OK;
            }
            case "issue" -> {
                Path out = Path.of(arguments.required(OUT.name()));
                SecretFile.write(out, access.holder().registry().issueKey(party) + "\n");
                terminal.line("the API key of " + party + " is in " + out);
                yield ExitCode.OK;
            }
            default -> throw CommandFailure.usage("there is no key " + what, HELP);
        });
    }

    private static ExitCode create(PartyKeys keys, PartyKeys.Wish wish, Arguments arguments, Terminal terminal)
            throws java.io.IOException {
        Path out = Path.of(arguments.required(OUT.name()));
        SecretFile.write(out, keys.create(wish) + "\n");
        terminal.line("the API key is in " + out);
        return ExitCode.OK;
    }

    private static PartyKeys.Wish wish(Arguments arguments) {
        int days = arguments.number("--days", 0, 1, MOST_DAYS);
        return new PartyKeys.Wish(
                arguments.value("--name"),
                days == 0 ? Optional.empty() : Optional.of(Duration.ofDays(days)),
                arguments.value("--replaces"));
    }

    private static String key(Arguments arguments) {
        if (arguments.operands().size() != 2) {
            throw CommandFailure.usage("revoke needs the id of the key, which key list shows", HELP);
        }
        return arguments.operands().get(1);
    }

    private static List<String> lines(List<KeyInfo> keys, boolean json) {
        if (json) {
            return keys.stream().map(key -> key.json().toString()).toList();
        }
        Table table = new Table("key", "name", "made by", "issued", "last used", "good until");
        for (KeyInfo key : keys) {
            table.row(
                    key.id(),
                    key.name().orElse("-"),
                    key.own() ? "its party" : "an operator",
                    Times.text(key.issued()),
                    key.lastUsed().map(Times::text).orElse("never"),
                    key.revoked()
                            .map(time -> "revoked " + Times.text(time))
                            .or(() -> key.expires().map(Times::text))
                            .orElse("it is revoked"));
        }
        return new ArrayList<>(table.lines());
    }
}
