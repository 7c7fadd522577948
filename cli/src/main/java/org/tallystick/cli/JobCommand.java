package org.tallystick.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.receipt.ReleaseKey;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.sdk.DatasetMembers;
import org.tallystick.sdk.Job;
import org.tallystick.sdk.JobOrders;
import org.tallystick.sdk.OrderedWorks;
import org.tallystick.sdk.ProblemException;
import org.tallystick.sdk.ReleaseSecret;
import org.tallystick.sdk.Retry;
import org.tallystick.sdk.SecretFile;
import org.tallystick.sdk.SigningKey;
import org.tallystick.sdk.TallystickClient;
import org.tallystick.sdk.Token;
import org.tallystick.sdk.UnreachableException;

/**
 * {@code tallystick job urls}: orders the works of a job and prints an address for each that needs no more than curl: the
 * work's release key stands in it.
 */
final class JobCommand {
    private static final String JOB = "--job";
    private static final String CONTRACT = "--contract";
    private static final String MODEL = "--model";
    private static final String TOKEN = "--token-file";
    private static final Duration TOKEN_LIFE = Duration.ofHours(24);

    private JobCommand() {}

    static Command command() {
        return new Command(
                "job",
                "urls",
                1,
                1,
                "order the works of a training job and print ready addresses for curl",
                List.of(
                        "urls opens the job if it is not open, signs an order for all works of its dataset version"
                                + " with your",
                        "signing key, gets a token under it, and prints one address a line with the work's release key"
                                + " in it:",
                        "",
                        "  tallystick job urls … --token-file token > urls",
                        "  curl -H \"Authorization: Bearer $(cat token)\" --remote-name-all $(cat urls)",
                        "",
                        "Whoever has an address and the token can fetch that work, and no other. Asking again is the"
                                + " same order."),
                List.of(
                        Option.valued(JOB, "ID", "the job; you choose its id"),
                        Option.valued(CONTRACT, "ID", "the contract it is under"),
                        Option.valued(MODEL, "NAME", "what is trained, the job's id by default"),
                        Option.valued("--scope", "SCOPE", "training (default), embedding or inference"),
                        Option.valued("--platform", "URL", "the platform"),
                        Option.valued("--edge", "URL", "the edge the addresses are of"),
                        Option.valued("--key-file", "FILE", "your API key"),
                        Option.valued("--sign-key", "FILE", "your signing key, PEM"),
                        Option.valued("--secret", "FILE", "your release secret; made where there is none"),
                        Option.valued(TOKEN, "FILE", "where the token goes; it is a secret")),
                JobCommand::run);
    }

    private static ExitCode run(Arguments arguments, Terminal terminal) {
        if (!arguments.operands().getFirst().equals("urls")) {
            throw CommandFailure.usage(
                    "there is no job " + arguments.operands().getFirst(), "tallystick job urls --help");
        }
        URI platform = URI.create(needed(arguments, "--platform"));
        try {
            urls(arguments, platform, terminal);
            return ExitCode.OK;
        } catch (ProblemException e) {
            throw CommandFailure.wrong(Reasons.of(e), "tallystick job urls --help");
        } catch (UnreachableException e) {
            throw CommandFailure.unavailable("the platform at " + platform + " does not answer", "start it", e);
        } catch (IOException e) {
            throw CommandFailure.usage("a key cannot be read or written: " + Reasons.of(e), "name another file");
        }
    }

    private static void urls(Arguments arguments, URI platform, Terminal terminal) throws IOException {
        TallystickClient buyer = TallystickClient.builder(platform)
                .apiKey(SecretFile.read(Path.of(needed(arguments, "--key-file")))
                        .strip())
                .retry(Retry.none())
                .build();
        SigningKey key = SigningKey.load(Path.of(needed(arguments, "--sign-key")));
        ReleaseSecret secret = ReleaseSecret.in(Path.of(needed(arguments, "--secret")));
        String id = needed(arguments, JOB);
        Job job = buyer.openJob(
                needed(arguments, CONTRACT),
                Optional.of(id),
                arguments.value(MODEL).orElse(id));
        Scope scope = Scope.ofWord(arguments.value("--scope").orElse("training"));
        JobOrders orders = new JobOrders(buyer, key.signer(Ed25519::signer), secret);
        OrderedWorks works = orders.order(job, scope);
        Token token = orders.token(works, TOKEN_LIFE, Optional.empty());
        SecretFile.write(Path.of(needed(arguments, TOKEN)), token.text() + "\n");
        String edge = needed(arguments, "--edge").replaceAll("/+$", "");
        for (DatasetMembers.Member member : buyer.members(job.root()).members()) {
            works.key(member.content())
                    .ifPresent(release -> terminal.line(
                            edge + "/works/" + member.content() + "?" + ReleaseKey.QUERY + "=" + release));
        }
    }

    private static String needed(Arguments arguments, String option) {
        return arguments
                .value(option)
                .orElseThrow(() -> CommandFailure.usage(option + " is missing", "tallystick job urls --help"));
    }
}
