using System.CommandLine;
using Blackwall.Cli.Parsing;

namespace Blackwall.Cli.Programs;

/// <summary>The verbs that blackwall-appliance and blackwall-tui do.</summary>
internal static class ApplianceVerbs
{
    private const string Appliance = "blackwall-appliance";

    public static IEnumerable<Verb> All(Shell shell, IReadOnlyList<string> typed) =>
    [
        new ProgramVerb(shell, typed, Appliance, "run", "run the appliance on this machine in the foreground, until Ctrl-C; needs root", Configuration()),
        new ProgramVerb(
            shell,
            typed,
            Appliance,
            "setup-wizard",
            "the first run: show interfaces and who would be guarded, ask what to guard, and write the configuration; starts nothing",
            Opt.Text("--interface", "NAME", "guard this interface; without it, it is asked for, or the one that leads outside"),
            Opt.Word("--mode", "MODE", "what the wall does (observe)", "off", "observe", "enforce"),
            Opt.Text("--listen", "URL", "where the API listens (http://127.0.0.1:9470)"),
            Opt.Text("--output", "FILE", "the file to write (/etc/blackwall/blackwall.toml)"),
            Opt.Flag("--yes", "ask nothing: what is not given is as it is by default"),
            Opt.Flag("--overwrite", "also replace a file that has settings in it")),
        new ProgramVerb(shell, typed, Appliance, "check-config", "read the configuration as 'run' does, name what is wrong, and start nothing", Configuration()),
        new ProgramVerb(
            shell,
            typed,
            Appliance,
            "replay",
            "tell what the appliance makes of a capture; nothing is attached to any interface; needs root",
            Arg.Text("FILE", "pcap or pcapng; a damaged one is replayed up to the damage"),
            Opt.Flag("--json", "one JSON object a line: decisions, flows, and a summary"),
            Opt.Flag("--packets", "each packet too, with its direction and the reason of its verdict"),
            Opt.Texts("--local", "PREFIX", "what is behind the wall; without it, a private address is when the other end is public, else who is sent the first packet of a flow"),
            Opt.Text("--config", "FILE", "thresholds, limits and rules"),
            Opt.Texts("--set", "SECTION.KEY=VALUE", "a setting in place of the file's, without quotation marks, a list with commas")),
        new ProgramVerb(
            shell,
            typed,
            Appliance,
            "handover",
            "end the running appliance and leave its wall in the kernel; the next 'run' takes it over with no packet unguarded",
            Opt.Text("--config", "FILE", "configuration (/etc/blackwall/blackwall.toml)"),
            Opt.Text("--state", "FOLDER", "state of the appliance that is meant (/var/lib/blackwall)")),
        new ProgramVerb(
            shell,
            typed,
            Appliance,
            "off",
            "take down a wall that a dead appliance left on an interface; needs root",
            Arg.Text("INTERFACE", "where it stands"),
            Opt.Text("--pin-path", "FOLDER", "folder of its pins in the BPF file system")),
        new ProgramVerb(
            shell,
            typed,
            Appliance,
            "settings",
            "print every setting with what it is for, its range and its default",
            Arg.Word("FORM", "toml: the sample configuration file; markdown: a table", "toml", "markdown")),
        new ProgramVerb(
            shell,
            typed,
            "blackwall-tui",
            "tui",
            "watch and steer a running appliance in the terminal",
            Opt.Text("--api", "URL", "where the control plane is (http://127.0.0.1:9470), also BLACKWALL_API"),
            Opt.Text("--key-file", "FILE", "file with the key (/var/lib/blackwall/admin.key); BLACKWALL_KEY holds the key itself"),
            Opt.Text("--ca-file", "FILE", "certificates (PEM) of the authorities that https is trusted by, also BLACKWALL_CA_FILE"),
            Opt.Flag("--no-colour", "bold and reverse in place of colours")),
    ];

    /// <summary>"mesh peer", which stands below a verb that speaks to an appliance.</summary>
    public static Command MeshPeer(Shell shell, IReadOnlyList<string> typed)
    {
        Command peer = Peer();
        peer.SetAction(_ => ProgramVerb.Become(shell, Appliance, typed));
        return peer;
    }

    private static Option[] Configuration() =>
    [
        Opt.Text("--config", "FILE", "configuration (/etc/blackwall/blackwall.toml)"),
        Opt.Text("--state", "FOLDER", "state (/var/lib/blackwall)"),
        Opt.Text("--interface", "NAME", "guard this interface"),
        Opt.Texts("--set", "SECTION.KEY=VALUE", "a setting in place of the file's, without quotation marks, a list with commas: tarpit.accept=always; several may be given"),
    ];

    private static Command Peer()
    {
        Command peer = new("peer", "a stand-alone libp2p peer that prints what happens as JSON lines; docs/MESH.md tells each line, and the commands on standard input");
        foreach (Option option in new Option[]
        {
            Opt.Texts("--listen", "MULTIADDR", "where to listen; may be given several times (/ip4/127.0.0.1/tcp/0)"),
            Opt.Texts("--dial", "MULTIADDR", "a peer to stay connected with; may be given several times; one that ends in /p2p/ID must prove to be that peer"),
            Opt.Word("--key-type", "TYPE", "kind of identity (ed25519)", "ed25519", "secp256k1", "rsa"),
            Opt.Text("--identity", "FILE", "keep the identity in this file; without it, every run is a new peer"),
            Opt.Texts("--topic", "TOPIC", "subscribe; may be given several times"),
            Opt.Flag("--echo", "answer each message on a topic that does not start with 'echo:' by publishing it after 'echo:'"),
            Opt.Word("--message-id", "KIND", "id of a message, by its sender and number or by its hash (sha256)", "spec", "sha256"),
            Opt.Text("--kad-prefix", "ID", "protocol of the Kademlia to take part in, such as /blackwall/kad/1.0.0"),
            Opt.Text("--max-message", "BYTES", "the longest payload that is accepted and published, 1 to 1048576 (65536)"),
            Opt.Flag("--mdns", "find peers on the local network and be found"),
        })
        {
            peer.Options.Add(option);
        }

        return peer;
    }
}
